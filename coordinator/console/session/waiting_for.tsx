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
import { isTrouble, kindWord, verdictOf, type Kind, type Verdict } from '../wall/verdict';
import { verdictAt } from '../wall/verdict_at';
import { w } from '../words';
import { checkAgain, waive } from './acts';
import { isAwaited, isLaunched } from './figures';
import { s } from './texts';

const first = 12;

export interface Waiting {
  site: SiteView;
  verdict: Verdict;
}

/** Whether a site holds up the start. Before the launch also one that was never checked. */
function isWaiting(kind: Kind, phase: Phase_Name): boolean {
  const isUnready = !isLaunched(phase) && (kind === 'waiting' || kind === 'checking') && phase !== Phase_Name.scheduled && phase !== Phase_Name.draft;
  return isTrouble(kind) || isUnready;
}

export function waitingOf(live: Live, phase: Phase_Name): Waiting[] {
  const out: Waiting[] = [];
  for (const id of live.siteIds.value) {
    const site = live.sites.get(id)?.value;
    if (site === undefined) continue;
    const verdict = verdictOf(site, phase);
    if (isWaiting(verdict.kind, phase)) out.push({ site, verdict });
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

function Row(props: { live: Live; id: string; phase: ReadonlySignal<Phase_Name>; onOpen: (id: string) => void; onWaive: ((site: SiteView) => void) | null }) {
  const site = props.live.sites.get(props.id)?.value;
  const verdict = verdictAt(props.live, props.id, props.phase);
  if (site === undefined || verdict === undefined) return null;
  return (
    <li class="waiting">
      <button type="button" class="link-button" onClick={() => props.onOpen(props.id)}>{site.name || props.id}</button>
      <span class="why">{whyOf({ site, verdict })}</span>
      <Phone site={site} />
      {props.onWaive !== null && <Button kind="quiet" class="small-button" onClick={() => props.onWaive?.(site)}>{s('waive')}</Button>}
    </li>
  );
}

export function WaitingFor(props: { live: Live; view: SessionView; phase: ReadonlySignal<Phase_Name>; onOpen: (id: string) => void }) {
  const { live, phase } = props;
  const asked = useSignal<SiteView | null>(null);
  const all = useSignal(false);
  // As one string: it is drawn again when other sites are in it, and each row when its own site says something else.
  const list = useComputed(() => live.siteIds.value.filter((site) => {
    const kind = verdictAt(live, site, phase)?.kind;
    return kind !== undefined && isWaiting(kind, phase.value);
  }).join('\n'));
  const isBefore = !isLaunched(phase.value);
  if (phase.value === Phase_Name.ended || phase.value === Phase_Name.closed) return null;
  const found = list.value === '' ? [] : list.value.split('\n');
  const waives = isBefore && maySteer.value ? (site: SiteView) => (asked.value = site) : null;
  const id = props.view.session?.id ?? '';
  return (
    <section class="card" aria-label={s(isBefore ? 'notReady' : 'pending')}>
      <h2>{s(isBefore ? 'whoNot' : 'whoNotStarted', { n: found.length })}</h2>
      {found.length === 0 && isBefore && props.view.ready > 0 && <p class="soft">{s('allReady', { n: props.view.sites - props.view.waived })}</p>}
      <ul class="plain-list">
        {found.slice(0, all.value ? found.length : first).map((one) => <Row key={one} live={live} id={one} phase={phase} onOpen={props.onOpen} onWaive={waives} />)}
      </ul>
      {found.length > 0 && isAwaited(phase.value) && maySteer.value && (
        <Button onClick={() => void tried(() => checkAgain(id, found), w('done'))}>{s('checkAgain', { n: found.length })}</Button>
      )}
      {found.length > first && !all.value && <Button kind="quiet" onClick={() => (all.value = true)}>{s('more', { n: found.length - first })}</Button>}
      {asked.value !== null && (
        <Asking title={s('waiveAsk', { name: asked.value.name })} field={w('reason')} needed act={s('waive')} onClose={() => (asked.value = null)}
          onAct={(reason) => tried(() => waive(id, [asked.value?.siteId ?? ''], reason), w('done'))} />
      )}
    </section>
  );
}
