// The audit log: who did what, or tried to; and whether its chain still holds.
import { useState } from 'preact/hooks';
import { AuditEntry_Outcome, type AuditEntry } from '@messages/audit_pb';
import { AuditPageSchema, AuditVerdictSchema, type AuditVerdict } from '@messages/people_pb';
import './people.css';
import { Button } from '@web/components/button';
import { Table } from '@web/components/table';
import { toast } from '@web/components/toast';
import { fold, finds } from '@web/fold';
import { defineTexts, said } from '@web/language';
import { number } from '@web/numbers';
import { dateText, secondText } from '@web/times';
import { get, saying } from '../live/api';
import { auditWord, w } from '../words';
import { useLoaded } from '../parts/loaded';

const t = defineTexts({
  title: ['Nhật ký kiểm tra', 'Audit log'],
  when: ['Lúc', 'When'],
  who: ['Ai', 'Who'],
  act: ['Việc', 'Act'],
  subject: ['Đối tượng', 'Subject'],
  outcome: ['Kết quả', 'Outcome'],
  detail: ['Chi tiết', 'Detail'],
  older: ['Cũ hơn', 'Older'],
  newest: ['Mới nhất', 'Newest'],
  filter: ['Lọc theo người, việc, đối tượng', 'Filter by who, act, subject'],
  verify: ['Kiểm tra chuỗi', 'Check the chain'],
  whole: ['Chuỗi còn nguyên: {n} mục. Mã của mục mới nhất: {head}', 'The chain holds: {n} {n:entry|entries}. Hash of the newest: {head}'],
  broken: ['Chuỗi hỏng từ mục {seq}: {why}', 'The chain is broken from entry {seq}: {why}'],
  shown: ['Mục {a} đến {b} trong {n}', 'Entries {a} to {b} of {n}'],
});

const perPage = 200n;

function isShown(entry: AuditEntry, query: string): boolean {
  return finds(fold(`${entry.actor} ${entry.act} ${entry.subject} ${entry.detail} ${entry.address}`), query);
}

function Verdict({ verdict }: { verdict: AuditVerdict }) {
  return verdict.whole ? (
    <p class="notice good" role="status">✓ {t('whole', { n: number(verdict.entries), head: verdict.head })}</p>
  ) : (
    <p class="notice bad" role="alert">✕ {t('broken', { seq: number(verdict.brokenSeq), why: said(verdict.reason) })}</p>
  );
}

export function AuditPage() {
  const [after, setAfter] = useState<bigint | null>(null);
  const [query, setQuery] = useState('');
  const [verdict, setVerdict] = useState<AuditVerdict>();
  const path = `/api/v1/audit?limit=${perPage}${after === null ? '' : `&after=${after}`}`;
  const { data, failure } = useLoaded(() => get(AuditPageSchema, path), [path]);
  const verify = () => {
    get(AuditVerdictSchema, '/api/v1/audit/verify').then(setVerdict, (error: unknown) => toast(saying(error), 'bad'));
  };
  const entries = data?.entries ?? [];
  const first = entries[0]?.seq ?? 0n;
  const rows = entries.filter((entry) => isShown(entry, query)).reverse();
  return (
    <div class="people-page">
      <header class="page-head">
        <h1>{t('title')}</h1>
        <Button onClick={verify}>{t('verify')}</Button>
      </header>
      {verdict && <Verdict verdict={verdict} />}
      {failure && <p class="notice bad" role="alert">{failure}</p>}
      <div class="toolbar">
        <input type="search" aria-label={t('filter')} placeholder={t('filter')} value={query} onInput={(event) => setQuery(event.currentTarget.value)} />
        <Button disabled={first <= 1n} onClick={() => setAfter(first > perPage + 1n ? first - perPage - 1n : 0n)}>{t('older')}</Button>
        <Button disabled={after === null} onClick={() => setAfter(null)}>{t('newest')}</Button>
        <span class="soft small">{data && t('shown', { a: number(first), b: number(entries.at(-1)?.seq ?? 0n), n: number(data.newest) })}</span>
      </div>
      {data === undefined ? <p class="soft">{failure ? '' : w('loading')}</p> : (
        <Table caption={t('title')} rows={rows} rowKey={(entry) => String(entry.seq)}
          rowClass={(entry) => (entry.outcome === AuditEntry_Outcome.done ? '' : 'marked')}
          columns={[
            { key: 'seq', title: '#', end: true, cell: (entry) => number(entry.seq) },
            { key: 'when', title: t('when'), cell: (entry) => <span class="nowrap">{dateText(entry.atUs)} {secondText(entry.atUs)}</span> },
            { key: 'who', title: t('who'), cell: (entry) => <>{entry.actor}{entry.address && <span class="soft small"> · {entry.address}</span>}</> },
            { key: 'act', title: t('act'), cell: (entry) => <span class="mono small">{entry.act}</span> },
            { key: 'subject', title: t('subject'), cell: (entry) => entry.subject },
            { key: 'outcome', title: t('outcome'), cell: (entry) => auditWord(entry.outcome) },
            { key: 'detail', title: t('detail'), cell: (entry) => entry.detail },
          ]} />
      )}
    </div>
  );
}
