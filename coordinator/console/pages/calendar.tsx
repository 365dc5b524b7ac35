// A month of sessions, weeks from Monday. What is drawn is plain: a table whose cells are days.
import { useSignal } from '@preact/signals';
import { Button } from '@web/components/button';
import type { SessionView } from '@messages/view_pb';
import { defineTexts, language } from '@web/language';
import { millis, minuteText, partsIn, defaultZone } from '@web/times';
import { hashOf } from '../app/router';
import { nowMs } from '../live/clock';

const t = defineTexts({
  before: ['Tháng trước', 'Month before'],
  after: ['Tháng sau', 'Month after'],
  today: ['Hôm nay', 'Today'],
  month: ['Tháng {m}/{y}', '{m}/{y}'],
});
const weekdays = { vi: ['T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'CN'], en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] };

export interface Day {
  day: number;
  /** Of this month, and not of its neighbours that fill the weeks. */
  isInside: boolean;
  key: string;
}

export const dayKey = (year: number, month: number, day: number): string => `${year}-${month}-${day}`;

export function monthDays(year: number, month: number): Day[][] {
  const first = new Date(Date.UTC(year, month - 1, 1));
  const lead = (first.getUTCDay() + 6) % 7;
  const weeks: Day[][] = [];
  for (let at = 1 - lead; ; at += 7) {
    const week: Day[] = [];
    for (let offset = 0; offset < 7; ++offset) {
      const date = new Date(Date.UTC(year, month - 1, at + offset));
      week.push({ day: date.getUTCDate(), isInside: date.getUTCMonth() === month - 1, key: dayKey(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()) });
    }
    weeks.push(week);
    if (new Date(Date.UTC(year, month - 1, at + 7)).getUTCMonth() !== month - 1) return weeks;
  }
}

export function Calendar(props: { views: readonly SessionView[] }) {
  const today = partsIn(nowMs(), defaultZone);
  const shown = useSignal({ year: today.year, month: today.month });
  const { year, month } = shown.value;
  const step = (by: number) => {
    const date = new Date(Date.UTC(year, month - 1 + by, 1));
    shown.value = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1 };
  };
  const byDay = new Map<string, SessionView[]>();
  for (const view of props.views) {
    if (view.session === undefined) continue;
    const at = partsIn(millis(view.session.scheduledStartUs), view.session.timeZone);
    const key = dayKey(at.year, at.month, at.day);
    byDay.set(key, [...(byDay.get(key) ?? []), view]);
  }
  const todayKey = dayKey(today.year, today.month, today.day);
  return (
    <section class="card stack">
      <div class="row">
        <Button onClick={() => step(-1)} label={t('before')}>‹</Button>
        <h2 class="grow center">{t('month', { m: month, y: year })}</h2>
        <Button onClick={() => (shown.value = { year: today.year, month: today.month })}>{t('today')}</Button>
        <Button onClick={() => step(1)} label={t('after')}>›</Button>
      </div>
      <div class="table-wrap" tabIndex={0} role="region" aria-label={t('month', { m: month, y: year })}>
        <table class="calendar">
          <thead><tr>{weekdays[language.value].map((day) => <th key={day} scope="col">{day}</th>)}</tr></thead>
          <tbody>
            {monthDays(year, month).map((week) => (
              <tr key={week[0]?.key}>
                {week.map((day) => (
                  <td key={day.key} class={`${day.isInside ? '' : 'outside'}${day.key === todayKey ? ' today' : ''}`} aria-current={day.key === todayKey ? 'date' : undefined}>
                    <span class="day">{day.day}</span>
                    {(byDay.get(day.key) ?? []).sort((x, y) => Number((x.session?.scheduledStartUs ?? 0n) - (y.session?.scheduledStartUs ?? 0n))).map((view) => (
                      <a key={view.session?.id} class="calendar-session" href={hashOf(['session', view.session?.id ?? ''])}>
                        <b>{minuteText(view.session?.scheduledStartUs ?? 0n, view.session?.timeZone)}</b> {view.session?.title}</a>
                    ))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
