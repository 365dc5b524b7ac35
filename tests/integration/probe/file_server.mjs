// The files of one folder over HTTP, until standard input ends: node file_server.mjs FOLDER
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';

const server = createServer((request, response) => {
  const file = createReadStream(join(process.argv[2], basename(request.url)));
  file.on('error', () => response.writeHead(404).end());
  file.on('open', () => file.pipe(response));
});
server.listen(0, '127.0.0.1', () => console.log(`ready ${server.address().port}`));
process.stdin.on('end', () => process.exit()).resume();
