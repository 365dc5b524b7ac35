// The figures that answer at a glance: ready or started, who is online, alarms, attendance. Each is a number, a word, and a bar.
import { Phase_Name } from '@messages/session_pb';
import type { SessionView } from '@messages/view_pb';
import { number } from '@web/numbers';
import { s } from './texts';

interface Figure {
  word: string;
  value: string;
  of?: string;
  share?: number;
  kind: 'good' | 'warn' | 'bad' | 'plain';
  note?: string;
}

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
const sorts = (part: number, whole: number): 'good' | 'plain' => (whole > 0 && part >= whole ? 'good' : 'plain');
const counts = (word: string, value: number, kind: 'warn' | 'bad'): Figure => ({ word, value: number(value), kind: value > 0 ? kind : 'plain' });

/** Sites know of it and it has not begun. */
export function isAwaited(phase: Phase_Name): boolean {
  return phase === Phase_Name.scheduled || phase === Phase_Name.rehearsing || phase === Phase_Name.armed;
}

export function isLaunched(phase: Phase_Name): boolean {
  return phase === Phase_Name.live || phase === Phase_Name.paused || phase === Phase_Name.ended || phase === Phase_Name.closed;
}

export function figuresOf(view: SessionView): Figure[] {
  const phase = view.session?.phase ?? Phase_Name.draft;
  const sites = view.sites, expected = sites - view.waived;
  const list: Figure[] = [];
  if (isLaunched(phase)) {
    list.push({ word: s('started'), value: number(view.started), of: number(expected), share: share(view.started, expected), kind: sorts(view.started, expected) });
    list.push(counts(s('startedLate'), view.late, 'warn'), counts(s('failed'), view.failed, 'bad'));
    if (view.pending > 0) list.push({ word: s('pending'), value: number(view.pending), kind: 'plain' });
    list.push(counts(s('onBackup'), view.onBackup, 'warn'));
  } else {
    list.push({ word: s('ready'), value: number(view.ready), of: number(expected), share: share(view.ready, expected), kind: sorts(view.ready, expected) });
    list.push(counts(s('notReady'), view.notReady, 'bad'));
    if (view.checking > 0) list.push({ word: s('checking'), value: number(view.checking), kind: 'plain' });
  }
  if (view.waived > 0) list.push({ word: s('waived'), value: number(view.waived), kind: 'plain' });
  list.push({ word: s('online'), value: number(view.online), of: number(sites), share: share(view.online, sites), kind: sorts(view.online, sites) });
  list.push(counts(s('alarms'), Math.max(0, view.alarms - view.shelvedAlarms), 'bad'));
  const who = view.attendance;
  if (who !== undefined) {
    const there = who.present + who.online;
    list.push({
      word: s('present'), value: number(there), of: number(who.expected), share: share(there, who.expected), kind: 'plain',
      note: s('reported', { n: number(view.reportedSites), m: number(sites) }),
    });
  }
  return list;
}

export function Figures(props: { view: SessionView; big?: boolean }) {
  return (
    <dl class={props.big ? 'figures big' : 'figures'}>
      {figuresOf(props.view).map((one) => (
        <div key={one.word} class={`figure ${one.kind}`}>
          <dt>{one.word}{one.note !== undefined && <span> {one.note}</span>}</dt>
          <dd>
            <b>{one.value}</b>{one.of !== undefined && <span class="of">/{one.of}</span>}
            {one.share !== undefined && <span class="meter" aria-hidden="true"><span style={{ width: `${Math.min(1, one.share) * 100}%` }} /></span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
