// A centre with one hall, whose desk other devices reach too.
import { networkInterfaces } from 'node:os';
import type { Access, State } from '../../agent/desk/page/src/types';
import { Centre } from './centre';
import { type Process, run } from './processes';

const delegates = [
  ['D1', 'Nguyễn Văn An', 'UBND phường'],
  ['D2', 'Đỗ Thị Hà', 'Tổ dân phố Đống Đa 3'],
  ['D3', 'Trần Bình', 'Công an phường'],
] as const;

// An address of this computer that is not loopback, or ''.
function hallAddress(): string {
  for (const cards of Object.values(networkInterfaces()))
    for (const card of cards ?? []) if (card.family === 'IPv4' && !card.internal) return card.address;
  return '';
}

export class Hall extends Centre {
  desk = ''; // as the hall's own computer reaches it
  door = ''; // as another device does; '' where this computer has no network
  private agent: Process | null = null;

  async start(): Promise<void> {
    await this.openCentre();
    const lines = (...rows: string[]) => `${rows.join('\n')}\n`;
    this.centre('roster', 'import',
      this.file('areas.csv', lines('area_id,parent_id,name', 'q,,Quận Đống Đa')),
      this.file('sites.csv', lines('site_id,area_id,name', 'T01,q,Hội trường Ô Chợ Dừa')),
      this.file('delegates.csv', lines('delegate_id,site_id,name,unit', ...delegates.map(([id, name, unit]) => `${id},T01,${name},${unit}`))));
    const { agent, deskPort } = await this.openAgent('T01', this.sitesPort, '0.0.0.0:0');
    this.agent = agent;
    this.desk = `http://127.0.0.1:${deskPort}/`;
    const address = hallAddress();
    if (address) this.door = `http://${address}:${deskPort}/`;
  }

  override async stop(): Promise<void> {
    await this.agent?.kill('SIGTERM');
    await super.stop();
  }

  // The centre's command line; what it printed.
  centre(...words: string[]): string {
    return this.cli(words);
  }
  // What the hall's own command line says.
  status(): State {
    return JSON.parse(this.own('status')) as State;
  }
  pin(...words: string[]): Access {
    return JSON.parse(this.own('pin', ...words)) as Access;
  }
  private own(...words: string[]): string {
    return run('diemcau-agent', ['desk', ...words, '--json', '--url', this.desk.replace(/\/$/, '')], {});
  }
}
