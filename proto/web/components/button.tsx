// A button: plain, the main one, one that harms, or a quiet one.
import type { ComponentChildren, JSX } from 'preact';

export interface ButtonProps {
  kind?: 'plain' | 'main' | 'danger' | 'quiet';
  big?: boolean;
  type?: 'button' | 'submit';
  disabled?: boolean | undefined;
  title?: string;
  label?: string;
  class?: string;
  pressed?: boolean;
  /** Id of what says more about it: why it cannot be pressed. */
  describedBy?: string;
  onClick?: (event: JSX.TargetedMouseEvent<HTMLButtonElement>) => void;
  children: ComponentChildren;
}

export function Button(props: ButtonProps) {
  const classes = ['button', props.kind ?? 'plain', props.big ? 'big' : '', props.class ?? ''].join(' ').trim();
  return (
    <button type={props.type ?? 'button'} class={classes} disabled={props.disabled} title={props.title}
      aria-label={props.label} aria-pressed={props.pressed} aria-describedby={props.describedBy} onClick={props.onClick}>
      {props.children}
    </button>
  );
}
