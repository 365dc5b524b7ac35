// The control room's screen: needs no hands. Everything that the session page says, large; the loudest alarms below.
import { useComputed } from '@preact/signals';
import { useCallback, useEffect } from 'preact/hooks';
import { Phase_Name } from '@messages/session_pb';
import { said } from '@web/language';
import { number } from '@web/numbers';
import { ageText, millis } from '@web/times';
import { hashOf } from '../app/router';
import { second } from '../live/clock';
import { useLive } from '../live/use';
import { alarmWord, w } from '../words';
import { noFilter, Wall } from '../wall/wall';
import { isShelvedAt, sortAlarms } from './alarm_order';
import { al } from './alarm_texts';
import { Figures } from './figures';
import { isOld, LinkBanner, LinkSign } from './link_state';
import { Rail, SessionClock } from './rail';
import { s } from './texts';

const most = 3;

export function Kiosk(props: { id: string }) {
  const live = useLive(props.id);
  const phase = useComputed(() => {
    void live.sessionIds.value;
    return live.sessions.get(props.id)?.value.session?.phase ?? Phase_Name.draft;
  });
  // A screen that goes dark helps nobody. Browsers without it, or that refuse, change nothing.
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    void navigator.wakeLock?.request('screen').then((got) => (lock = got)).catch(() => undefined);
    return () => void lock?.release();
  }, []);
  const alarms = useComputed(() => sortAlarms(live.alarms.value.values(), second.value).filter((one) => !isShelvedAt(one, second.value)));
  const old = useComputed(() => isOld(live));
  const open = useCallback((id: string) => {
    location.hash = hashOf(['session', props.id, 'wall'], { site: id });
  }, [props.id]);
  void live.sessionIds.value;
  const view = live.sessions.get(props.id)?.value;
  if (view?.session === undefined) return <main class="kiosk"><LinkBanner live={live} /><p>{live.full.value ? s('noSession') : w('loading')}</p></main>;
  return (
    <main class={old.value ? 'kiosk is-old' : 'kiosk'}>
      <LinkBanner live={live} />
      <div class="session-head">
        <h1>{view.session.title}</h1>
        <Rail phase={view.session.phase} />
        <SessionClock session={view.session} />
        <div class="kiosk-corner"><LinkSign live={live} /><a class="small" href={hashOf(['session', props.id])}>{s('wall')}</a></div>
      </div>
      <Figures view={view} big />
      <div class="wall-room"><Wall live={live} phase={phase} filter={noFilter} chosen="" onOpen={open} /></div>
      {alarms.value.length > 0 && (
        <ul class="kiosk-alarms" aria-live="polite">
          {alarms.value.slice(0, most).map((one) => (
            <li key={one.id} class={one.ackedBy === '' ? 'alarm loud' : 'alarm in-hand'}>
              <b class="alarm-kind"><i class="shape" aria-hidden="true" />{alarmWord(one.kind)}</b>
              {one.siteIds.length > 0 && <b>{w('nSites', { n: number(one.siteIds.length) })}</b>}
              <p>{said(one.text)}</p>
              {one.ackedBy !== '' && <span class="soft">{one.ackedBy}</span>}
              <span class="soft">{ageText(second.value - millis(one.raisedUs))}</span>
            </li>
          ))}
          {alarms.value.length > most && <li class="soft">{al('moreAlarms', { n: alarms.value.length - most })}</li>}
        </ul>
      )}
    </main>
  );
}
