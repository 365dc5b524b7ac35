// Rules of the page's own sources.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../../../../agent/desk/page/src/', import.meta.url));

it('text is only ever set as text, and nothing is fetched from elsewhere', () => {
  const files = readdirSync(folder);
  expect(files.length).toBeGreaterThan(10);
  for (const name of files) {
    const source = readFileSync(folder + name, 'utf8');
    for (const word of ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'document.write', 'eval(', 'new Function', 'https://'])
      expect(source.includes(word), `${name}: ${word}`).toBe(false);
  }
});
