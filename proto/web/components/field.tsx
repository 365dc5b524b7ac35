// A labelled line of input that writes into a signal.
import type { Signal } from '@preact/signals';
import type { Ref } from 'preact';
import { useId } from 'preact/hooks';

export interface FieldProps {
  label: string;
  value: Signal<string>;
  hint?: string | undefined;
  wrong?: string | undefined;
  type?: 'text' | 'password' | 'search' | 'number' | 'date' | 'time';
  autocomplete?: string;
  autofocus?: boolean;
  required?: boolean;
  placeholder?: string;
  lines?: number;
  class?: string;
  inputRef?: Ref<HTMLInputElement>;
}

export function Field(props: FieldProps) {
  const id = useId();
  const about = props.wrong ? `${id}-wrong` : props.hint ? `${id}-hint` : undefined;
  const common = {
    id, value: props.value.value, placeholder: props.placeholder, required: props.required, 'aria-describedby': about,
    'aria-invalid': props.wrong ? true : undefined,
  };
  return (
    <div class={`field ${props.class ?? ''}`.trim()}>
      <label for={id}>{props.label}</label>
      {props.lines !== undefined ? (
        <textarea {...common} rows={props.lines} onInput={(event) => (props.value.value = event.currentTarget.value)} />
      ) : (
        <input {...common} ref={props.inputRef} type={props.type ?? 'text'} autocomplete={props.autocomplete} autofocus={props.autofocus}
          onInput={(event) => (props.value.value = event.currentTarget.value)} />
      )}
      {props.hint && <span class="hint" id={`${id}-hint`}>{props.hint}</span>}
      {props.wrong && <span class="wrong" id={`${id}-wrong`} role="alert">{props.wrong}</span>}
    </div>
  );
}
