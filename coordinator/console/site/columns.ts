// A site's history as the charts want it. Pure.
import type { SiteHistory } from '@messages/history_pb';
import { millis } from '@web/times';

export interface Columns {
  times: number[];
  kbps: (number | null)[];
  lost: (number | null)[];
  rtt: (number | null)[];
  lufs: (number | null)[];
}

/** Where nothing was measured there is a gap in all lines, and not a zero. */
export function columnsOf(history: SiteHistory): Columns {
  const columns: Columns = { times: [], kbps: [], lost: [], rtt: [], lufs: [] };
  const first = millis(history.firstUs) / 1000;
  history.kbps.forEach((kbps, at) => {
    const isMeasured = kbps >= 0;
    const rtt = history.rttMs[at] ?? 0, lufs = history.lufs[at] ?? -120;
    columns.times.push(first + (at * history.stepMs) / 1000);
    columns.kbps.push(isMeasured ? kbps : null);
    columns.lost.push(isMeasured ? (history.lost[at] ?? 0) : null);
    columns.rtt.push(isMeasured && rtt > 0 ? rtt : null);
    columns.lufs.push(isMeasured ? Math.max(-70, lufs) : null);
  });
  return columns;
}
