import { effect } from '@preact/signals';
import { render } from 'preact';
import { App, path } from './app';
import { start, state, unlock } from './store';
import { lang, say, setLang } from './texts';
import './desk.css';

// A QR carries the key behind '#', which no server is told; it is taken out of the address before anything else.
function keyFromAddress(): string {
  const key = /^#k=([0-9a-f]{32})$/.exec(location.hash)?.[1] ?? '';
  if (key) history.replaceState(null, '', location.pathname);
  return key;
}

function follow(): void {
  path.value = location.hash.replace(/^#/, '') || '/';
  window.scrollTo(0, 0);
}

async function main(): Promise<void> {
  setLang(lang.value);
  effect(() => {
    const unread = state.value?.texts.filter((text) => !text.received).length ?? 0;
    document.title = (unread > 0 ? `(${unread}) ` : '') + say('desk');
  });
  const key = keyFromAddress();
  path.value = location.hash.replace(/^#/, '') || '/';
  window.addEventListener('hashchange', follow);
  if (key) await unlock({ key });
  const root = document.getElementById('app');
  if (root) render(<App />, root);
  start();
}

void main();
