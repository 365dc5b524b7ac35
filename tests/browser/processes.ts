// The real programs as children of a test: started, spoken to, and ended by their own ids.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const programs = process.env['DIEMCAU_BIN'] ?? fileURLToPath(new URL('../../build/release/bin', import.meta.url));
const patienceMs = 90_000;
const mostErrors = 20_000;

// Whatever way this process ends, none of its children stays behind.
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Asks again and again until the answer is not null or false; what was thrown last is told when it never comes. */
export async function until<T>(what: string, ask: () => Promise<T | null | false> | T | null | false, limitMs = patienceMs): Promise<T> {
  const end = Date.now() + limitMs;
  let last: unknown = 'it never came true';
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== null && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`not within ${limitMs / 1000} s: ${what}; ${String(last)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Runs a program to its end; what it printed. */
export function run(program: string, words: readonly string[], env: Readonly<Record<string, string>>, input = ''): string {
  return execFileSync(`${programs}/${program}`, words, { input, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 1 << 28 }).toString();
}

export class Process {
  readonly lines: string[] = [];
  private errors = '';
  private ended = false;
  private readonly child: ChildProcess;
  private readonly over: Promise<void>;

  constructor(private readonly program: string, words: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(`${programs}/${program}`, words, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    running.add(this.child);
    if (this.child.stdout) createInterface(this.child.stdout).on('line', (line) => this.lines.push(line));
    this.child.stderr?.on('data', (bytes: Buffer) => {
      this.errors = (this.errors + bytes.toString()).slice(-mostErrors);
    });
    this.child.stdin?.on('error', () => undefined); // it has ended; whoever waits for its answer is told
    this.over = new Promise((resolve) => {
      const end = () => {
        this.ended = true;
        running.delete(this.child);
        resolve();
      };
      this.child.on('exit', end);
      this.child.on('error', end);
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The first line, from now or before, that matches. */
  line(pattern: RegExp, from = 0): Promise<string> {
    return until(`${this.program}: ${pattern}; ${this.errors.slice(-2000)}`, () => {
      const found = this.lines.slice(from).find((one) => pattern.test(one));
      if (found === undefined && this.ended) throw new Error(`${this.program} has ended: ${this.errors.slice(-2000)}`);
      return found ?? null;
    });
  }

  /** The fields of its "ready a=1 b=2". */
  async ready(): Promise<ReadonlyMap<string, string>> {
    const words = (await this.line(/^ready /)).split(' ').slice(1);
    return new Map(words.map((word) => word.split('=', 2) as [string, string]));
  }

  /** Says a line to it, and waits for the line that answers. */
  async ask(line: string, pattern: RegExp): Promise<string> {
    const from = this.lines.length;
    this.child.stdin?.write(`${line}\n`);
    return this.line(pattern, from);
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (!this.ended) this.child.kill(signal);
    await this.over;
  }
}
