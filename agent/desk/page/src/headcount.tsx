// The headcount: four numbers with big buttons. What is being typed stays when another device reports.
import { type JSX } from 'preact';
import { useState } from 'preact/hooks';
import { number, time } from './format';
import { Mark, Told, type useName } from './parts';
import { type Outcome, enter } from './store';
import { both, presenceWord, say } from './texts';
import { type Counted, type Headcount, presences, type State } from './types';

const zero: Headcount = { present: 0, online: 0, excused: 0, absent: 0, note: '' };
const most = 100_000;
let draft: { sitting: string; count: Headcount } | null = null;

function Stepper(props: { name: Counted; value: number; set: (value: number) => void }): JSX.Element {
  const what = presenceWord(props.name);
  const to = (value: number): void => props.set(Math.min(most, Math.max(0, value)));
  return (
    <div class={`count ${props.name}`}>
      <label for={`count-${props.name}`}>{what}</label>
      <div class="stepper">
        <button type="button" aria-label={say('less', { what })} onClick={() => to(props.value - 1)}>−</button>
        <input id={`count-${props.name}`} inputMode="numeric" maxLength={6} autocomplete="off" value={props.value}
          onFocus={(event) => event.currentTarget.select()}
          onInput={(event) => to(Number.parseInt(event.currentTarget.value.replace(/\D/g, ''), 10) || 0)} />
        <button type="button" aria-label={say('plus', { what })} onClick={() => to(props.value + 1)}>+</button>
        <button type="button" class="ten" aria-label={say('plusTen', { what })} onClick={() => to(props.value + 10)}>+10</button>
      </div>
    </div>
  );
}

export function HeadcountForm({ now, who }: { now: State; who: ReturnType<typeof useName> }): JSX.Element {
  const here = now.attendance;
  const sitting = here?.sitting_id ?? '';
  const said = here?.headcount ?? null;
  const [, redraw] = useState(0);
  const [told, setTold] = useState<Outcome | null>(null);
  const editing = draft?.sitting === sitting ? draft.count : null;
  const count = editing ?? (said ? { ...zero, ...said, note: '' } : zero);
  const change = (part: Partial<Headcount>): void => {
    draft = { sitting, count: { ...count, ...part } };
    setTold(null);
    redraw((n) => n + 1);
  };
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const by = who.name();
    if (!by) return;
    const outcome = await enter('headcount', { by, headcount: count }, both('logCount', { n: count.present }));
    if (outcome.kind === 'sent') draft = null;
    setTold(outcome);
  };
  const takeOver = (): void => {
    draft = null;
    redraw((n) => n + 1);
  };
  const differs = editing !== null && said !== null && presences.some((name) => editing[name] !== said[name]);
  const sum = presences.reduce((all, name) => all + count[name], 0);
  const expected = here?.by_name.expected ?? 0;
  return (
    <form onSubmit={(event) => void send(event)} novalidate>
      <div class="counts">
        {presences.map((name) => (
          <Stepper key={name} name={name} value={count[name]} set={(value) => change({ [name]: value })} />
        ))}
      </div>
      <p class="sum">{say('total', { n: number(sum) })}{expected > 0 && ` · ${say('expected', { n: number(expected) })}`}</p>
      <div class="field">
        <label for="count-note">{say('note')} <span class="soft">({say('optional')})</span></label>
        <input id="count-note" value={count.note} maxLength={500} autocomplete="off"
          onInput={(event) => change({ note: event.currentTarget.value })} />
      </div>
      <button type="submit" class="main big" disabled={!now.session}>{say('sendCount')}</button>
      <Told outcome={told} />
      {here && said
        ? (
          <p class={differs ? 'warn' : 'soft'}>
            {differs && <Mark tone="warn" />}{' '}
            {say('lastCount', { by: here.headcount_by, t: time(here.headcount_at_us, now.session?.time_zone), n: number(said.present) })}
            {differs && <> <button type="button" class="small" onClick={takeOver}>{say('takeOver')}</button></>}
          </p>
        )
        : <p class="soft">{say('noCount')}</p>}
    </form>
  );
}
