// The delegates' list: search without marks, codes by scanner or camera, one tap for who is there.
import { type JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { post } from './api';
import { matches, number, wordsOf } from './format';
import { Told, type useName } from './parts';
import { Scanner } from './scanner';
import { type Outcome, delegates, enter, shownStates, stateOf } from './store';
import { presenceWord, presenceWords, read, say } from './texts';
import { type Counted, type Delegate, type Presence, presences, type State, type Text } from './types';

const page = 60;
export const codePattern = /^\d{16}$/;

type Filter = 'all' | 'open' | 'done';

function Row(props: { one: Delegate; mark: (one: Delegate, state: Presence, reason?: string) => void }): JSX.Element {
  const { one } = props;
  const state = stateOf(one);
  const [open, setOpen] = useState(false); // on a telephone: the less frequent states
  const waits = shownStates.value.has(one.id);
  return (
    <li class={`delegate ${state}`}>
      <div class="who">
        <b>{one.name}</b>
        <span class="soft">{[one.title, one.unit].filter(Boolean).join(' · ')}</span>
        {state !== 'not_marked' && (
          <span class="soft">{waits ? say('keptState') : one.by}{one.reason && ` · ${one.reason}`}</span>
        )}
      </div>
      <div class={`states${open ? ' open' : ''}`} role="group" aria-label={say('stateFor', { name: one.name })}>
        {presences.map((name: Counted) => (
          <button key={name} type="button" class={name} aria-pressed={state === name}
            onClick={() => props.mark(one, state === name ? 'not_marked' : name)}>{presenceWord(name)}</button>
        ))}
        <button type="button" class="others" aria-expanded={open} aria-label={say('othersFor', { name: one.name })}
          onClick={() => setOpen(!open)}>{say('others')}</button>
      </div>
    </li>
  );
}

function useCounts(now: State): string {
  const c = now.attendance?.by_name;
  if (!c) return '';
  let marked = c.expected - c.not_marked;
  for (const one of delegates.value) {
    const over = shownStates.value.get(one.id);
    if (over !== undefined) marked += Number(over !== 'not_marked') - Number(one.state !== 'not_marked');
  }
  return say('marked', { n: number(marked), x: number(c.expected) });
}

interface Heard { tone: 'good' | 'bad'; text: Text | string }

export function Delegates({ now, who }: { now: State; who: ReturnType<typeof useName> }): JSX.Element {
  const [typed, setTyped] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  const [shown, setShown] = useState(page);
  const [late, setLate] = useState(false);
  const [scanning, setScanning] = useState(false);
  const [heard, setHeard] = useState<Heard | null>(null);
  const [told, setTold] = useState<{ outcome: Outcome; text: string } | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => setShown(page), [typed, filter]);

  const mark = async (one: Delegate, state: Presence): Promise<void> => {
    const by = who.name();
    if (!by) return;
    const [vi, en] = presenceWords[state];
    const body = { by, check_in: { delegate_id: one.id, state, ...(late ? { late_entry: true } : {}) } };
    const outcome = await enter('checkin', body, { vi: `${one.name}: ${vi}`, en: `${one.name}: ${en}` });
    setHeard(null);
    setTold({ outcome, text: say('markedAs', { name: one.name, state: presenceWord(state) }) });
  };

  // A code from a scanner or the camera. Known ones need no network.
  const scanned = async (code: string): Promise<void> => {
    setTyped('');
    setTold(null);
    if (!codePattern.test(code)) return setHeard({ tone: 'bad', text: say('scanForeign') });
    let one = delegates.value.find((each) => each.code === code);
    if (!one) {
      const answer = await post<{ delegate_id: string }>('/api/desk/code', { code, sitting_id: now.attendance?.sitting_id });
      if (answer.kind === 'refused') return setHeard({ tone: 'bad', text: answer.why });
      if (answer.kind === 'silent') return setHeard({ tone: 'bad', text: say('scanUnknown') });
      one = delegates.value.find((each) => each.id === answer.value.delegate_id);
    }
    if (one) await mark(one, 'present');
  };

  const words = wordsOf(typed);
  const found = delegates.value.filter((one) =>
    matches(one.key, words) && (filter === 'all' || (stateOf(one) === 'not_marked') === (filter === 'open')));
  const submit = (event: Event): void => {
    event.preventDefault();
    const text = typed.trim();
    if (/^\d{6,}$/.test(text)) void scanned(text);
    else if (found.length === 1 && found[0]) void mark(found[0], 'present').then(() => setTyped(''));
  };

  if (delegates.value.length === 0) return <p class="soft">{say('noDelegates')}</p>;
  const filters: [Filter, string][] = [['all', say('filterAll')], ['open', say('filterOpen')], ['done', say('filterDone')]];
  const text = heard === null ? '' : typeof heard.text === 'string' ? heard.text : read(heard.text);
  return (
    <>
      <form class="search" role="search" onSubmit={submit}>
        <label for="search">{say('search')}</label>
        <div class="search-row">
          <input id="search" ref={field} type="search" value={typed} maxLength={100} autocomplete="off" enterKeyHint="search"
            onInput={(event) => setTyped(event.currentTarget.value)} />
          <button type="button" class="main" aria-expanded={scanning} onClick={() => setScanning(!scanning)}>{say('scan')}</button>
        </div>
      </form>
      {scanning && <Scanner found={(code) => void scanned(code)} close={() => setScanning(false)} />}
      <p class={`told ${heard?.tone ?? ''}`} role="status">{text}</p>
      <Told outcome={told?.outcome ?? null} done={told?.text} />
      <div class="filters" role="group" aria-label={say('byNames')}>
        {filters.map(([name, label]) => (
          <button key={name} type="button" aria-pressed={filter === name} onClick={() => setFilter(name)}>{label}</button>
        ))}
        <b class="marked">{useCounts(now)}</b>
      </div>
      <ul class="rows delegates">
        {found.slice(0, shown).map((one) => <Row key={one.id} one={one} mark={(each, state) => void mark(each, state)} />)}
      </ul>
      {found.length === 0 && <p class="soft">{words.length > 0 || filter !== 'open' ? say('nobody') : say('allMarked')}</p>}
      {found.length > shown && (
        <button type="button" class="wide-button" onClick={() => setShown(shown + page)}>
          {say('moreRows', { n: Math.min(page, found.length - shown) })}
        </button>
      )}
      <label class="tick">
        <input type="checkbox" checked={late} onChange={(event) => setLate(event.currentTarget.checked)} />
        <span>{say('lateEntry')}</span>
      </label>
      <p><a href="#/codes">{say('printCodes')}</a></p>
    </>
  );
}
