// What one site's tile says: the worst that is true of it in the phase that the session is in.
import { Check_Verdict, Readiness_Verdict, type Readiness } from '@messages/readiness_pb';
import { Condition_Name } from '@messages/health_pb';
import { Outcome_State, Phase_Name } from '@messages/session_pb';
import { SitePhase_Name, type Status } from '@messages/status_pb';
import { LinkState_Name, type SiteView } from '@messages/view_pb';
import { defineTexts, said } from '@web/language';
import { checkWord, conditionWord, feedWord } from '../words';

/** Worst first: the order of the legend. */
export const kinds = [
  'failed', 'offline', 'stale', 'late', 'trouble', 'not_ready', 'never', 'backup', 'starting', 'checking', 'started', 'armed', 'ready',
  'paused', 'waiting', 'ended', 'waived',
] as const;
export type Kind = (typeof kinds)[number];

export const kindWord = defineTexts({
  failed: ['Lỗi', 'Failed'],
  offline: ['Mất liên lạc', 'Offline'],
  stale: ['Chậm tin', 'Stale'],
  late: ['Chậm', 'Late'],
  trouble: ['Có vấn đề', 'Trouble'],
  not_ready: ['Chưa sẵn sàng', 'Not ready'],
  never: ['Chưa kết nối', 'Never seen'],
  backup: ['Luồng dự phòng', 'On backup'],
  starting: ['Sắp lên hình', 'Starting'],
  checking: ['Đang thử', 'Checking'],
  started: ['Đã lên hình', 'On air'],
  armed: ['Chờ lệnh', 'Armed'],
  ready: ['Sẵn sàng', 'Ready'],
  paused: ['Tạm nghỉ', 'Paused'],
  waiting: ['Chờ', 'Waiting'],
  ended: ['Kết thúc', 'Ended'],
  waived: ['Được miễn', 'Waived'],
} satisfies Record<Kind, readonly [string, string]>);

/** Those that ask somebody to act. */
export const isTrouble = (kind: Kind): boolean => kinds.indexOf(kind) <= kinds.indexOf('never');
export const isWell = (kind: Kind): boolean => ['started', 'armed', 'ready', 'backup', 'starting', 'paused', 'ended'].includes(kind);

const serious: ReadonlySet<Condition_Name> = new Set([
  Condition_Name.no_signal, Condition_Name.no_video, Condition_Name.no_audio, Condition_Name.black, Condition_Name.frozen,
  Condition_Name.silence, Condition_Name.corrupted, Condition_Name.line_too_slow, Condition_Name.wrong_feed,
]);

export interface Verdict {
  kind: Kind;
  note: string;
}

export function troubleOf(status: Status | undefined): Condition_Name {
  const sample = status?.health.find((one) => one.feedId === status.activeFeedId);
  return sample?.conditions.find((name) => serious.has(name)) ?? Condition_Name.none;
}

export function firstFault(readiness: Readiness | undefined): string {
  const fault = readiness?.checks.find((check) => check.verdict === Check_Verdict.failed);
  return fault === undefined ? '' : `${checkWord(fault.kind)}: ${said(fault.reason)}`;
}

const plain = (kind: Kind, note = ''): Verdict => ({ kind, note });

export function verdictOf(site: SiteView, phase: Phase_Name): Verdict {
  const isRunning = phase === Phase_Name.live || phase === Phase_Name.paused;
  if (phase === Phase_Name.ended || phase === Phase_Name.closed || phase === Phase_Name.cancelled) return plain('ended');
  if (site.waived) return plain('waived');
  if (site.link === LinkState_Name.never) return plain('never');
  if (site.link === LinkState_Name.offline) return plain('offline');
  if (site.link === LinkState_Name.stale) return plain('stale');
  if (site.status?.phase === SitePhase_Name.failed) return plain('failed', said(site.status.problem));
  if (isRunning) return runningVerdict(site, phase);
  const verdict = site.status?.readiness?.verdict;
  if (verdict === Readiness_Verdict.not_ready) return plain('not_ready', firstFault(site.status?.readiness));
  if (site.status?.phase === SitePhase_Name.armed) return plain('armed');
  if (verdict === Readiness_Verdict.checking) return plain('checking');
  if (verdict === Readiness_Verdict.ready) return plain('ready');
  return plain('waiting');
}

function runningVerdict(site: SiteView, phase: Phase_Name): Verdict {
  const status = site.status;
  const outcome = site.outcome?.state;
  const isShown = status?.phase === SitePhase_Name.started;
  if (outcome === Outcome_State.failed) return plain('failed', said(site.outcome?.reason));
  if (outcome === Outcome_State.late && !isShown && phase === Phase_Name.live) return plain('late', said(site.outcome?.reason));
  const trouble = troubleOf(status);
  if (trouble !== Condition_Name.none) return plain('trouble', conditionWord(trouble));
  const feed = status?.activeFeedId ?? '';
  if (isShown && feed !== '' && feed !== 'main') return plain('backup', feedWord(feed));
  if (phase === Phase_Name.paused) return plain('paused');
  if (isShown) return plain('started');
  if (status?.phase === SitePhase_Name.starting || status?.phase === SitePhase_Name.armed) return plain('starting');
  return plain('waiting');
}
