// From something that happens to one hall until it is on the screen, some hundred times, one after another.
import type { Page } from 'playwright-core';
import { frameOf, tilesOf, watchTiles } from './gauges';
import type { House } from './house';

export interface EventKind {
  name: string;
  /** What the fleet is told of the site: it does it at that instant, and says which that was. */
  says: string;
  becomes: string;
}

/** Each undoes the one before it. */
export const eventKinds: readonly EventKind[] = [
  { name: "a hall's line is cut", says: 'cut', becomes: 'k-offline' },
  { name: 'the line is back (connecting anew counted in)', says: 'back', becomes: 'k-started' },
  { name: 'a hall says that its picture is black', says: 'main black', becomes: 'k-trouble' },
  { name: 'the hall says that it is well again', says: 'main ok', becomes: 'k-started' },
];

// The live view goes out at regular instants: an event that always came as long after the last one would be measured at one
// phase alone.
const gap = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 200));

/** Milliseconds by the name of the kind of event; `each`: how many of each kind. */
export async function eventDelays(page: Page, house: House, each: number): Promise<ReadonlyMap<string, number[]>> {
  await watchTiles(page);
  const wall = await tilesOf(page, 'k-started');
  const delays = new Map<string, number[]>(eventKinds.map((kind) => [kind.name, []]));
  for (let n = 0; n < each; ++n) {
    const site = wall[Math.floor((n * wall.length) / each)] ?? '';
    for (const kind of eventKinds) {
      await gap();
      const since = Date.now();
      const seen = frameOf(page, site, kind.becomes, since);
      const answer = JSON.parse((await house.fleet?.ask(`site ${site} ${kind.says}`, /"(cue":"site"|ok":false)/)) ?? '{}') as { at_us?: number; error?: string };
      if (answer.at_us === undefined) throw new Error(`${site} ${kind.says}: ${answer.error}`);
      delays.get(kind.name)?.push((await seen) - answer.at_us / 1000);
    }
  }
  return delays;
}
