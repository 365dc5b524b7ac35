// A coordinator with data of its own in a directory of its own, and what is started beside it. All ports are of the system's choice.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Process, run } from './processes';

export class Centre {
  readonly dir = mkdtempSync(`${tmpdir()}/diemcau-browser-`);
  readonly adminPassword = randomBytes(18).toString('base64');
  url = '';
  protected sitesPort = '0';
  private apiPort = '0';
  private coordinator: Process | null = null;

  /** With the account of an admin, who is signed in on the command line. */
  async openCentre(): Promise<void> {
    for (const name of ['centre', 'home']) mkdirSync(`${this.dir}/${name}`, { mode: 0o700 });
    run('diemcau-coordinator', ['init', '--data', `${this.dir}/centre`, '--admin', 'quan-tri', '--password-stdin'], {}, this.adminPassword);
    await this.startCoordinator();
    this.cli(['sign-in', '--name', 'quan-tri', '--password-stdin'], this.adminPassword);
  }

  /** Where it was before, if it was. */
  async startCoordinator(): Promise<void> {
    this.coordinator = new Process('diemcau-coordinator', ['--data', `${this.dir}/centre`, '--sites-listen', `127.0.0.1:${this.sitesPort}`,
      '--api-listen', `127.0.0.1:${this.apiPort}`]);
    const ready = await this.coordinator.ready();
    this.sitesPort = ready.get('sites') ?? '';
    this.apiPort = ready.get('api') ?? '';
    this.url = `http://127.0.0.1:${this.apiPort}/`;
  }
  get coordinatorPid(): number {
    return this.coordinator?.pid ?? 0;
  }
  async killCoordinator(): Promise<void> {
    await this.coordinator?.kill();
  }

  /** An agent that finds the centre on that port; `desk`: where its desk listens. */
  protected async openAgent(id: string, port: number | string, desk: string): Promise<{ agent: Process; deskPort: string }> {
    const agent = new Process('diemcau-agent', ['run', '--site', id, '--coordinator', `ws://127.0.0.1:${port}/site`, '--data', `${this.dir}/${id}`,
      '--desk', desk, '--show', 'none']);
    return { agent, deskPort: (await agent.ready()).get('desk') ?? '' };
  }

  async stop(): Promise<void> {
    await this.killCoordinator();
    rmSync(this.dir, { recursive: true, force: true });
  }

  file(name: string, content: string): string {
    writeFileSync(`${this.dir}/${name}`, content);
    return `${this.dir}/${name}`;
  }
  /** The centre's command line, as the admin; what it printed. */
  cli(words: readonly string[], input = ''): string {
    return run('diemcau', ['--url', this.url.replace(/\/$/, ''), '--lang', 'vi', ...words], { XDG_CONFIG_HOME: `${this.dir}/home`, LANG: 'C.UTF-8' }, input);
  }
}
