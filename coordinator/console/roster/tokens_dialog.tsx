// Enrolment tokens that were just made: as text to paste, as QR, as one file for many sites.
import type { JsonValue } from '@bufbuild/protobuf';
import { useEffect, useState } from 'preact/hooks';
import { IssuedTokensSchema, type IssuedTokens } from '@messages/enrolment_pb';
import { Button } from '@web/components/button';
import { Dialog } from '@web/components/dialog';
import { toast } from '@web/components/toast';
import { dateTimeText } from '@web/times';
import { saying, send } from '../live/api';
import { Qr } from '../parts/qr';
import { w } from '../words';
import { r } from './texts';

// More QR codes than that take long to draw, and nobody scans them from a screen.
const mostDrawn = 30;

// A name that begins like a formula is a formula to a spreadsheet.
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function tokensCsv(issued: IssuedTokens): string {
  const rows = issued.tokens.map((one) => [one.siteId, one.siteName, dateTimeText(one.expiresUs), one.token].map(cell).join(','));
  return `\ufeff${['site_id,site_name,expires,token', ...rows].join('\r\n')}\r\n`;
}

function save(issued: IssuedTokens): void {
  const address = URL.createObjectURL(new Blob([tokensCsv(issued)], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'tokens.csv';
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** `siteIds` empty: every site that has no key yet. */
export function TokensDialog(props: { siteIds: readonly string[]; onClose: () => void }) {
  const [issued, setIssued] = useState<IssuedTokens>();
  const [failure, setFailure] = useState('');
  const [isBusy, setBusy] = useState(false);
  const issue = () => {
    setBusy(true);
    const wish: JsonValue = props.siteIds.length === 0 ? { all: true } : { site_ids: [...props.siteIds] };
    send(IssuedTokensSchema, 'POST', '/api/v1/sites/enrol', wish)
      .then(setIssued, (error: unknown) => setFailure(saying(error)))
      .finally(() => setBusy(false));
  };
  // For one site it was asked for by a button of its own.
  useEffect(() => {
    if (props.siteIds.length > 0) issue();
  }, []);
  const copy = (text: string) => {
    navigator.clipboard.writeText(text).then(() => toast(r('copied')), () => toast(r('notCopied'), 'bad'));
  };
  return (
    <Dialog title={r('tokens')} wide onClose={props.onClose}>
      {failure && <p class="told bad" role="alert">{failure}</p>}
      {issued === undefined ? (
        <>
          <p>{r('issueWhy')}</p>
          <div class="dialog-foot"><Button onClick={props.onClose}>{w('cancel')}</Button><Button kind="main" disabled={isBusy} onClick={issue}>{r('enrolAll')}</Button></div>
        </>
      ) : (
        <>
          <p class="told">{issued.tokens.length === 0 ? r('noneNeeded') : r('once')}</p>
          {issued.tokens.length > 1 && <div><Button kind="main" onClick={() => save(issued)}>{r('tokensCsv')} ({issued.tokens.length})</Button></div>}
          {issued.tokens.slice(0, mostDrawn).map((one) => (
            <div class="token" key={one.siteId}>
              <Qr text={one.token} label={`${r('token')} ${one.siteName}`} />
              <div>
                <h3>{one.siteName} <span class="soft small">{one.siteId}</span></h3>
                <p class="soft small">{r('until')} {dateTimeText(one.expiresUs)}</p>
                <code class="mono">{one.token}</code>
                <Button onClick={() => copy(one.token)}>{r('copy')}</Button>
              </div>
            </div>
          ))}
        </>
      )}
    </Dialog>
  );
}
