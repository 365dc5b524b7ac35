// The checks of the last rehearsal, and the attendance that the site reported.
import { Check_Verdict } from '@messages/readiness_pb';
import type { SiteView } from '@messages/view_pb';
import { said } from '@web/language';
import { number } from '@web/numbers';
import { minuteText } from '@web/times';
import { at } from '../session/attendance_texts';
import { checkWord, verdictWord } from '../words';
import { d } from './texts';

const marks: Record<Check_Verdict, string> = {
  [Check_Verdict.not_run]: '–', [Check_Verdict.running]: '…', [Check_Verdict.ok]: '✓', [Check_Verdict.failed]: '✗',
};
const sorts: Record<Check_Verdict, string> = {
  [Check_Verdict.not_run]: 'soft', [Check_Verdict.running]: 'soft', [Check_Verdict.ok]: 'good-text', [Check_Verdict.failed]: 'bad-text',
};

export function SiteChecks(props: { site: SiteView; zone: string }) {
  const checks = props.site.status?.readiness?.checks ?? [];
  return (
    <section class="stack"><h2>{d('checks')}</h2>
      {checks.length === 0 && <p class="soft">{d('noChecks')}</p>}
      <ul class="plain-list">
        {checks.map((check) => (
          <li key={check.kind} class="check-row">
            <span class={sorts[check.verdict]} aria-hidden="true">{marks[check.verdict]}</span>
            <span>{checkWord(check.kind)} <span class="hidden">{verdictWord(check.verdict)}</span>
              {said(check.reason) !== '' && <span class={`small ${sorts[check.verdict]}`}> {said(check.reason)}</span>}</span>
            <span class="soft small">{check.by !== '' ? `${check.by} ` : ''}{minuteText(check.atUs, props.zone)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function SiteAttended(props: { site: SiteView; zone: string }) {
  const attendance = props.site.attendance;
  const counted = attendance?.counted;
  return (
    <section class="stack"><h2>{d('attendance')}</h2>
      {attendance === undefined || !attendance.reported ? <p class="soft">{d('notReported')}</p> : (
        <p>{at('present')} <b>{number(counted?.present ?? 0)}</b>, {at('online')} <b>{number(counted?.online ?? 0)}</b>, {at('excused')} {number(counted?.excused ?? 0)},{' '}
          {at('absent')} {number(counted?.absent ?? 0)} / {at('expected')} {number(counted?.expected ?? 0)}
          <span class="soft"> · {attendance.by} {minuteText(attendance.atUs, props.zone)}</span></p>
      )}
    </section>
  );
}
