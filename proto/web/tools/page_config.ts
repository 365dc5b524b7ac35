// How a page of ours is built: the same for the console and the desk. The generated messages are in the build
// directory, which the environment names (DIEMCAU_MESSAGES), or else in that of the preset `release`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Plugin, UserConfig } from 'vite';

const top = fileURLToPath(new URL('../../..', import.meta.url));

export function aliases(): Record<string, string> {
  return {
    '@messages': resolve(process.env.DIEMCAU_MESSAGES ?? resolve(top, 'build/release/proto/web'), 'diemcau/v1'),
    '@web': resolve(top, 'proto/web'),
  };
}

// The generated messages lie in a build directory, which may be anywhere: what they import is looked up from here.
export function fromTop(): Plugin {
  return {
    name: 'from-top',
    enforce: 'pre',
    resolveId(id) {
      return id.startsWith('@bufbuild/') ? this.resolve(id, resolve(top, 'package.json'), { skipSelf: true }) : null;
    },
  };
}

const isText = (name: string) => /\.(html|js|css|svg|txt)$/.test(name);

// Prints what the page's texts weigh together, compressed as they are served, and ends the build where that is over the limit.
function weigh(kilobytes: number): Plugin {
  let out = '';
  return {
    name: 'weigh',
    apply: 'build',
    configResolved(config) {
      out = resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      let total = 0;
      for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !isText(entry.name)) continue;
        total += gzipSync(readFileSync(resolve(entry.parentPath ?? entry.path, entry.name)), { level: 9 }).length;
      }
      const size = (total / 1000).toFixed(1);
      writeFileSync(`${out}.size`, `${size}\n`);
      console.log(`figure: page bundle ${size} kB compressed, at most ${kilobytes} kB; fonts not counted`);
      if (total > kilobytes * 1000) this.error(`the page is ${size} kB compressed, over its ${kilobytes} kB`);
    },
  };
}

// `config`: the address of the page's vite.config.ts; the page is in its folder.
export function pageConfig(config: string, kilobytes: number): UserConfig {
  return {
    root: fileURLToPath(new URL('.', config)),
    base: '/',
    publicDir: false,
    resolve: { alias: aliases() },
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
    plugins: [fromTop(), weigh(kilobytes)],
    build: {
      outDir: process.env.DIEMCAU_PAGE_OUT ?? resolve(top, 'build', 'page'),
      emptyOutDir: true,
      target: 'es2022',
      // Nothing inline: the policy that the pages are served under admits none of it, data: addresses included.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  };
}
