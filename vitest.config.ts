// Unit tests of the pages: beside those of C++, in folders that mirror the sources.
import { defineConfig } from 'vitest/config';
import { aliases, fromTop } from './proto/web/tools/page_config';

export default defineConfig({
  plugins: [fromTop()],
  resolve: { alias: aliases() },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  test: { setupFiles: ['tests/unit/browser_globals.ts'], include: ['tests/unit/**/*_test.ts', 'tests/unit/**/*_test.tsx'] },
});
