// The wall with its filter and legend, and beside it who asks for somebody: alarms, and sites that are not ready or not on air.
import { useComputed, useSignal, type ReadonlySignal } from '@preact/signals';
import { Phase_Name } from '@messages/session_pb';
import type { SessionView } from '@messages/view_pb';
import type { Live } from '../live/live';
import { areaPath, roster } from '../live/roster';
import { SoundButton } from '../app/sound_button';
import { Legend } from '../wall/legend';
import { noFilter, Wall, type WallFilter } from '../wall/wall';
import { w } from '../words';
import { AlarmList } from './alarm_list';
import { s } from './texts';
import { WaitingFor } from './waiting_for';

function areasOf(live: Live): { id: string; name: string }[] {
  void roster.value;
  const ids = new Set<string>();
  for (const id of live.siteIds.value) ids.add(live.sites.get(id)?.peek().areaId ?? '');
  return [...ids].map((id) => ({ id, name: areaPath(id) })).sort((a, b) => a.name.localeCompare(b.name, 'vi', { numeric: true }));
}

export interface OverviewProps {
  live: Live;
  view: SessionView;
  phase: ReadonlySignal<Phase_Name>;
  site: string;
  onOpen: (id: string) => void;
}

export function Overview(props: OverviewProps) {
  const filter = useSignal<WallFilter>(noFilter);
  const set = (change: Partial<WallFilter>) => {
    filter.value = { ...filter.value, ...change };
  };
  const { live, phase } = props;
  const areas = useComputed(() => areasOf(live));
  return (
    <div class="overview">
      <div class="overview-side">
        <section class="card alarms-card" aria-label={s('alarms')}>
          <div class="row"><h2 class="grow">{s('alarms')}</h2><SoundButton /></div>
          <AlarmList live={live} zone={props.view.session?.timeZone ?? ''} onOpen={props.onOpen} />
        </section>
        <WaitingFor live={live} view={props.view} phase={phase} onOpen={props.onOpen} />
        {props.view.session?.notes !== undefined && props.view.session.notes !== '' && (
          <section class="card"><h2>{w('notes')}</h2><p class="lines">{props.view.session.notes}</p>
            {props.view.session.documents.map((one) => (
              <p key={one.url}><a href={one.url} target="_blank" rel="noopener noreferrer">{one.title || one.url}</a></p>
            ))}
          </section>
        )}
      </div>
      <div class="overview-main">
        <div class="wall-bar">
          <input type="search" class="find" aria-label={s('filterName')} placeholder={`${s('filterName')}…`} value={filter.value.text}
            onInput={(event) => set({ text: event.currentTarget.value })} />
          <select aria-label={s('filterArea')} class="find" value={filter.value.area} onChange={(event) => set({ area: event.currentTarget.value })}>
            <option value="">{s('allAreas')}</option>
            {areas.value.map((area) => <option key={area.id} value={area.id}>{area.name}</option>)}
          </select>
          <Legend live={live} phase={phase} chosen={filter.value.kind} onChoose={(kind) => set({ kind })} />
        </div>
        <div class="wall-room"><Wall live={live} phase={phase} filter={filter.value} chosen={props.site} onOpen={props.onOpen} /></div>
      </div>
    </div>
  );
}
