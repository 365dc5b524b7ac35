// The form's fields as text, and the session that they say. Pure: reading fails with the field that is wrong.
import { clone, create } from '@bufbuild/protobuf';
import { DocumentSchema, SessionSchema, SittingSchema, type Document, type Session } from '@messages/session_pb';
import { Depth_Name, FeedSchema, ProfileSchema, type Profile } from '@messages/feed_pb';
import { dateTimeText, defaultZone, readDateTime } from '@web/times';

export interface SittingDraft {
  id: string;
  title: string;
  start: string;
}

export interface FeedDraft {
  id: string;
  uri: string;
  passphrase: string;
}

export interface Draft {
  title: string;
  start: string;
  end: string;
  zone: string;
  auto: boolean;
  rehearsals: string;
  sittings: SittingDraft[];
  feeds: FeedDraft[];
  width: string;
  height: string;
  fps: string;
  codec: string;
  minKbps: string;
  maxKbps: string;
  mark: string;
  notes: string;
  documents: string;
}

export type Wrong = 'title' | 'start' | 'end' | 'rehearsals' | 'documents' | 'sittings';

const shown = (value: number) => (value === 0 ? '' : String(value));

export function draftOf(session: Session | undefined): Draft {
  const zone = session?.timeZone || defaultZone;
  const profile: Profile = session?.profile ?? create(ProfileSchema);
  return {
    title: session?.title ?? '',
    start: session === undefined ? '' : dateTimeText(session.scheduledStartUs, zone),
    end: session === undefined ? '' : dateTimeText(session.scheduledEndUs, zone),
    zone,
    auto: session?.autoStart ?? false,
    rehearsals: session === undefined ? '60, 15' : session.rehearsalLeadsS.map((one) => Math.round(one / 60)).join(', '),
    sittings: session?.sittings.map((one) => ({ id: one.id, title: one.title, start: dateTimeText(one.startsUs, zone) })) ?? [],
    feeds: session?.feeds.map((one) => ({ id: one.id, uri: one.uri, passphrase: '' })) ?? [
      { id: 'main', uri: '', passphrase: '' }, { id: 'backup', uri: '', passphrase: '' },
    ],
    width: shown(profile.width), height: shown(profile.height), fps: shown(profile.fps), codec: profile.videoCodec,
    minKbps: shown(profile.minBitrateKbps), maxKbps: shown(profile.maxBitrateKbps), mark: profile.mark,
    notes: session?.notes ?? '',
    documents: session?.documents.map((one) => (one.title === one.url || one.title === '' ? one.url : `${one.title} ${one.url}`)).join('\n') ?? '',
  };
}

export function readMinutes(text: string): number[] | null {
  const parts = text.split(/[,;\s]+/).filter((one) => one !== '');
  const minutes = parts.map(Number);
  return minutes.every((one) => Number.isInteger(one) && one >= 1 && one <= 1440) ? minutes : null;
}

/** "Chương trình https://…" on each line; null where a line has no link. */
export function readDocuments(text: string): Document[] | null {
  const lines = text.split('\n').map((one) => one.trim()).filter((one) => one !== '');
  const found = lines.map((line) => /^(?:(.*)\s)?(https:\/\/\S+)$/.exec(line));
  if (found.some((one) => one === null)) return null;
  return found.map((one) => create(DocumentSchema, { title: one?.[1]?.trim() ?? '', url: one?.[2] ?? '' }));
}

const whole = (text: string) => Math.max(0, Math.round(Number(text) || 0));

// A new sitting's id: of ASCII, and not one that is there.
function sittingId(draft: SittingDraft, taken: ReadonlySet<string>): string {
  if (draft.id !== '') return draft.id;
  let at = 1;
  while (taken.has(`s${at}`)) ++at;
  return `s${at}`;
}

export interface Read {
  session: Session;
  wrong: Wrong[];
}

/** On top of `base`, so that what the form does not show stays as it was. */
export function readDraft(draft: Draft, base: Session | undefined): Read {
  const wrong: Wrong[] = [];
  const session = base === undefined ? create(SessionSchema) : clone(SessionSchema, base);
  const time = (text: string, field: Wrong, isNeeded: boolean): bigint => {
    if (text.trim() === '' && !isNeeded) return 0n;
    const read = readDateTime(text, draft.zone);
    if (read === null) wrong.push(field);
    return read ?? 0n;
  };
  session.title = draft.title.trim();
  if (session.title === '') wrong.push('title');
  session.timeZone = draft.zone;
  session.scheduledStartUs = time(draft.start, 'start', true);
  session.scheduledEndUs = time(draft.end, 'end', false);
  session.autoStart = draft.auto;
  const minutes = readMinutes(draft.rehearsals);
  if (minutes === null) wrong.push('rehearsals');
  session.rehearsalLeadsS = (minutes ?? []).map((one) => one * 60);
  const taken = new Set(draft.sittings.map((one) => one.id));
  session.sittings = draft.sittings.map((one) => {
    const id = sittingId(one, taken);
    taken.add(id);
    const known = base?.sittings.find((old) => old.id === id);
    return create(SittingSchema, { id, title: one.title.trim(), startsUs: time(one.start, 'sittings', false), endsUs: known?.endsUs ?? 0n });
  });
  session.feeds = draft.feeds.filter((one) => one.uri.trim() !== '')
    .map((one) => create(FeedSchema, {
      id: one.id.trim(), uri: one.uri.trim(), passphrase: one.passphrase, depth: base?.feeds.find((old) => old.id === one.id.trim())?.depth ?? Depth_Name.light,
    }));
  session.profile = create(ProfileSchema, {
    audioCodec: base?.profile?.audioCodec ?? '', width: whole(draft.width), height: whole(draft.height), fps: Math.max(0, Number(draft.fps.replace(',', '.')) || 0),
    videoCodec: draft.codec, minBitrateKbps: whole(draft.minKbps), maxBitrateKbps: whole(draft.maxKbps), mark: draft.mark.trim(),
  });
  session.notes = draft.notes.trim();
  const documents = readDocuments(draft.documents);
  if (documents === null) wrong.push('documents');
  session.documents = documents ?? [];
  return { session, wrong };
}
