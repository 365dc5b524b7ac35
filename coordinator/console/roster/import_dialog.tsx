// Import with a preview: the files are checked as an import would, each bad line is shown, and nothing changes until then.
import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import { useState } from 'preact/hooks';
import { CommandReplySchema } from '@messages/command_pb';
import { RosterImportReportSchema, type RosterImportReport } from '@messages/roster_pb';
import { Button } from '@web/components/button';
import { Dialog } from '@web/components/dialog';
import { Table } from '@web/components/table';
import { toast } from '@web/components/toast';
import { said } from '@web/language';
import { number } from '@web/numbers';
import { Problem, saying, send } from '../live/api';
import { needRoster } from '../live/roster';
import { w } from '../words';
import { r } from './texts';

interface Wish {
  files: { name: string; content: string }[];
  dry_run: boolean;
}

async function base64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

async function ask(wish: Wish): Promise<RosterImportReport | undefined> {
  const body: JsonValue = { files: wish.files, dry_run: wish.dry_run };
  return (await send(CommandReplySchema, 'POST', '/api/v1/roster/import', body)).importReport;
}

function Preview({ report }: { report: RosterImportReport }) {
  return (
    <>
      <p>{r('wouldBe', { areas: number(report.areas), sites: number(report.sites), delegates: number(report.delegates) })}</p>
      {report.problemsTotal === 0 ? <p class="told good" role="status">✓ {r('noProblems')}</p> : (
        <>
          <p class="told bad" role="alert">✕ {r('problems', { n: number(report.problemsTotal) })}</p>
          <Table caption={r('problems', { n: report.problemsTotal })} rows={report.problems.slice(0, 200)} rowKey={(one) => `${one.file}:${one.line}:${one.column}:${one.reason?.en ?? ''}`}
            columns={[
              { key: 'file', title: r('file'), cell: (one) => one.file },
              { key: 'line', title: r('line'), end: true, cell: (one) => number(one.line) },
              { key: 'field', title: r('field'), cell: (one) => one.field || (one.column > 0 ? number(one.column) : '') },
              { key: 'why', title: r('why'), cell: (one) => said(one.reason) },
            ]} />
        </>
      )}
    </>
  );
}

export function ImportDialog(props: { onClose: () => void }) {
  const [wish, setWish] = useState<Wish>();
  const [report, setReport] = useState<RosterImportReport>();
  const [failure, setFailure] = useState('');
  const [isBusy, setBusy] = useState(false);
  const attempt = async (act: () => Promise<void>) => {
    setBusy(true);
    setFailure('');
    try {
      await act();
    } catch (error) {
      // What was refused names its lines too.
      if (error instanceof Problem && error.body.import_report !== undefined) {
        setReport(fromJson(RosterImportReportSchema, error.body.import_report, { ignoreUnknownFields: true }));
      }
      setFailure(saying(error));
    }
    setBusy(false);
  };
  const pick = (files: FileList | null) => attempt(async () => {
    setReport(undefined);
    setWish(undefined);
    if (files === null || files.length === 0) return;
    const read = await Promise.all([...files].map(async (file) => ({ name: file.name, content: await base64(file) })));
    const checked = await ask({ files: read, dry_run: true });
    setReport(checked);
    if (checked?.problemsTotal === 0) setWish({ files: read, dry_run: false });
  });
  const apply = () => attempt(async () => {
    if (wish === undefined) return;
    await ask(wish);
    await needRoster(true);
    toast(r('applied'));
    props.onClose();
  });
  const rows = report === undefined ? 0 : report.areas + report.sites + report.delegates;
  return (
    <Dialog title={r('import')} wide onClose={props.onClose}>
      <p>{r('importWhy')}</p>
      <div>
        {/* The browser's own button speaks the browser's language. */}
        <label class="button main pick-files" for="import-files">{r('files')}</label>
        <input id="import-files" class="hidden" type="file" multiple accept=".csv,text/csv" disabled={isBusy} onChange={(event) => void pick(event.currentTarget.files)} />
      </div>
      {isBusy && <p role="status">{r('checking')}</p>}
      {failure && <p class="told bad" role="alert">{failure}</p>}
      {report && <Preview report={report} />}
      <div class="dialog-foot">
        <Button onClick={props.onClose}>{w('cancel')}</Button>
        <Button kind="main" disabled={wish === undefined || isBusy} onClick={() => void apply()}>{r('apply', { n: number(rows) })}</Button>
      </div>
    </Dialog>
  );
}
