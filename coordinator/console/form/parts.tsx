// Blocks of the form: sittings, feeds, what a feed must be.
import { useState } from 'preact/hooks';
import type { Profile } from '@messages/feed_pb';
import { Button } from '@web/components/button';
import type { Draft, FeedDraft, SittingDraft } from './draft';
import { FeedTestDialog } from './feed_test';
import { f } from './texts';

export interface BlockProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
}

interface LineProps {
  label: string;
  value: string;
  onInput: (text: string) => void;
  hint?: string;
  wrong?: string;
  id: string;
  type?: 'text' | 'password';
  mode?: 'numeric' | 'decimal';
  placeholder?: string;
}

export function Line(props: LineProps) {
  const about = props.wrong ? `${props.id}-wrong` : props.hint ? `${props.id}-hint` : undefined;
  return (
    <div class="field">
      <label for={props.id}>{props.label}</label>
      <input id={props.id} type={props.type ?? 'text'} autocomplete={props.type === 'password' ? 'new-password' : 'off'} inputMode={props.mode} placeholder={props.placeholder}
        value={props.value} aria-describedby={about} aria-invalid={props.wrong ? true : undefined} onInput={(event) => props.onInput(event.currentTarget.value)} />
      {props.hint && <span class="hint" id={`${props.id}-hint`}>{props.hint}</span>}
      {props.wrong && <span class="wrong" id={`${props.id}-wrong`}>{props.wrong}</span>}
    </div>
  );
}

const replaced = <T,>(list: readonly T[], at: number, part: Partial<T>): T[] => list.map((one, place) => (place === at ? { ...one, ...part } : one));
const without = <T,>(list: readonly T[], at: number): T[] => list.filter((_, place) => place !== at);

export function SittingsBlock({ draft, change }: BlockProps) {
  const set = (at: number, part: Partial<SittingDraft>) => change({ sittings: replaced(draft.sittings, at, part) });
  return (
    <section class="block" aria-label={f('sittings')}>
      <h2>{f('sittings')}</h2>
      {draft.sittings.map((one, at) => (
        <div class="line" key={at}>
          <Line id={`sitting-${at}`} label={f('sittingName')} value={one.title} onInput={(title) => set(at, { title })} />
          <Line id={`sitting-start-${at}`} label={f('sittingStart')} value={one.start} onInput={(start) => set(at, { start })} />
          <Button kind="quiet" label={f('remove', { name: one.title })} onClick={() => change({ sittings: without(draft.sittings, at) })}>✕</Button>
        </div>
      ))}
      <div><Button onClick={() => change({ sittings: [...draft.sittings, { id: '', title: '', start: draft.start }] })}>{f('addSitting')}</Button></div>
    </section>
  );
}

function nextFeed(feeds: readonly FeedDraft[]): string {
  const ids = new Set(feeds.map((one) => one.id));
  return ['main', 'backup', 'third', 'fourth'].find((one) => !ids.has(one)) ?? '';
}

export function FeedsBlock(props: BlockProps & { hadPassphrase: boolean; profile: Profile | undefined; session: string }) {
  const { draft, change } = props;
  const [tested, setTested] = useState<FeedDraft | null>(null);
  const set = (at: number, part: Partial<FeedDraft>) => change({ feeds: replaced(draft.feeds, at, part) });
  return (
    <section class="block" aria-label={f('feeds')}>
      <h2>{f('feeds')}</h2>
      <p class="soft small">{f('feedHint')}</p>
      {draft.feeds.map((one, at) => (
        <div class="line feed-line" key={at}>
          <Line id={`feed-${at}`} label={f('feedId')} value={one.id} onInput={(id) => set(at, { id })} />
          <Line id={`feed-uri-${at}`} label={f('uri')} value={one.uri} onInput={(uri) => set(at, { uri })} />
          <Line id={`feed-pass-${at}`} label={f('passphrase')} type="password" value={one.passphrase} onInput={(passphrase) => set(at, { passphrase })}
            {...(props.hadPassphrase ? { placeholder: f('kept') } : {})} />
          <Button label={f('testOf', { name: one.id })} disabled={one.uri.trim() === ''} {...(one.uri.trim() === '' ? { describedBy: `feed-why-${at}` } : {})} onClick={() => setTested(one)}>{f('test')}</Button>
          <Button kind="quiet" label={f('remove', { name: one.id })} onClick={() => change({ feeds: without(draft.feeds, at) })}>✕</Button>
          {one.uri.trim() === '' && <span class="why soft small" id={`feed-why-${at}`}>{f('testNeeds')}</span>}
        </div>
      ))}
      {draft.feeds.length < 4 && <div><Button onClick={() => change({ feeds: [...draft.feeds, { id: nextFeed(draft.feeds), uri: '', passphrase: '' }] })}>{f('addFeed')}</Button></div>}
      {tested !== null && <FeedTestDialog feed={tested} profile={props.profile} session={props.session} onClose={() => setTested(null)} />}
    </section>
  );
}

export function ProfileBlock({ draft, change }: BlockProps) {
  return (
    <section class="block" aria-label={f('profile')}>
      <h2>{f('profile')}</h2>
      <p class="soft small">{f('profileHint')}</p>
      <div class="pair">
        <Line id="profile-width" label={f('width')} mode="numeric" value={draft.width} onInput={(width) => change({ width })} />
        <Line id="profile-height" label={f('height')} mode="numeric" value={draft.height} onInput={(height) => change({ height })} />
        <Line id="profile-fps" label={f('fps')} mode="decimal" value={draft.fps} onInput={(fps) => change({ fps })} />
        <div class="field">
          <label for="profile-codec">{f('codec')}</label>
          <select id="profile-codec" value={draft.codec} onChange={(event) => change({ codec: event.currentTarget.value })}>
            <option value="">{f('any')}</option>
            <option value="h264">H.264</option>
            <option value="h265">H.265</option>
            <option value="mpeg2">MPEG-2</option>
            <option value="none">{f('soundAlone')}</option>
          </select>
        </div>
        <Line id="profile-min" label={f('minKbps')} mode="numeric" value={draft.minKbps} onInput={(minKbps) => change({ minKbps })} />
        <Line id="profile-max" label={f('maxKbps')} mode="numeric" value={draft.maxKbps} onInput={(maxKbps) => change({ maxKbps })} />
        <Line id="profile-mark" label={f('mark')} hint={f('markHint')} value={draft.mark} onInput={(mark) => change({ mark })} />
      </div>
    </section>
  );
}
