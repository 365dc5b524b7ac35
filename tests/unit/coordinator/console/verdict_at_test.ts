// A site's verdict as a signal: who shows it hears of it when it says something else, and not with each update.
import { create } from '@bufbuild/protobuf';
import { effect, signal } from '@preact/signals';
import { describe, expect, it, vi } from 'vitest';
import { Phase_Name } from '@messages/session_pb';
import { LinkState_Name, ViewUpdateSchema } from '@messages/view_pb';
import { Live } from '../../../../coordinator/console/live/live';
import { verdictAt } from '../../../../coordinator/console/wall/verdict_at';

vi.stubGlobal('window', globalThis);

const told = (sites: Record<string, LinkState_Name>, heardUs = 0n) =>
  create(ViewUpdateSchema, { sites: Object.entries(sites).map(([siteId, link]) => ({ siteId, link, heardUs })) });

describe('the verdict of a site', () => {
  const live = new Live('s-1', 'past');
  const phase = signal(Phase_Name.live);
  const seen: string[] = [];
  effect(() => {
    seen.push(verdictAt(live, 'a', phase)?.kind ?? 'nothing');
  });

  it('is told when it changes, and when the site comes and goes', () => {
    expect(seen.splice(0)).toEqual(['nothing']);
    live.show(told({ a: LinkState_Name.offline, b: LinkState_Name.online }));
    expect(seen.splice(0)).toEqual(['offline']);
    live.show(told({ b: LinkState_Name.online }));
    live.show(told({ a: LinkState_Name.online }));
    expect(seen.splice(0)).toEqual(['nothing', 'waiting']);
  });

  it('is not told again while it stays the same', () => {
    live.show(told({ a: LinkState_Name.online }, 5n));
    live.show(told({ a: LinkState_Name.online, c: LinkState_Name.offline }, 6n));
    expect(seen.splice(0)).toEqual([]);
  });

  it('follows the phase', () => {
    phase.value = Phase_Name.ended;
    expect(seen.splice(0)).toEqual(['ended']);
  });
});
