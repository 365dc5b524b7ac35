// What the shapes and colours mean, how many there are of each; pressing one filters the wall.
import { useComputed, type ReadonlySignal } from '@preact/signals';
import { Phase_Name } from '@messages/session_pb';
import type { Live } from '../live/live';
import { kinds, kindWord, type Kind } from './verdict';
import { verdictAt } from './verdict_at';

export function Legend(props: { live: Live; phase: ReadonlySignal<Phase_Name>; chosen: Kind | ''; onChoose: (kind: Kind | '') => void }) {
  const tally = useComputed(() => {
    const counts = new Map<Kind, number>();
    for (const id of props.live.siteIds.value) {
      const kind = verdictAt(props.live, id, props.phase)?.kind;
      if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    return kinds.filter((kind) => counts.has(kind)).map((kind) => `${kind} ${counts.get(kind)}`).join();
  });
  const shown = tally.value === '' ? [] : tally.value.split(',').map((row) => row.split(' ') as [Kind, string]);
  return (
    <div class="legend">
      {shown.map(([kind, count]) => (
        <button type="button" key={kind} class={`legend-item k-${kind}`} aria-pressed={props.chosen === kind}
          onClick={() => props.onChoose(props.chosen === kind ? '' : kind)}>
          <i class="shape" aria-hidden="true" />{kindWord(kind)} <b>{count}</b>
        </button>
      ))}
    </div>
  );
}
