// A button that acts only when it is held: with the pointer, or with Space or Enter. It shows how far it is.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from './texts';

export interface HoldButtonProps {
  kind?: 'main' | 'danger';
  holdMs?: number;
  disabled?: boolean;
  onHeld: () => void;
  children: ComponentChildren;
}

export function HoldButton(props: HoldButtonProps) {
  const fill = useRef<HTMLSpanElement>(null);
  const since = useRef(0);
  const frame = useRef(0);
  const needed = props.holdMs ?? 1200;

  const stop = () => {
    cancelAnimationFrame(frame.current);
    since.current = 0;
    if (fill.current) fill.current.style.transform = 'scaleX(0)';
  };
  const step = (now: number) => {
    if (since.current === 0) return;
    const share = Math.min(1, (now - since.current) / needed);
    if (fill.current) fill.current.style.transform = `scaleX(${share})`;
    if (share < 1) {
      frame.current = requestAnimationFrame(step);
      return;
    }
    stop();
    props.onHeld();
  };
  const start = () => {
    if (props.disabled || since.current !== 0) return;
    since.current = performance.now();
    frame.current = requestAnimationFrame(step);
  };
  useEffect(() => stop, []);

  const isKey = (event: KeyboardEvent) => event.key === ' ' || event.key === 'Enter';
  return (
    <button type="button" class={`button big hold ${props.kind ?? 'danger'}`} disabled={props.disabled} title={t('holdOn')}
      onPointerDown={(event) => {
        if (event.button === 0) start();
      }}
      onPointerUp={stop} onPointerLeave={stop} onPointerCancel={stop} onBlur={stop}
      onKeyDown={(event) => {
        if (!isKey(event)) return;
        event.preventDefault();
        if (!event.repeat) start();
      }}
      onKeyUp={(event) => {
        if (isKey(event)) stop();
      }}
      onContextMenu={(event) => event.preventDefault()}>
      <span ref={fill} class="hold-fill" aria-hidden="true" />
      <span class="hold-text">{props.children}</span>
    </button>
  );
}
