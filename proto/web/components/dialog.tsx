// A dialog over the page. The browser's own: it keeps the focus inside, closes at Escape, and gives the focus back.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Button } from './button';
import { t } from './texts';

export interface DialogProps {
  title: string;
  wide?: boolean;
  onClose: () => void;
  children: ComponentChildren;
}

export function Dialog(props: DialogProps) {
  const self = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    self.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog ref={self} class={props.wide ? 'dialog wide' : 'dialog'} aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}>
      <div class="dialog-head">
        <h2 id={id}>{props.title}</h2>
        <Button kind="quiet" label={t('close')} onClick={props.onClose}>✕</Button>
      </div>
      <div class="dialog-body">{props.children}</div>
    </dialog>
  );
}
