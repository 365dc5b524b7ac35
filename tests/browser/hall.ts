// A centre with one hall, of the real programs on ports of the system's choice, for tests in a browser.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Access, State } from '../../agent/desk/page/src/types';

const programs = process.env['DIEMCAU_BIN'] ?? fileURLToPath(new URL('../../build/release/bin', import.meta.url));
const patienceMs = 60_000;

const delegates = [
  ['D1', 'Nguyễn Văn An', 'UBND phường'],
  ['D2', 'Đỗ Thị Hà', 'Tổ dân phố Đống Đa 3'],
  ['D3', 'Trần Bình', 'Công an phường'],
] as const;

// Starts it and waits for its "ready a=1 b=2".
async function started(argv: string[]): Promise<{ child: ChildProcess; ready: Map<string, string> }> {
  const child = spawn(`${programs}/${argv[0]}`, argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let errors = '';
  child.stderr.on('data', (bytes: Buffer) => { errors += bytes.toString(); });
  const ready = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${argv[0]} did not start: ${errors}`)), patienceMs);
    child.stdout.on('data', (bytes: Buffer) => {
      out += bytes.toString();
      const line = /^ready .*$/m.exec(out);
      if (line === null) return;
      clearTimeout(timer);
      resolve(line[0]);
    });
    child.on('exit', () => reject(new Error(`${argv[0]} ended: ${errors}`)));
  });
  return { child, ready: new Map(ready.split(' ').slice(1).map((part) => part.split('=') as [string, string])) };
}

// An address of this computer that is not loopback, or ''.
function hallAddress(): string {
  for (const cards of Object.values(networkInterfaces()))
    for (const card of cards ?? []) if (card.family === 'IPv4' && !card.internal) return card.address;
  return '';
}

export class Hall {
  private readonly dir = mkdtempSync(`${tmpdir()}/diemcau-browser-`);
  private children: ChildProcess[] = [];
  private api = '';
  desk = ''; // as the hall's own computer reaches it
  door = ''; // as another device does; '' where this computer has no network

  async start(): Promise<void> {
    for (const name of ['centre', 'home', 'agent']) mkdirSync(`${this.dir}/${name}`, { mode: 0o700 });
    const secret = randomBytes(18).toString('base64');
    this.run('diemcau-coordinator', ['init', '--data', `${this.dir}/centre`, '--admin', 'quan-tri', '--password-stdin'], secret);
    const centre = await started(['diemcau-coordinator', '--data', `${this.dir}/centre`, '--sites-listen', '127.0.0.1:0',
      '--api-listen', '127.0.0.1:0']);
    this.children.push(centre.child);
    this.api = `http://127.0.0.1:${centre.ready.get('api')}`;
    this.run('diemcau', ['--url', this.api, 'sign-in', '--name', 'quan-tri', '--password-stdin'], secret);
    this.roster();
    const agent = await started(['diemcau-agent', 'run', '--site', 'T01', '--coordinator',
      `ws://127.0.0.1:${centre.ready.get('sites')}/site`, '--data', `${this.dir}/agent`, '--desk', '0.0.0.0:0', '--show', 'none']);
    this.children.push(agent.child);
    this.desk = `http://127.0.0.1:${agent.ready.get('desk')}/`;
    const address = hallAddress();
    if (address) this.door = `http://${address}:${agent.ready.get('desk')}/`;
  }

  stop(): void {
    for (const child of this.children) child.kill('SIGKILL');
    rmSync(this.dir, { recursive: true, force: true });
  }

  // The centre's command line; what it printed.
  centre(...words: string[]): string {
    return this.run('diemcau', ['--url', this.api, ...words]);
  }
  // What the hall's own command line says.
  status(): State {
    return JSON.parse(this.own('status')) as State;
  }
  pin(...words: string[]): Access {
    return JSON.parse(this.own('pin', ...words)) as Access;
  }
  private own(...words: string[]): string {
    return this.run('diemcau-agent', ['desk', ...words, '--json', '--url', this.desk.replace(/\/$/, '')]);
  }

  private roster(): void {
    const file = (name: string, lines: string[]): string => {
      writeFileSync(`${this.dir}/${name}`, `${lines.join('\n')}\n`);
      return `${this.dir}/${name}`;
    };
    this.centre('roster', 'import',
      file('areas.csv', ['area_id,parent_id,name', 'q,,Quận Đống Đa']),
      file('sites.csv', ['site_id,area_id,name', 'T01,q,Hội trường Ô Chợ Dừa']),
      file('delegates.csv', ['delegate_id,site_id,name,unit', ...delegates.map(([id, name, unit]) => `${id},T01,${name},${unit}`)]));
  }

  private run(program: string, words: string[], input = ''): string {
    const env = { ...process.env, XDG_CONFIG_HOME: `${this.dir}/home`, LANG: 'C.UTF-8' };
    return execFileSync(`${programs}/${program}`, words, { input, env, stdio: ['pipe', 'pipe', 'pipe'] }).toString();
  }
}
