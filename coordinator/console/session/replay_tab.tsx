// Replay: a session as it was at any moment that the flight recorder kept, by a slider; the wall, the figures and the alarms
// are those of the live page, filled from the past.
import './replay.css';
import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Alarm_State } from '@messages/alarm_pb';
import { ReplaySpanSchema, type ReplaySpan } from '@messages/history_pb';
import { Phase_Name, type Session } from '@messages/session_pb';
import { TimelineSchema, ViewUpdateSchema, type ViewUpdate } from '@messages/view_pb';
import type { TimelineEntry } from '@messages/timeline_pb';
import { Button } from '@web/components/button';
import { defineTexts, said } from '@web/language';
import { dateText, micros, millis, secondText } from '@web/times';
import { get, part, saying } from '../live/api';
import { Live } from '../live/live';
import { useAsked } from '../live/use';
import { Legend } from '../wall/legend';
import { noFilter, Wall, type WallFilter } from '../wall/wall';
import { phaseWord, w } from '../words';
import { eventNear } from './event_near';
import { Figures } from './figures';

const t = defineTexts({
  looking: ['Đang xem lại: {t}', 'Replay: {t}'],
  moment: ['Thời điểm', 'Moment'],
  play: ['Chạy', 'Play'],
  stop: ['Dừng', 'Stop'],
  speed: ['Nhanh {n} lần', '{n} times as fast'],
  nothing: ['Phiên này chưa có gì được ghi lại.', 'Nothing of this session was recorded yet.'],
  untraced: ['Phiên chạy từ trước khi có bộ ghi hành trình: chỉ xem lại được các bước và cảnh báo.', 'The session ran before there was a flight recorder: only phases and alarms can be seen.'],
  noSamples: ['Số đo từng giây không được giữ; trạng thái, cảnh báo và điểm danh thì có.', 'Measurements of each second are not kept; states, alarms and attendance are.'],
  alarms: ['Cảnh báo lúc đó', 'Alarms then'],
  noAlarms: ['Không có.', 'None.'],
  before: ['Vừa xảy ra', 'Just before'],
  previous: ['Sự kiện trước', 'Previous event'],
  next: ['Sự kiện sau', 'Next event'],
});

const speeds = [1, 10, 60] as const;
const askAfterMs = 120;

// What it was heard of last is not kept; without it no age is shown, which would be counted from today.
function ageless(update: ViewUpdate): ViewUpdate {
  for (const site of update.sites) site.heardUs = 0n;
  return update;
}

function Then(props: { live: Live; session: Session; atMs: number; entries: readonly TimelineEntry[] }) {
  const { live } = props;
  const filter = useSignal<WallFilter>(noFilter);
  const phase = useComputed(() => {
    void live.sessionIds.value;
    return live.sessions.get(props.session.id)?.value.session?.phase ?? Phase_Name.draft;
  });
  void live.sessionIds.value;
  const view = live.sessions.get(props.session.id)?.value;
  if (view === undefined) return <p class="soft">{w('loading')}</p>;
  const alarms = [...live.alarms.value.values()].filter((one) => one.state === Alarm_State.raised);
  const recent = props.entries.filter((one) => millis(one.atUs) <= props.atMs).slice(-8).reverse();
  return (
    <>
      <Figures view={view} />
      <div class="wall-bar"><Legend live={live} phase={phase} chosen={filter.value.kind} onChoose={(kind) => (filter.value = { ...noFilter, kind })} /></div>
      <div class="replay-main">
        <div class="wall-room"><Wall live={live} phase={phase} filter={filter.value} chosen="" onOpen={() => undefined} /></div>
        <div class="stack">
          <section class="card"><h2>{t('alarms')}</h2>
            {alarms.length === 0 && <p class="soft">{t('noAlarms')}</p>}
            {alarms.map((one) => <p key={one.id}>{said(one.text)} <span class="soft small">{one.ackedBy}</span></p>)}
          </section>
          <section class="card"><h2>{t('before')}</h2>
            <ol class="timeline">
              {recent.map((one) => (
                <li key={String(one.seq)} class={`event ${one.kind.split('.')[0]}`}><time>{secondText(one.atUs, props.session.timeZone)}</time><p>{said(one.text)}</p></li>
              ))}
            </ol>
          </section>
        </div>
      </div>
    </>
  );
}

function Player(props: { session: Session; span: ReplaySpan; entries: readonly TimelineEntry[] }) {
  const { session, span, entries } = props;
  const first = millis(span.firstUs), last = Math.max(first + 1000, millis(span.lastUs));
  const at = useSignal(Math.max(first, Math.min(last, session.startAtUs === 0n ? first : millis(session.startAtUs))));
  const speed = useSignal(0);
  const failure = useSignal('');
  const live = useMemo(() => new Live(session.id, true), [session.id]);
  const moment = at.value;
  useEffect(() => {
    let isOver = false;
    const timer = setTimeout(() => {
      get(ViewUpdateSchema, `/api/v1/sessions/${part(session.id)}/view?at=${micros(moment)}`).then(
        (update) => {
          if (isOver) return;
          live.show(ageless(update));
          failure.value = '';
        },
        (error: unknown) => {
          if (!isOver) failure.value = saying(error);
        });
    }, askAfterMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [moment, session.id]);
  useEffect(() => {
    if (speed.value === 0) return undefined;
    const timer = setInterval(() => {
      at.value = Math.min(last, at.peek() + speed.peek() * 1000);
      if (at.peek() >= last) speed.value = 0;
    }, 1000);
    return () => clearInterval(timer);
  }, [speed.value]);
  const jump = (step: -1 | 1) => {
    const found = eventNear(entries, at.value, step);
    if (!Number.isNaN(found)) at.value = Math.min(last, Math.max(first, found + 500));
  };
  const shown = `${secondText(micros(moment), session.timeZone)} ${dateText(micros(moment), session.timeZone)}`;
  return (
    <>
      <section class="card stack replay-head">
        <h2>{t('looking', { t: shown })}</h2>
        <div class="replay-bar">
          <div class="row wrap">
            <Button label={t('previous')} onClick={() => jump(-1)}>«</Button>
            {speed.value > 0 ? <Button kind="main" onClick={() => (speed.value = 0)}>{t('stop')}</Button>
              : speeds.map((one) => <Button key={one} label={`${t('play')}: ${t('speed', { n: one })}`} onClick={() => (speed.value = one)}>▶ ×{one}</Button>)}
            <Button label={t('next')} onClick={() => jump(1)}>»</Button>
          </div>
          <div>
            <input type="range" aria-label={t('moment')} aria-valuetext={shown} min={first} max={last} step={1000} value={moment}
              onInput={(event) => (at.value = Number(event.currentTarget.value))} />
            <div class="replay-marks" aria-hidden="true">
              {entries.filter((one) => /^(session|alarm)\./.test(one.kind)).map((one) => (
                <i key={String(one.seq)} class={one.kind.startsWith('alarm') ? 'alarm' : ''} title={said(one.text)}
                  style={{ left: `${Math.min(100, Math.max(0, ((millis(one.atUs) - first) / (last - first)) * 100))}%` }} />
              ))}
            </div>
          </div>
          <output>{secondText(micros(moment), session.timeZone)}</output>
        </div>
        <p class="soft small">{span.traced ? t('noSamples') : t('untraced')}</p>
        {failure.value !== '' && <p class="wrong" role="alert">{failure.value}</p>}
      </section>
      <Then live={live} session={session} atMs={moment} entries={entries} />
    </>
  );
}

export function ReplayTab(props: { session: Session }) {
  const id = part(props.session.id);
  const span = useAsked(() => get(ReplaySpanSchema, `/api/v1/sessions/${id}/replay`), [id]);
  const timeline = useAsked(() => get(TimelineSchema, `/api/v1/sessions/${id}/timeline`), [id]);
  const found = span.value.value;
  const failure = span.failure.value || timeline.failure.value;
  return (
    <div class="replay">
      {failure !== '' && <p class="wrong" role="alert">{failure}</p>}
      {found === null && failure === '' && <p class="soft">{w('loading')}</p>}
      {found !== null && found.firstUs === 0n && <p class="soft">{t('nothing')} {phaseWord(props.session.phase)}</p>}
      {found !== null && found.firstUs !== 0n && <Player session={props.session} span={found} entries={timeline.value.value?.entries ?? []} />}
    </div>
  );
}
