// Who is not ready, or not on air: why, and whom to call.
import { useComputed, useSignal, type ReadonlySignal } from '@preact/signals';
import { Button } from '@web/components/button';
import { Phase_Name } from '@messages/session_pb';
import { LinkState_Name, type SessionView, type SiteView } from '@messages/view_pb';
import { ageText, millis } from '@web/times';
import { second } from '../live/clock';
import type { Live } from '../live/live';
import { maySteer } from '../live/me';
import { tried } from '../live/use';
import { Asking } from '../app/asking';
import { isTrouble, kindWord, verdictOf, type Verdict } from '../wall/verdict';
import { w } from '../words';
import { checkAgain, waive } from './acts';
import { isAwaited, isLaunched } from './figures';
import { s } from './texts';

const first = 12;

export interface Waiting {
  site: SiteView;
  verdict: Verdict;
}

/** Sites that hold up the start, worst first. Before the launch also those that were never checked. */
export function waitingOf(live: Live, phase: Phase_Name): Waiting[] {
  const out: Waiting[] = [];
  for (const id of live.siteIds.value) {
    const site = live.sites.get(id)?.value;
    if (site === undefined) continue;
    const verdict = verdictOf(site, phase);
    const isUnready = !isLaunched(phase) && (verdict.kind === 'waiting' || verdict.kind === 'checking') && phase !== Phase_Name.scheduled && phase !== Phase_Name.draft;
    if (isTrouble(verdict.kind) || isUnready) out.push({ site, verdict });
  }
  return out;
}

export function Phone(props: { site: SiteView }) {
  const technician = props.site.technician;
  if (technician === undefined || (technician.phone === '' && technician.name === '')) return null;
  return (
    <span class="phone">
      {technician.name}{' '}
      {technician.phone !== '' && <a href={`tel:${technician.phone.replace(/[^+\d]/g, '')}`}>{technician.phone}</a>}
    </span>
  );
}

export function whyOf(one: Waiting): string {
  const { site, verdict } = one;
  const isGone = site.link === LinkState_Name.offline || site.link === LinkState_Name.stale;
  const age = isGone && site.heardUs !== 0n ? ` ${ageText(second.value - millis(site.heardUs))}` : '';
  return verdict.note === '' ? kindWord(verdict.kind) + age : `${kindWord(verdict.kind)}: ${verdict.note}`;
}

export function WaitingFor(props: { live: Live; view: SessionView; phase: ReadonlySignal<Phase_Name>; onOpen: (id: string) => void }) {
  const { live, phase } = props;
  const asked = useSignal<SiteView | null>(null);
  const all = useSignal(false);
  const list = useComputed(() => waitingOf(live, phase.value));
  const isBefore = !isLaunched(phase.value);
  if (phase.value === Phase_Name.ended || phase.value === Phase_Name.closed) return null;
  const found = list.value;
  const id = props.view.session?.id ?? '';
  return (
    <section class="card" aria-label={s(isBefore ? 'notReady' : 'pending')}>
      <h2>{s(isBefore ? 'whoNot' : 'whoNotStarted', { n: found.length })}</h2>
      {found.length === 0 && isBefore && props.view.ready > 0 && <p class="soft">{s('allReady', { n: props.view.sites - props.view.waived })}</p>}
      <ul class="plain-list">
        {found.slice(0, all.value ? found.length : first).map((one) => (
          <li key={one.site.siteId} class="waiting">
            <button type="button" class="link-button" onClick={() => props.onOpen(one.site.siteId)}>{one.site.name || one.site.siteId}</button>
            <span class="why">{whyOf(one)}</span>
            <Phone site={one.site} />
            {isBefore && maySteer.value && <Button kind="quiet" class="small-button" onClick={() => (asked.value = one.site)}>{s('waive')}</Button>}
          </li>
        ))}
      </ul>
      {found.length > 0 && isAwaited(phase.value) && maySteer.value && (
        <Button onClick={() => void tried(() => checkAgain(id, found.map((one) => one.site.siteId)), w('done'))}>{s('checkAgain', { n: found.length })}</Button>
      )}
      {found.length > first && !all.value && <Button kind="quiet" onClick={() => (all.value = true)}>{s('more', { n: found.length - first })}</Button>}
      {asked.value !== null && (
        <Asking title={s('waiveAsk', { name: asked.value.name })} field={w('reason')} needed act={s('waive')} onClose={() => (asked.value = null)}
          onAct={(reason) => tried(() => waive(id, [asked.value?.siteId ?? ''], reason), w('done'))} />
      )}
    </section>
  );
}
