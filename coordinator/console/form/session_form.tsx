// A session in one page: new, from an earlier one or a template, or changed.
import './form.css';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { CommandReplySchema } from '@messages/command_pb';
import { Phase_Name, SessionTemplateListSchema, type Session } from '@messages/session_pb';
import { SessionViewSchema } from '@messages/view_pb';
import { Button } from '@web/components/button';
import { toast } from '@web/components/toast';
import { go } from '../app/router';
import { get, part, saying, send } from '../live/api';
import { areaTree, needRoster, roster } from '../live/roster';
import { useLoaded } from '../parts/loaded';
import { w } from '../words';
import { AreaPicker } from './area_picker';
import { draftOf, readDraft, type Draft, type Wrong } from './draft';
import { FeedsBlock, Line, ProfileBlock, SittingsBlock } from './parts';
import { save, type Origin } from './saving';
import { pickedOf, selectionOf, type Picked } from './selection';
import { f } from './texts';

const zones = ['Asia/Ho_Chi_Minh', 'Asia/Bangkok', 'Asia/Vientiane', 'Asia/Phnom_Penh', 'UTC'];

/** From the template's date to one that is ahead. */
function withoutDate(session: Session): Session {
  return { ...session, scheduledStartUs: 0n, scheduledEndUs: 0n, sittings: session.sittings.map((one) => ({ ...one, startsUs: 0n, endsUs: 0n })) };
}

export function SessionForm(props: { from?: string; edits?: string }) {
  const id = props.edits || props.from || '';
  const { data, failure } = useLoaded(async () => (id === '' ? null : ((await get(SessionViewSchema, `/api/v1/sessions/${part(id)}`)).session ?? null)), [id]);
  const templates = useLoaded(() => get(SessionTemplateListSchema, '/api/v1/templates').catch(() => null), []);
  const [template, setTemplate] = useState('');
  useEffect(() => {
    needRoster().catch((error: unknown) => toast(saying(error), 'bad'));
  }, []);
  if (data === undefined || roster.value === null) return <div class="form-page"><p>{failure || w('loading')}</p></div>;
  const chosen = templates.data?.templates.find((one) => one.id === template)?.session;
  const base = data ?? chosen ?? undefined;
  const origin: Origin = props.edits ? { kind: 'edit', id } : props.from ? { kind: 'copy', id } : template !== '' ? { kind: 'template', id: template } : { kind: 'new' };
  const list = templates.data?.templates ?? [];
  return (
    <div class="form-page">
      <h1>{f(props.edits ? 'editTitle' : props.from ? 'copyTitle' : 'newTitle')}</h1>
      {id === '' && list.length > 0 && (
        <div class="field">
          <label for="form-template">{f('template')}</label>
          <select id="form-template" value={template} onChange={(event) => setTemplate(event.currentTarget.value)}>
            <option value="">{f('noTemplate')}</option>
            {list.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
          </select>
        </div>
      )}
      <Fields key={template} base={base && origin.kind !== 'edit' ? withoutDate(base) : base} origin={origin} />
    </div>
  );
}

function Fields({ base, origin }: { base: Session | undefined; origin: Origin }) {
  const known = roster.value;
  const sites = known?.sites ?? [];
  const tree = useMemo(() => (known === null ? [] : areaTree(known)), [known]);
  const [draft, setDraft] = useState<Draft>(() => draftOf(base));
  const [picked, setPicked] = useState<Picked>(() => pickedOf(base?.selection, tree, sites));
  const [hasPicked, setHasPicked] = useState(false);
  const [wrong, setWrong] = useState<readonly Wrong[]>([]);
  const [failure, setFailure] = useState('');
  const [isBusy, setBusy] = useState(false);
  const change = (next: Partial<Draft>) => setDraft({ ...draft, ...next });

  const submit = async (isScheduled: boolean) => {
    const read = readDraft(draft, base);
    setWrong(read.wrong);
    if (read.wrong.length > 0) return;
    // Untouched, it stays as it was said: tags and names take in sites that come later.
    if (hasPicked || read.session.selection === undefined) read.session.selection = selectionOf(picked, tree, sites);
    setBusy(true);
    try {
      const saved = await save(origin, read.session, isScheduled);
      if (saved.failure !== '') toast(f('savedDraft', { why: saved.failure }), 'bad');
      else toast(w('done'));
      go('session', saved.id);
    } catch (error) {
      setFailure(saying(error));
      setBusy(false);
    }
  };
  const saveTemplate = () => {
    send(CommandReplySchema, 'POST', '/api/v1/templates', { session_id: base?.id ?? '', name: draft.title.trim() })
      .then(() => toast(f('templateSaved')), (error: unknown) => toast(saying(error), 'bad'));
  };
  const timeWrong = (field: Wrong) => (wrong.includes(field) ? { wrong: f('timeWrong') } : {});
  const isDraft = origin.kind !== 'edit' || base?.phase === Phase_Name.draft;
  return (
    <form onSubmit={(event) => { event.preventDefault(); void submit(isDraft); }}>
      <div class="halves">
        <div class="half">
          <section class="block" aria-label={f('what')}>
            <h2>{f('what')}</h2>
            <Line id="form-title" label={f('title')} value={draft.title} onInput={(title) => change({ title })} {...(wrong.includes('title') ? { wrong: f('needTitle') } : {})} />
            <div class="pair">
              <Line id="form-start" label={f('start')} hint={f('timeHint')} value={draft.start} onInput={(start) => change({ start })} {...timeWrong('start')} />
              <Line id="form-end" label={f('end')} value={draft.end} onInput={(end) => change({ end })} {...timeWrong('end')} />
            </div>
            <div class="pair">
              <div class="field">
                <label for="form-zone">{f('zone')}</label>
                <select id="form-zone" value={draft.zone} onChange={(event) => change({ zone: event.currentTarget.value })}>
                  {[...new Set([draft.zone, ...zones])].map((zone) => <option key={zone} value={zone}>{zone}</option>)}
                </select>
              </div>
              <Line id="form-rehearsals" label={f('rehearsals')} hint={f('rehearsalsHint')} value={draft.rehearsals} onInput={(rehearsals) => change({ rehearsals })}
                {...(wrong.includes('rehearsals') ? { wrong: f('rehearsalsWrong') } : {})} />
            </div>
            <label class="check"><input type="checkbox" checked={draft.auto} onChange={(event) => change({ auto: event.currentTarget.checked })} />{f('auto')}</label>
          </section>
          <SittingsBlock draft={draft} change={change} />
          {wrong.includes('sittings') && <p class="told" role="alert">{f('sittings')}: {f('timeWrong')}</p>}
          <FeedsBlock draft={draft} change={change} hadPassphrase={origin.kind !== 'new'}
            profile={readDraft(draft, base).session.profile} session={origin.kind === 'edit' || origin.kind === 'copy' ? origin.id : ''} />
          <ProfileBlock draft={draft} change={change} />
        </div>
        <div class="half">
          <section class="block" aria-label={f('sites')}>
            <h2>{f('sites')}</h2>
            {known && <AreaPicker roster={known} picked={picked} isDisabled={isBusy} onChange={(next) => { setPicked(next); setHasPicked(true); }} />}
          </section>
          <section class="block" aria-label={f('more')}>
            <h2>{f('more')}</h2>
            <div class="field">
              <label for="form-notes">{f('notes')}</label>
              <textarea id="form-notes" rows={4} maxLength={4000} value={draft.notes} onInput={(event) => change({ notes: event.currentTarget.value })} />
            </div>
            <div class="field">
              <label for="form-documents">{f('documents')}</label>
              <textarea id="form-documents" rows={3} value={draft.documents} onInput={(event) => change({ documents: event.currentTarget.value })} />
              {wrong.includes('documents') && <span class="wrong" role="alert">{f('documentsWrong')}</span>}
            </div>
          </section>
        </div>
      </div>
      {failure && <p class="told" role="alert">{failure}</p>}
      <div class="foot">
        {origin.kind === 'edit' && <Button onClick={saveTemplate}>{f('saveTemplate')}</Button>}
        <Button onClick={() => (origin.kind === 'edit' ? go('session', origin.id) : go('sessions'))}>{w('cancel')}</Button>
        {isDraft && <Button disabled={isBusy} onClick={() => void submit(false)}>{f('saveDraft')}</Button>}
        <Button type="submit" kind="main" disabled={isBusy}>{isDraft ? f('saveScheduled') : w('save')}</Button>
      </div>
    </form>
  );
}
