// A panel at the side that leaves the page usable. Escape closes it, and the focus goes back to where it was.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Button } from './button';
import { t } from './texts';

export interface DrawerProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

export function Drawer(props: DrawerProps) {
  const self = useRef<HTMLElement>(null);
  const id = useId();
  const close = useRef(props.onClose);
  close.current = props.onClose;
  useEffect(() => {
    const before = document.activeElement;
    self.current?.focus();
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) close.current();
    };
    document.addEventListener('keydown', key);
    return () => {
      document.removeEventListener('keydown', key);
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <aside ref={self} class="drawer" aria-labelledby={id} tabIndex={-1}>
      <div class="dialog-head">
        <h2 id={id}>{props.title}</h2>
        <Button kind="quiet" label={t('close')} onClick={props.onClose}>✕</Button>
      </div>
      <div class="drawer-body">{props.children}</div>
    </aside>
  );
}
