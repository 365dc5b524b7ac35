// Replay: a session as it was at any moment that the flight recorder kept, by a slider; the wall, the figures and the alarms
// are those of the live page, filled from the past.
import './replay.css';
import { effect, useComputed, useSignal, type Signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
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
import { phaseWord } from '../words';
import { sortAlarms } from './alarm_order';
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
  reading: ['Đang đọc lại hành trình của phiên…', 'Reading what the session\'s flight recorder kept…'],
});

const speeds = [1, 10, 60] as const;
const askAfterMs = 120;

// What it was heard of last is not kept; without it no age is shown, which would be counted from today.
function ageless(update: ViewUpdate): ViewUpdate {
  for (const site of update.sites) site.heardUs = 0n;
  return update;
}

/** What there is of that moment: the wall and the alarms when they have been read, what happened before at once. */
function Then(props: { live: Live; session: Session; atMs: number; entries: readonly TimelineEntry[] }) {
  const { live } = props;
  const filter = useSignal<WallFilter>(noFilter);
  const phase = useComputed(() => {
    void live.sessionIds.value;
    return live.sessions.get(props.session.id)?.value.session?.phase ?? Phase_Name.draft;
  });
  void live.sessionIds.value;
  const view = live.sessions.get(props.session.id)?.value;
  const alarms = sortAlarms(live.alarms.value.values(), props.atMs);
  const recent = props.entries.filter((one) => millis(one.atUs) <= props.atMs).slice(-8).reverse();
  return (
    <>
      {view !== undefined && <Figures view={view} />}
      {view !== undefined && <div class="wall-bar"><Legend live={live} phase={phase} chosen={filter.value.kind} onChoose={(kind) => (filter.value = { ...noFilter, kind })} /></div>}
      <div class="replay-main">
        <div class="wall-room">
          {view === undefined ? <p class="soft replay-reading" role="status">{t('reading')}</p>
            : <Wall live={live} phase={phase} filter={filter.value} chosen="" onOpen={() => undefined} />}
        </div>
        <div class="stack">
          <section class="card"><h2>{t('alarms')}</h2>
            {alarms.length === 0 && <p class="soft">{view === undefined ? '…' : t('noAlarms')}</p>}
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

interface Looking {
  live: Live;
  /** The moment that `live` shows; 0: none yet. */
  shown: Signal<number>;
  failure: Signal<string>;
}

/** Asks for the moment that is wanted, one at a time: when an answer takes longer than the slider moves, the newest wish is next,
    and what has come is shown meanwhile. */
function useMoment(id: string, at: Signal<number>): Looking {
  const live = useMemo(() => new Live(id, 'past'), [id]);
  const shown = useSignal(0), failure = useSignal('');
  useEffect(() => {
    let isOver = false, isBusy = false, timer = 0;
    const look = async () => {
      if (isBusy) return;
      isBusy = true;
      while (!isOver && shown.peek() !== at.peek()) {
        const moment = at.peek();
        try {
          const update = await get(ViewUpdateSchema, `/api/v1/sessions/${part(id)}/view?at=${micros(moment)}`);
          if (isOver) return;
          live.show(ageless(update));
          shown.value = moment;
          failure.value = '';
        } catch (error) {
          failure.value = saying(error);
          break;
        }
      }
      isBusy = false;
    };
    const stop = effect(() => {
      void at.value;
      clearTimeout(timer);
      timer = window.setTimeout(() => void look(), shown.peek() === 0 ? 0 : askAfterMs);
    });
    return () => {
      isOver = true;
      stop();
      clearTimeout(timer);
    };
  }, [id]);
  return { live, shown, failure };
}

function Player(props: { session: Session; span: ReplaySpan; entries: readonly TimelineEntry[] }) {
  const { session, span, entries } = props;
  const first = millis(span.firstUs), last = Math.max(first + 1000, millis(span.lastUs));
  // Where it began to matter; of one that has not started, how it stands: at its first moment nothing was told of any site yet.
  const at = useSignal(session.startAtUs === 0n ? last : Math.max(first, Math.min(last, millis(session.startAtUs))));
  const speed = useSignal(0);
  const { live, shown: shownAt, failure } = useMoment(session.id, at);
  const moment = at.value;
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
        <div class="row wrap"><h2 class="grow">{t('looking', { t: shown })}</h2><span class="soft small">{span.traced ? t('noSamples') : t('untraced')}</span></div>
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
        </div>
        <Reading isOver={shownAt.value === moment || failure.value !== ''} />
        {failure.value !== '' && <p class="wrong" role="alert">{failure.value}</p>}
      </section>
      <Then live={live} session={session} atMs={moment} entries={entries} />
    </>
  );
}

// Its room stays when it is over, so that nothing jumps.
function Reading({ isOver }: { isOver: boolean }) {
  return <progress class={isOver ? 'reading over' : 'reading'} aria-label={t('reading')} aria-hidden={isOver} />;
}

/** The page as it will be, while it is not yet known from when to when there is something. */
function Frame() {
  return (
    <>
      <section class="card stack replay-head"><h2>{t('looking', { t: '…' })}</h2><Reading isOver={false} /></section>
      <div class="replay-main"><div class="wall-room"><p class="soft replay-reading" role="status">{t('reading')}</p></div>
        <div class="stack"><section class="card"><h2>{t('alarms')}</h2><p class="soft">…</p></section><section class="card"><h2>{t('before')}</h2><p class="soft">…</p></section></div></div>
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
      {found === null && failure === '' && <Frame />}
      {found !== null && found.firstUs === 0n && <p class="soft">{t('nothing')} {phaseWord(props.session.phase)}</p>}
      {found !== null && found.firstUs !== 0n && <Player session={props.session} span={found} entries={timeline.value.value?.entries ?? []} />}
    </div>
  );
}
