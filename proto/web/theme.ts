// Light or dark: as the system says, unless this person chose.
import { signal } from '@preact/signals';
import { kept } from './kept';

export type Theme = 'auto' | 'light' | 'dark';

const stored = kept('diemcau.theme');
const first = stored.read();
export const theme = signal<Theme>(first === 'light' || first === 'dark' ? first : 'auto');

function show(): void {
  if (typeof document === 'undefined') return;
  if (theme.value === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
}
show();

export function setTheme(next: Theme): void {
  theme.value = next;
  stored.write(next);
  show();
}

export function nextTheme(): void {
  setTheme(theme.value === 'auto' ? 'dark' : theme.value === 'dark' ? 'light' : 'auto');
}
