// An RTMP server on loopback: rtmp_server.mjs PORT. Says "ready" when it can be reached, "published PATH" and "ended
// PATH" of each publisher. Ends with its standard input, so that it does not outlive the test that started it.
import { createRequire } from 'node:module';
import process from 'node:process';

const require = createRequire(import.meta.url);
const RtmpServer = require('node-media-server/src/node_rtmp_server.js');
const { setLogType } = require('node-media-server/src/node_core_logger.js');
const { nodeEvent } = require('node-media-server/src/node_core_ctx.js');

setLogType(0);
const say = (line) => process.stdout.write(`${line}\n`);
nodeEvent.on('postPublish', (_id, path) => say(`published ${path}`));
nodeEvent.on('donePublish', (_id, path) => say(`ended ${path}`));

const port = Number(process.argv[2]);
const server = new RtmpServer({ rtmp: { port, chunk_size: 60000, gop_cache: true, ping: 30, ping_timeout: 60 } });
// The package's own run() would listen on every network.
server.tcpServer.on('error', (error) => {
  process.stderr.write(`${error}\n`);
  process.exit(1);
});
server.tcpServer.listen(port, '127.0.0.1', () => say('ready'));

process.stdin.on('end', () => process.exit(0)).resume();
