// A small dialog before something is done: a question, perhaps a reason, and the act.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Button } from '@web/components/button';
import { Dialog } from '@web/components/dialog';
import { Field } from '@web/components/field';
import { w } from '../words';

export interface AskingProps {
  title: string;
  act: string;
  danger?: boolean;
  field?: string;
  /** The field must be filled in. */
  needed?: boolean;
  lines?: number;
  onAct: (text: string) => Promise<boolean>;
  onClose: () => void;
  children?: ComponentChildren;
}

export function Asking(props: AskingProps) {
  const text = useSignal('');
  const busy = useSignal(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    busy.value = true;
    if (await props.onAct(text.value.trim())) props.onClose();
    else busy.value = false;
  };
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        {props.children}
        {props.field !== undefined && <Field label={props.field} value={text} required={props.needed ?? false} autofocus {...(props.lines ? { lines: props.lines } : {})} />}
        <div class="dialog-foot">
          <Button onClick={props.onClose}>{w('cancel')}</Button>
          <Button type="submit" kind={props.danger ? 'danger' : 'main'} disabled={busy.value || (props.needed === true && text.value.trim() === '')}>{props.act}</Button>
        </div>
      </form>
    </Dialog>
  );
}
