// Attendance down to the person: searched and paged at the coordinator, corrected with a reason.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Button } from '@web/components/button';
import { Dialog } from '@web/components/dialog';
import { Field } from '@web/components/field';
import { Table } from '@web/components/table';
import type { JsonObject } from '@bufbuild/protobuf';
import { DelegateAttendanceListSchema, Presence_State, type DelegateAttendance } from '@messages/attendance_pb';
import { CommandReplySchema } from '@messages/command_pb';
import { number } from '@web/numbers';
import { minuteText } from '@web/times';
import { get, part, send } from '../live/api';
import type { Live } from '../live/live';
import { maySteer } from '../live/me';
import { tried, useAsked } from '../live/use';
import { presenceWord, w } from '../words';
import { at } from './attendance_texts';

const states = [Presence_State.present, Presence_State.online, Presence_State.excused, Presence_State.absent, Presence_State.not_marked] as const;
const page = 50;

export function Delegates(props: { live: Live; session: string; sitting: string; zone: string }) {
  const text = useSignal(''), asks = useSignal(''), state = useSignal(''), offset = useSignal(0);
  const corrected = useSignal<DelegateAttendance | null>(null);
  // Asked for when the typing pauses.
  useEffect(() => {
    const timer = setTimeout(() => {
      if (asks.peek() === text.value) return;
      asks.value = text.value;
      offset.value = 0;
    }, 250);
    return () => clearTimeout(timer);
  }, [text.value]);
  const query = new URLSearchParams({ sitting: props.sitting, q: asks.value, state: state.value, offset: String(offset.value), limit: String(page) });
  const asked = useAsked(() => get(DelegateAttendanceListSchema, `/api/v1/sessions/${part(props.session)}/attendance/delegates?${query.toString()}`),
    [props.session, props.sitting, asks.value, state.value, offset.value]);
  const list = asked.value.value;
  const site = (id: string) => props.live.sites.get(id)?.peek().name || id;
  const total = list?.total ?? 0;
  return (
    <section class="card stack"><h2>{at('byName')}</h2>
      <div class="row wrap">
        <input type="search" class="find" aria-label={at('findName')} placeholder={`${at('findName')}…`} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
        <select class="find" aria-label={at('state')} value={state.value} onChange={(event) => {
          state.value = event.currentTarget.value;
          offset.value = 0;
        }}>
          <option value="">{at('anyState')}</option>
          {states.map((one) => <option key={one} value={Presence_State[one]}>{presenceWord(one)}</option>)}
        </select>
        <span class="soft small">{list !== null && at('total', { n: number(total) })}</span>
      </div>
      {asked.failure.value !== '' && <p class="wrong" role="alert">{asked.failure.value}</p>}
      <Table caption={at('byName')} rows={list?.delegates ?? []} rowKey={(row) => `${row.delegate?.id}/${row.siteId}`} columns={[
        { key: 'name', title: at('byName'), cell: (row) => <><b>{row.delegate?.name || row.delegate?.id}</b> <span class="soft small">{row.delegate?.title}</span></> },
        { key: 'unit', title: at('unit'), cell: (row) => row.delegate?.unit },
        { key: 'site', title: at('site'), cell: (row) => <>{site(row.siteId)}{row.alsoAt.length > 0 && <span class="tag warn">{at('alsoAt', { names: row.alsoAt.map(site).join(', ') })}</span>}</> },
        { key: 'state', title: at('state'), cell: (row) => <>{presenceWord(row.state)}{row.reason !== '' && <span class="soft"> ({row.reason})</span>}{row.lateEntry && <span class="tag plain">{at('lateEntry')}</span>}</> },
        { key: 'by', title: at('by'), cell: (row) => (row.by === '' ? '' : `${row.by} ${minuteText(row.atUs, props.zone)}`) },
        { key: 'act', title: '', cell: (row) => maySteer.value && <Button class="small-button" onClick={() => (corrected.value = row)}>{at('correctOne')}</Button> },
      ]} />
      {total > page && (
        <div class="row">
          <Button disabled={offset.value === 0} onClick={() => (offset.value = Math.max(0, offset.value - page))}>{at('before')}</Button>
          <span class="soft">{at('pages', { a: number(offset.value + 1), b: number(Math.min(total, offset.value + page)), n: number(total) })}</span>
          <Button disabled={offset.value + page >= total} onClick={() => (offset.value += page)}>{at('after')}</Button>
        </div>
      )}
      {corrected.value !== null && <CorrectDialog session={props.session} sitting={props.sitting} row={corrected.value} onClose={() => {
        corrected.value = null;
        void asked.again();
      }} />}
    </section>
  );
}

function CorrectDialog(props: { session: string; sitting: string; row: DelegateAttendance; onClose: () => void }) {
  const { row } = props;
  const state = useSignal<Presence_State>(row.state === Presence_State.not_marked ? Presence_State.present : row.state);
  const why = useSignal(row.reason), reason = useSignal('');
  const isCorrection = row.recordId !== '';
  const submit = async (event: Event) => {
    event.preventDefault();
    const checkIn: JsonObject = { delegate_id: row.delegate?.id ?? '', state: Presence_State[state.value], late_entry: true };
    if (state.value === Presence_State.excused) checkIn.reason = why.value.trim();
    const body: JsonObject = { sitting_id: props.sitting, site_id: row.siteId, check_in: checkIn };
    if (isCorrection) Object.assign(body, { corrects_id: row.recordId, reason: reason.value.trim() });
    if (await tried(() => send(CommandReplySchema, 'POST', `/api/v1/sessions/${part(props.session)}/attendance`, body), w('done'))) props.onClose();
  };
  return (
    <Dialog title={at('correctTitle', { name: row.delegate?.name || row.delegate?.id || '' })} onClose={props.onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <fieldset class="choices"><legend>{at('state')}</legend>
          {states.filter((one) => one !== Presence_State.not_marked).map((one) => (
            <label key={one} class="check"><input type="radio" name="state" checked={state.value === one} onChange={() => (state.value = one)} />{presenceWord(one)}</label>
          ))}
        </fieldset>
        {state.value === Presence_State.excused && <Field label={w('reason')} value={why} required />}
        {isCorrection && <Field label={`${at('correct')}: ${w('reason')}`} value={reason} required />}
        <div class="dialog-foot"><Button onClick={props.onClose}>{w('cancel')}</Button>
          <Button kind="main" type="submit" disabled={isCorrection && reason.value.trim() === ''}>{w('save')}</Button></div>
      </form>
    </Dialog>
  );
}
