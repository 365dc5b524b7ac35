// Writes a C++ source that holds the files of a built page, plain and compressed:
//   node embed.mjs DIR OUT.cpp NAMESPACE HEADER
// The source defines NAMESPACE::pageAssets(), which HEADER declares. Whatever is in DIR is in it; index.html is "/".
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const [dir, out, namespace, header] = process.argv.slice(2);

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
const packed = new Set(['.woff2', '.png', '.webp']);

function filesBelow(folder, prefix = '') {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? filesBelow(join(folder, entry.name), `${prefix}/${entry.name}`) : [`${prefix}/${entry.name}`],
    );
}

// As string literals: compilers read them many times faster than lists of numbers.
function literal(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 64) {
    let line = '';
    for (const byte of bytes.subarray(at, at + 64)) {
      const plain = byte >= 32 && byte < 127 && byte !== 34 && byte !== 92 && byte !== 63;
      line += plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
    }
    lines.push(`    "${line}"`);
  }
  return lines.length ? lines.join('\n') : '    ""';
}

const arrays = [];
const rows = [];
for (const file of filesBelow(dir)) {
  const type = types[extname(file)];
  if (!type) throw new Error(`embed: ${file} is of a kind that is not served; add it to the list of types`);
  const content = readFileSync(join(dir, file));
  const tag = createHash('sha256').update(content).digest('hex').slice(0, 16);
  const gzip = packed.has(extname(file)) ? Buffer.alloc(0) : gzipSync(content, { level: 9 });
  const number = rows.length;
  arrays.push(`constexpr char kPlain${number}[] =\n${literal(content)};\nconstexpr char kPacked${number}[] =\n${literal(gzip)};`);
  // What Vite names by its hash never changes; the page itself is asked for each time.
  const hashed = file.startsWith('/assets/');
  rows.push(
    `    {"${file === '/index.html' ? '/' : file}", "${type}", "\\"${tag}\\"", {kPlain${number}, sizeof kPlain${number} - 1}, ` +
      `{kPacked${number}, sizeof kPacked${number} - 1}, ${hashed}},`,
  );
}
if (!rows.some((row) => row.includes('"/", '))) throw new Error(`embed: there is no index.html in ${dir}`);

writeFileSync(
  out,
  `// Made by proto/web/tools/embed.mjs.
#include "${header}"

namespace ${namespace} {
namespace {

${arrays.join('\n')}

constexpr net::Asset kAssets[] = {
${rows.join('\n')}
};

}  // namespace

std::span<const net::Asset> pageAssets() { return kAssets; }

}  // namespace ${namespace}
`,
);
