// The verdict of each site as a signal of its own. The tile, the sum of its area, the legend and the list beside the wall all
// hang on it: an update of a site is looked at once, and whoever shows it hears of it when it says something else.
import { computed, type ReadonlySignal } from '@preact/signals';
import type { Phase_Name } from '@messages/session_pb';
import type { Live } from '../live/live';
import { verdictOf, type Kind, type Verdict } from './verdict';

type Cells = Map<string, ReadonlySignal<string>>;
// A page has one signal for its phase: what it knew goes with it.
const known = new WeakMap<ReadonlySignal<Phase_Name>, Cells>();

function cellOf(live: Live, id: string, phase: ReadonlySignal<Phase_Name>): ReadonlySignal<string> {
  let cells = known.get(phase);
  if (cells === undefined) known.set(phase, (cells = new Map()));
  let cell = cells.get(id);
  if (cell === undefined) {
    cell = computed(() => {
      // A site that went and came back has another signal.
      void live.siteIds.value;
      const site = live.sites.get(id)?.value;
      if (site === undefined) return '';
      const { kind, note } = verdictOf(site, phase.value);
      return `${kind}\n${note}`;
    });
    cells.set(id, cell);
  }
  return cell;
}

/** undefined: there is no such site. */
export function verdictAt(live: Live, id: string, phase: ReadonlySignal<Phase_Name>): Verdict | undefined {
  const text = cellOf(live, id, phase).value;
  if (text === '') return undefined;
  const end = text.indexOf('\n');
  return { kind: text.slice(0, end) as Kind, note: text.slice(end + 1) };
}
