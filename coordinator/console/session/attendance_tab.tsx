// Who was there: totals of the sitting, by area, by site; who has not reported; one delegate at two sites; entering and correcting.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Button } from '@web/components/button';
import { Table } from '@web/components/table';
import { SittingAttendanceSchema, type Counts, type SiteAttendance, type SittingAttendance } from '@messages/attendance_pb';
import type { SessionView } from '@messages/view_pb';
import { finds, fold } from '@web/fold';
import { number } from '@web/numbers';
import { ageText, millis, minuteText, secondText } from '@web/times';
import { get, part } from '../live/api';
import { second } from '../live/clock';
import type { Live } from '../live/live';
import { maySteer } from '../live/me';
import { areaName, areaTree, roster } from '../live/roster';
import { useAsked } from '../live/use';
import { w } from '../words';
import { EnterAttendance } from './attendance_entry';
import { areaPlaces, newestReport, type AreaPlace } from './attendance_order';
import { at } from './attendance_texts';
import { Delegates } from './delegates';
import { Remind } from './remind';

export function CountsRow(props: { counts: Counts | undefined }) {
  const counts = props.counts;
  const rows: [string, number][] = [
    [at('expected'), counts?.expected ?? 0], [at('present'), counts?.present ?? 0], [at('online'), counts?.online ?? 0],
    [at('excused'), counts?.excused ?? 0], [at('absent'), counts?.absent ?? 0], [at('notMarked'), counts?.notMarked ?? 0],
  ];
  return (
    <dl class="figures">
      {rows.map(([word, value]) => <div key={word} class="figure plain"><dt>{word}</dt><dd><b>{number(value)}</b></dd></div>)}
    </dl>
  );
}

const refreshMs = 5000;

export function AttendanceTab(props: { live: Live; view: SessionView; onOpen: (id: string) => void }) {
  const session = props.view.session;
  const id = session?.id ?? '';
  const sitting = useSignal(session?.currentSittingId ?? '');
  const asked = useAsked(() => get(SittingAttendanceSchema, `/api/v1/sessions/${part(id)}/attendance?sitting=${part(sitting.value)}`), [id, sitting.value]);
  // The live view tells when something was entered; lists of a whole city are fetched now and then only.
  useEffect(() => {
    const timer = setInterval(() => void asked.again(), refreshMs);
    return () => clearInterval(timer);
  }, [id, sitting.value]);
  const data = asked.value.value;
  return (
    <div class="stack">
      <div class="row wrap">
        {(session?.sittings.length ?? 0) > 1 && (
          <label class="row">{at('sitting')}
            <select value={sitting.value} onChange={(event) => (sitting.value = event.currentTarget.value)}>
              {session?.sittings.map((one) => <option key={one.id} value={one.id}>{one.title || one.id}</option>)}
            </select></label>
        )}
        <span class="grow" />
        {maySteer.value && data !== null && session !== undefined && <Remind session={session} sitting={sitting.value} data={data} />}
        <a class="button" href={`/api/v1/sessions/${part(id)}/attendance.csv`} download>{at('csvSites')}</a>
        <a class="button" href={`/api/v1/sessions/${part(id)}/checkins.csv`} download>{at('csvNames')}</a>
      </div>
      {asked.failure.value !== '' && <p class="wrong" role="alert">{asked.failure.value}</p>}
      {data === null ? <p class="soft">{w('loading')}</p> : <Attended {...props} data={data} sitting={sitting.value} again={asked.again} />}
    </div>
  );
}

// A count without its age is taken for one of now.
function Newest(props: { live: Live; data: SittingAttendance; zone: string }) {
  const newest = newestReport(props.data.bySite);
  const reported = at('reportedOf', { n: number(props.data.reportedSites), m: number(props.data.sites) });
  if (newest === undefined) return <p class="soft">{reported}</p>;
  const name = props.live.sites.get(newest.siteId)?.value.name || newest.siteId;
  return (
    <p class="soft">{reported}. {at('newest', { t: secondText(newest.atUs, props.zone), age: ageText(second.value - millis(newest.atUs)), name })}{newest.by !== '' && ` (${newest.by})`}</p>
  );
}

function Attended(props: { live: Live; view: SessionView; data: SittingAttendance; sitting: string; again: () => Promise<void>; onOpen: (id: string) => void }) {
  const { data, live } = props;
  const known = roster.value;
  const places = useMemo(() => (known === null ? new Map<string, AreaPlace>() : areaPlaces(areaTree(known))), [known]);
  const placeOf = (id: string) => places.get(id) ?? { at: places.size, depth: 1 };
  const byArea = [...data.byArea].sort((a, b) => placeOf(a.areaId).at - placeOf(b.areaId).at);
  return (
    <>
      <CountsRow counts={data.total} />
      <Newest live={live} data={data} zone={props.view.session?.timeZone ?? ''} />
      {data.conflicts.length > 0 && (
        <section class="card"><h2>{at('conflicts', { n: data.conflicts.length })}</h2>
          <ul class="plain-list">
            {data.conflicts.map((one) => (
              <li key={one.delegateId}><b>{one.name || one.delegateId}</b> {one.unit !== '' && <span class="soft">{one.unit}</span>}:{' '}
                {one.siteIds.map((site) => live.sites.get(site)?.value.name ?? site).join(', ')}</li>
            ))}
          </ul>
        </section>
      )}
      <div class="columns">
        <section class="card"><h2>{at('byArea')}</h2>
          <Table caption={at('byArea')} rows={byArea} rowKey={(row) => row.areaId}
            isTop={(row) => placeOf(row.areaId).depth === 0} rowClass={(row) => (placeOf(row.areaId).depth === 0 ? 'whole' : '')}
            columns={[
              { key: 'area', title: at('area'), cell: (row) => <span style={{ paddingLeft: `${Math.max(0, placeOf(row.areaId).depth - 1) * 16}px` }}>{areaName(row.areaId)}</span>, order: (row) => areaName(row.areaId) },
              { key: 'reported', title: at('reported'), end: true, cell: (row) => `${row.reportedSites}/${row.sites}`, order: (row) => row.reportedSites / (row.sites || 1) },
              { key: 'expected', title: at('expected'), end: true, cell: (row) => number(row.counted?.expected ?? 0), order: (row) => row.counted?.expected ?? 0 },
              { key: 'present', title: at('present'), end: true, cell: (row) => number(row.counted?.present ?? 0), order: (row) => row.counted?.present ?? 0 },
              { key: 'online', title: at('online'), end: true, cell: (row) => number(row.counted?.online ?? 0), order: (row) => row.counted?.online ?? 0 },
              { key: 'absent', title: at('absent'), end: true, cell: (row) => number(row.counted?.absent ?? 0), order: (row) => row.counted?.absent ?? 0 },
            ]} />
        </section>
        <Sites {...props} />
      </div>
      <Delegates live={live} session={props.view.session?.id ?? ''} sitting={props.sitting} zone={props.view.session?.timeZone ?? ''} />
    </>
  );
}

const most = 150;

function Sites(props: { live: Live; view: SessionView; data: SittingAttendance; sitting: string; again: () => Promise<void>; onOpen: (id: string) => void }) {
  const text = useSignal(''), missing = useSignal(false);
  const entered = useSignal<SiteAttendance | null>(null);
  const nameOf = (row: SiteAttendance) => props.live.sites.get(row.siteId)?.peek().name ?? row.siteId;
  const rows = props.data.bySite.filter((row) => (!missing.value || !row.reported) && finds(fold(`${nameOf(row)} ${row.siteId}`), text.value));
  return (
    <section class="card"><h2>{at('bySite')}</h2>
      <div class="row wrap">
        <input type="search" class="find" aria-label={at('find')} placeholder={`${at('find')}…`} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
        <label class="check"><input type="checkbox" checked={missing.value} onChange={() => (missing.value = !missing.value)} />{at('onlyMissing')}</label>
        <span class="soft small">{w('nSites', { n: number(rows.length) })}</span>
      </div>
      <Table caption={at('bySite')} rows={rows.slice(0, most)} rowKey={(row) => row.siteId}
        columns={[
          { key: 'site', title: at('site'), order: nameOf, cell: (row) => <button type="button" class="link-button" onClick={() => props.onOpen(row.siteId)}>{nameOf(row)}</button> },
          { key: 'present', title: at('present'), end: true, cell: (row) => (row.reported ? number(row.counted?.present ?? 0) : '–'), order: (row) => row.counted?.present ?? 0 },
          { key: 'online', title: at('online'), end: true, cell: (row) => (row.reported ? number(row.counted?.online ?? 0) : '–'), order: (row) => row.counted?.online ?? 0 },
          { key: 'absent', title: at('absent'), end: true, cell: (row) => (row.reported ? number((row.counted?.absent ?? 0) + (row.counted?.excused ?? 0)) : '–') },
          { key: 'checkins', title: at('checkins'), end: true, cell: (row) => row.checkins || '', order: (row) => row.checkins },
          { key: 'by', title: at('by'), cell: (row) => (
            <>{row.reported ? `${row.by} ${minuteText(row.atUs, props.view.session?.timeZone)}` : <span class="soft">{at('notYet')}</span>}
              {row.differs && <span class="tag warn">{at('differs')}</span>}</>
          ) },
          { key: 'act', title: '', cell: (row) => maySteer.value && <Button class="small-button" onClick={() => (entered.value = row)}>{at('enter')}</Button> },
        ]} />
      {entered.value !== null && (
        <EnterAttendance session={props.view.session?.id ?? ''} sitting={props.sitting} row={entered.value} name={nameOf(entered.value)}
          onClose={() => {
            entered.value = null;
            void props.again();
          }} />
      )}
    </section>
  );
}
