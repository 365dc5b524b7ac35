// A whole house of real programs, as deploy/demo has them: the centre with its accounts, a studio, halls with real agents
// and probes, and a simulated city on real sockets. Everything on ports of the system's choice.
import { createSocket } from 'node:dgram';
import { Centre } from './centre';
import { type City, makeCity } from './city';
import { Line } from './line';
import { Process, run, until } from './processes';

export interface HouseWish {
  /** Sites in all. */
  sites: number;
  agents?: number;
  delegates?: number;
  /** A real broadcast over SRT, whose faults come on cue; without it the feeds are test:// of each probe. */
  studio?: boolean;
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

interface Hall {
  id: string;
  line: Line;
  agent: Process;
  desk: string;
}

export const operator = 'truc-ban';

export class House extends Centre {
  readonly city: City;
  readonly halls: Hall[] = [];
  readonly feeds: { main: string; backup: string } = { main: 'test://', backup: 'test://' };
  fleet: Process | null = null;
  studio: Process | null = null;
  /** The operator's, good for the first sign-in. */
  oneTimePassword = '';
  private token = '';

  constructor(private readonly wish: HouseWish) {
    super();
    this.city = makeCity(wish.sites - (wish.agents ?? 0), wish.agents ?? 0, wish.delegates ?? 4);
  }

  /** The centre, with an operator's account; nothing is on its roster yet. */
  override async openCentre(): Promise<void> {
    await super.openCentre();
    const made = JSON.parse(this.cli(['--json', 'account', 'add', operator, '--display', 'Trực ban', '--role', 'operator'])) as { one_time_password: string };
    this.oneTimePassword = made.one_time_password;
    this.token = this.cli(['token', 'new', 'thu', '--role', 'operator', '--days', '1']).trim().split(/\s+/).at(-1) ?? '';
    if (this.wish.studio) await this.startStudio();
  }

  /** The halls; the roster must know them. */
  async openHalls(): Promise<void> {
    for (const id of this.city.agents) await this.startAgent(id);
    this.fleet = new Process('diemcau-fleet', ['--url', `ws://127.0.0.1:${this.sitesPort}/site`, '--site-list', this.file('fleet.csv', this.city.fleet),
      '--seed', '2026', '--late', '2', '--failing', '1', '--ramp-ms', '1000', '--ledger', `${this.dir}/ledger.json`]);
    await until('all sites are online', async () => {
      const list = await this.get<{ sites: { link: string }[] }>('/api/v1/sites');
      return list.sites.filter((one) => one.link === 'online').length >= this.city.size;
    });
  }

  importRoster(): void {
    this.cli(['roster', 'import', ...this.rosterFiles()]);
  }
  rosterFiles(): string[] {
    return [this.file('areas.csv', this.city.areas), this.file('sites.csv', this.city.sites), this.file('delegates.csv', this.city.delegates)];
  }
  /** Areas with simulated halls only. */
  get simulatedAreas(): string[] {
    return [...new Set(this.city.fleet.trim().split('\n').slice(1).map((line) => line.split(',')[1] ?? ''))];
  }

  override async stop(): Promise<void> {
    for (const hall of this.halls) {
      await hall.agent.kill('SIGTERM');
      hall.line.stop();
    }
    for (const one of [this.fleet, this.studio]) await one?.kill();
    await super.stop();
  }

  /** A session of the whole city in two hours, scheduled unless it is to be a draft; its id. */
  newSession(title: string, draft = false): string {
    const made = JSON.parse(this.cli(['--json', 'session', 'new', '--title', title, '--start', '+2h', '--everyone', '--feed', `main=${this.feeds.main}`,
      '--feed', `backup=${this.feeds.backup}`, '--sitting', 'sang=Buổi sáng', '--no-auto-start', ...(draft ? ['--draft'] : [])])) as { session: { id: string } };
    return made.session.id;
  }
  /** The coordinator's own answer, beside which a page is held. */
  async get<T>(path: string): Promise<T> {
    const answer = await fetch(new URL(path, this.url), { headers: { Authorization: `Bearer ${this.token}` } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }
  /** The command line of a hall. */
  desk(hall: Hall, ...words: string[]): string {
    return run('diemcau-agent', ['desk', ...words, '--url', hall.desk.replace(/\/$/, '')], {});
  }

  private async startStudio(): Promise<void> {
    this.feeds.main = `srt://127.0.0.1:${await freeUdpPort()}`;
    this.feeds.backup = `srt://127.0.0.1:${await freeUdpPort()}`;
    this.studio = new Process('diemcau-studio', ['--feed', `main=${this.feeds.main}`, '--feed', `backup=${this.feeds.backup}`, '--size', '320x180',
      '--fps', '15', '--kbps', '600']);
    await this.studio.line(/"event":"ready"/);
  }

  private async startAgent(id: string): Promise<void> {
    const line = new Line(Number(this.sitesPort));
    const port = await line.start();
    const { agent, deskPort } = await this.openAgent(id, port, '127.0.0.1:0');
    this.halls.push({ id, line, agent, desk: `http://127.0.0.1:${deskPort}/` });
  }
}
