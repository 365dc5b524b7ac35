// How the launch goes: the countdown, then acknowledged, started, late, failed, as they come in; by area.
import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { Table } from '@web/components/table';
import { Outcome_State } from '@messages/session_pb';
import type { SessionView } from '@messages/view_pb';
import { number } from '@web/numbers';
import { millis } from '@web/times';
import { nowMs } from '../live/clock';
import type { Live } from '../live/live';
import { areaName } from '../live/roster';
import { s } from './texts';

interface AreaRow {
  id: string;
  all: number;
  started: number;
  late: number;
  failed: number;
  pending: number;
}

function rowsOf(live: Live): AreaRow[] {
  const rows = new Map<string, AreaRow>();
  for (const id of live.siteIds.value) {
    const site = live.sites.get(id)?.value;
    if (site === undefined) continue;
    const row = rows.get(site.areaId) ?? { id: site.areaId, all: 0, started: 0, late: 0, failed: 0, pending: 0 };
    rows.set(site.areaId, row);
    const state = site.outcome?.state;
    if (state === Outcome_State.waived) continue;
    ++row.all;
    if (state === Outcome_State.started) ++row.started;
    else if (state === Outcome_State.late) ++row.late;
    else if (state === Outcome_State.failed) ++row.failed;
    else ++row.pending;
  }
  // Where something is missing comes first.
  return [...rows.values()].sort((a, b) => a.started / (a.all || 1) - b.started / (b.all || 1) || areaName(a.id).localeCompare(areaName(b.id), 'vi', { numeric: true }));
}

/** Tenths of a second until the common instant, by the frame; null when it has passed. */
export function Countdown(props: { startUs: bigint }) {
  const left = useSignal(0);
  useSignalEffect(() => {
    let frame = 0;
    const step = () => {
      left.value = millis(props.startUs) - nowMs();
      if (left.value > 0) frame = requestAnimationFrame(step);
    };
    step();
    return () => cancelAnimationFrame(frame);
  });
  if (left.value <= 0) return null;
  return <p class="countdown" role="timer"><span class="soft">{s('goIn')}</span><b>{number(left.value / 1000, 1)}</b></p>;
}

export function Launch(props: { view: SessionView; live: Live }) {
  const { view } = props;
  const rows = useComputed(() => rowsOf(props.live));
  const all = view.sites - view.waived;
  const bars: [string, number, string][] = [
    [s('acked'), view.acked, 'accent'], [s('started'), view.started, 'good'], [s('late'), view.late, 'warn'], [s('failed'), view.failed, 'bad'],
  ];
  return (
    <>
      {view.session !== undefined && <Countdown startUs={view.session.startAtUs} />}
      <dl class="launch-bars">
        {bars.map(([word, value, kind]) => (
          <div key={word} class={`launch-bar ${kind}`}>
            <dt>{word}</dt><dd>{number(value)}/{number(all)}</dd>
            <span class="meter" aria-hidden="true"><span style={{ width: `${all === 0 ? 0 : Math.min(1, value / all) * 100}%` }} /></span>
          </div>
        ))}
      </dl>
      <div class="launch-areas">
        <Table caption={s('launch')} rows={rows.value} rowKey={(row) => row.id} rowClass={(row) => (row.started < row.all ? 'attention' : '')}
          columns={[
            { key: 'area', title: s('area'), cell: (row) => areaName(row.id) },
            { key: 'started', title: s('started'), end: true, cell: (row) => `${row.started}/${row.all}` },
            { key: 'late', title: s('late'), end: true, cell: (row) => row.late || '' },
            { key: 'failed', title: s('failed'), end: true, cell: (row) => row.failed || '' },
            { key: 'pending', title: s('pending'), end: true, cell: (row) => row.pending || '' },
          ]} />
      </div>
    </>
  );
}
