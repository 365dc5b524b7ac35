// The form of a session: which sites are picked and how that is said, what its fields mean, and what is wrong in them.
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { AreaSchema, SiteSchema } from '@messages/roster_pb';
import { SelectionSchema, SessionSchema } from '@messages/session_pb';
import { draftOf, readDocuments, readDraft, readMinutes } from '../../../../coordinator/console/form/draft';
import { pickedOf, selectionOf, withAll } from '../../../../coordinator/console/form/selection';
import { areaTree, type RosterData } from '../../../../coordinator/console/live/roster';

const areas = [['city', ''], ['north', 'city'], ['south', 'city'], ['empty', 'city']]
  .map(([id = '', parentId = '']) => create(AreaSchema, { id, parentId, name: id }));
const sites = [['N1', 'north'], ['N2', 'north'], ['S1', 'south'], ['S2', 'south'], ['C', 'city']]
  .map(([id = '', areaId = '']) => create(SiteSchema, { id, areaId, name: `Hội trường ${id}`, tags: id === 'S2' ? ['4g'] : [] }));
const data: RosterData = { areas: new Map(areas.map((area) => [area.id, area])), sites, delegates: 0 };
const tree = areaTree(data);
const stored = (picked: Iterable<string>) => selectionOf(new Set(picked), tree, sites);

describe('which sites take part', () => {
  it('all of them are everyone', () => {
    expect(stored(['N1', 'N2', 'S1', 'S2', 'C']).everyone).toBe(true);
    expect(stored([]).everyone).toBe(false);
  });
  it('whole areas are said as areas, the rest as sites', () => {
    const said = stored(['S2', 'N2', 'N1', 'C']);
    expect(said.areaIds).toEqual(['north']);
    expect(said.siteIds).toEqual(['C', 'S2']);
  });
  it('an area without sites is never named', () => {
    expect(stored(['N1', 'N2']).areaIds).toEqual(['north']);
  });
  it.each([
    [{ everyone: true }, ['C', 'N1', 'N2', 'S1', 'S2']],
    [{ areaIds: ['city'] }, ['C', 'N1', 'N2', 'S1', 'S2']],
    [{ areaIds: ['south'], siteIds: ['N1'] }, ['N1', 'S1', 'S2']],
    [{ tags: ['4g'] }, ['S2']],
    [{ names: ['hoi truong n1'] }, ['N1']],
    [{}, []],
  ])('%o is read back', (said, expected) => {
    expect([...pickedOf(create(SelectionSchema, said), tree, sites)].sort()).toEqual(expected);
  });
  it('what is stored is what was picked', () => {
    for (let bits = 0; bits < 32; ++bits) {
      const picked = sites.filter((_, at) => (bits >> at) & 1).map((site) => site.id).sort();
      expect([...pickedOf(stored(picked), tree, sites)].sort()).toEqual(picked);
    }
  });
  it('adding and taking away leaves the old set alone', () => {
    const before = new Set(['N1']);
    expect([...withAll(before, ['N1', 'S1'], true)]).toEqual(['N1', 'S1']);
    expect([...withAll(before, ['N1'], false)]).toEqual([]);
    expect([...before]).toEqual(['N1']);
  });
});

describe('what the fields mean', () => {
  it.each([
    ['60, 15', [60, 15]],
    ['', []],
    ['5 10;15', [5, 10, 15]],
    ['0', null],
    ['mười', null],
    ['1.5', null],
    ['1441', null],
  ])('minutes "%s"', (text, expected) => {
    expect(readMinutes(text)).toEqual(expected);
  });
  it('documents: a link a line, with a title or without', () => {
    const read = readDocuments('Chương trình họp https://a.example/x\n\nhttps://b.example');
    expect(read?.map((one) => [one.title, one.url])).toEqual([['Chương trình họp', 'https://a.example/x'], ['', 'https://b.example']]);
    expect(readDocuments('http://plain.example')).toBeNull();
    expect(readDocuments('no link')).toBeNull();
    expect(readDocuments('javascript:alert(1)')).toBeNull();
  });
  const filled = { ...draftOf(undefined), title: ' Giao ban ', start: '25/11/2026 08:00', width: '1280', fps: '25', mark: ' Giao ban tuần ' };
  it('a filled form has nothing wrong', () => {
    const { session, wrong } = readDraft(filled, undefined);
    expect(wrong).toEqual([]);
    expect(session.title).toBe('Giao ban');
    expect(session.scheduledStartUs).toBe(BigInt(Date.UTC(2026, 10, 25, 1, 0)) * 1000n);
    expect(session.rehearsalLeadsS).toEqual([3600, 900]);
    expect(session.profile?.width).toBe(1280);
    expect(session.profile?.mark).toBe('Giao ban tuần');
    expect(draftOf(session).mark).toBe('Giao ban tuần');
    expect(session.feeds).toEqual([]);
  });
  it.each([
    [{ title: '  ' }, 'title'],
    [{ start: '' }, 'start'],
    [{ start: '31/02/2026 08:00' }, 'start'],
    [{ end: 'later' }, 'end'],
    [{ rehearsals: 'x' }, 'rehearsals'],
    [{ documents: 'x' }, 'documents'],
    [{ sittings: [{ id: '', title: 'Sáng', start: 'x' }] }, 'sittings'],
  ])('%o is told', (part, field) => {
    expect(readDraft({ ...filled, ...part }, undefined).wrong).toEqual([field]);
  });
  it('what the form does not show stays as it was', () => {
    const base = create(SessionSchema, {
      id: 's-1', title: 'Cũ', armLeadS: 300, revision: 7n, scheduledStartUs: 1_764_000_000_000_000n, timeZone: 'Asia/Ho_Chi_Minh',
      sittings: [{ id: 'sang', title: 'Sáng', endsUs: 5n }], profile: { audioCodec: 'aac' }, feeds: [{ id: 'main', uri: 'srt://a:1' }],
    });
    const { session } = readDraft({ ...draftOf(base), title: 'Mới' }, base);
    expect([session.id, session.title, session.armLeadS, session.revision]).toEqual(['s-1', 'Mới', 300, 7n]);
    expect(session.scheduledStartUs).toBe(base.scheduledStartUs);
    expect(session.sittings[0]?.endsUs).toBe(5n);
    expect(session.profile?.audioCodec).toBe('aac');
    expect(base.title).toBe('Cũ');
  });
  it('new sittings get ids that are not taken', () => {
    const sittings = [{ id: 's1', title: 'Sáng', start: '' }, { id: '', title: 'Chiều', start: '' }, { id: '', title: 'Tối', start: '' }];
    expect(readDraft({ ...filled, sittings }, undefined).session.sittings.map((one) => one.id)).toEqual(['s1', 's2', 's3']);
  });
});
