// Short news at the edge of the page: what was done goes by itself, what went wrong stays until it is closed.
import { signal } from '@preact/signals';
import { Button } from './button';
import { t } from './texts';

interface Toast {
  id: number;
  kind: 'good' | 'bad' | 'plain';
  text: string;
}

const shown = signal<readonly Toast[]>([]);
let last = 0;

function drop(id: number): void {
  shown.value = shown.value.filter((one) => one.id !== id);
}

export function toast(text: string, kind: Toast['kind'] = 'good'): void {
  const id = ++last;
  shown.value = [...shown.value.slice(-3), { id, kind, text }];
  if (kind !== 'bad') setTimeout(() => drop(id), 6000);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.value.map((one) => (
        <div key={one.id} class={`toast ${one.kind}`}>
          <p>{one.text}</p>
          <Button kind="quiet" label={t('dismiss')} onClick={() => drop(one.id)}>✕</Button>
        </div>
      ))}
    </div>
  );
}
