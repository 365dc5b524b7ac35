// The report: what it comes to on the page, and for download as CSV, JSON and a page to print.
import { Table } from '@web/components/table';
import { SessionReportSchema, type LaunchReport } from '@messages/report_pb';
import { Outcome_State, type Session } from '@messages/session_pb';
import { defineTexts, language, said } from '@web/language';
import { number } from '@web/numbers';
import { dateTimeText, millis, minuteText, spanText } from '@web/times';
import { get, part } from '../live/api';
import { roster } from '../live/roster';
import { useAsked } from '../live/use';
import { alarmWord, outcomeWord, w } from '../words';
import { CountsRow } from './attendance_tab';
import { al } from './alarm_texts';

const t = defineTexts({
  final: ['Báo cáo cuối cùng', 'Final report'],
  sofar: ['Báo cáo tới lúc {t}', 'Report as of {t}'],
  print: ['Bản để in', 'To print'],
  csv: ['Điểm danh (CSV)', 'Attendance (CSV)'],
  names: ['Theo tên (CSV)', 'Check-ins (CSV)'],
  json: ['Tất cả (JSON)', 'Everything (JSON)'],
  launch: ['Phát lệnh', 'Launch'],
  started: ['Lên hình đúng giờ', 'Started on time'],
  late: ['Chậm', 'Late'],
  failed: ['Không lên được', 'Failed'],
  lastAck: ['Nơi nhận lệnh cuối cùng', 'Last acknowledgement'],
  skew: ['Lệch giờ lên hình (p99)', 'Skew of starts (p99)'],
  who: ['Nơi chậm hoặc không lên được', 'Late or failed'],
  site: ['Điểm cầu', 'Site'],
  outcome: ['Kết quả', 'Outcome'],
  alarms: ['Cảnh báo: {n}', 'Alarms: {n}'],
  attendance: ['Điểm danh: {name}', 'Attendance: {name}'],
  help: ['Lần gọi hỗ trợ: {n}', 'Calls for help: {n}'],
  records: ['Bản ghi trong sổ: {n}', 'Records in the ledger: {n}'],
});

function LaunchFigures(props: { launch: LaunchReport }) {
  const { launch } = props;
  const rows: [string, string][] = [
    [t('started'), `${number(launch.started)}/${number(launch.sites - launch.waived)}`], [t('late'), number(launch.late)], [t('failed'), number(launch.failed)],
    [t('lastAck'), `${number(launch.lastAckMs)} ms`], [t('skew'), launch.realSites > 0 ? `${number(launch.skewP99Ms, 1)} ms` : '–'],
  ];
  return <dl class="figures">{rows.map(([word, value]) => <div key={word} class="figure plain"><dt>{word}</dt><dd><b>{value}</b></dd></div>)}</dl>;
}

export function ReportTab(props: { session: Session }) {
  const { session } = props;
  const at = `/api/v1/sessions/${part(session.id)}`;
  const asked = useAsked(() => get(SessionReportSchema, `${at}/report`), [session.id, session.phase]);
  const report = asked.value.value;
  const nameOf = (id: string) => roster.value?.sites.find((site) => site.id === id)?.name ?? id;
  if (report === null) return <p class={asked.failure.value === '' ? 'soft' : 'wrong'} role="status">{asked.failure.value || w('loading')}</p>;
  const bad = report.outcomes.filter((one) => one.state === Outcome_State.late || one.state === Outcome_State.failed);
  return (
    <div class="stack">
      <div class="row wrap">
        <h2 class="grow">{report.final ? t('final') : t('sofar', { t: dateTimeText(report.madeUs, session.timeZone) })}</h2>
        <a class="button main" href={`${at}/report.html?lang=${language.value}`} target="_blank" rel="noopener">{t('print')}</a>
        <a class="button" href={`${at}/attendance.csv`} download>{t('csv')}</a>
        <a class="button" href={`${at}/checkins.csv`} download>{t('names')}</a>
        <a class="button" href={`${at}/report`} download={`${session.id}.json`}>{t('json')}</a>
      </div>
      {report.launch !== undefined && report.launch.sites > 0 && <section class="card"><h2>{t('launch')}</h2><LaunchFigures launch={report.launch} /></section>}
      {bad.length > 0 && (
        <section class="card"><h2>{t('who')}</h2>
          <Table caption={t('who')} rows={bad} rowKey={(row) => row.siteId} columns={[
            { key: 'site', title: t('site'), cell: (row) => nameOf(row.siteId), order: (row) => nameOf(row.siteId) },
            { key: 'outcome', title: t('outcome'), cell: (row) => outcomeWord(row.state), order: (row) => row.state },
            { key: 'why', title: w('reason'), cell: (row) => said(row.reason) },
          ]} />
        </section>
      )}
      {report.attendance.map((one) => (
        <section class="card" key={one.sittingId}>
          <h2>{t('attendance', { name: session.sittings.find((sitting) => sitting.id === one.sittingId)?.title || one.sittingId })}</h2>
          <CountsRow counts={one.total} />
        </section>
      ))}
      <section class="card"><h2>{t('alarms', { n: report.alarms.length })}</h2>
        <Table caption={t('alarms', { n: report.alarms.length })} rows={report.alarms} rowKey={(row) => row.id} empty={al('none')} columns={[
          { key: 'raised', title: al('raised'), cell: (row) => minuteText(row.raisedUs, session.timeZone), order: (row) => Number(row.raisedUs) },
          { key: 'kind', title: al('kind'), cell: (row) => alarmWord(row.kind), order: (row) => row.kind },
          { key: 'what', title: al('what'), cell: (row) => said(row.text) },
          { key: 'most', title: al('most'), end: true, cell: (row) => number(row.sitesPeak), order: (row) => row.sitesPeak },
          { key: 'lasted', title: al('lasted'), end: true, cell: (row) => (row.clearedUs === 0n ? '' : spanText(millis(row.clearedUs - row.raisedUs))) },
          { key: 'by', title: al('by'), cell: (row) => row.ackedBy },
        ]} />
      </section>
      <p class="soft">{t('help', { n: report.helpRequests.length })} · {t('records', { n: number(report.records) })}</p>
    </div>
  );
}
