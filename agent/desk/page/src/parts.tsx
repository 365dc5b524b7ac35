// Small parts that several pages use.
import type { ComponentChildren, JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { type Role, names, rename, type Outcome } from './store';
import { read, say } from './texts';

export type Tone = 'good' | 'bad' | 'warn' | 'calm';

// Never colour alone: each tone has its own shape.
const shapes: Record<Tone, JSX.Element> = {
  good: <path d="M5 12.5l4.5 4.5L19 7.5" />,
  bad: <path d="M6 6l12 12M18 6L6 18" />,
  warn: <path d="M12 5v9M12 18v1" />,
  calm: <path d="M6 12h12" />,
};

export function Mark({ tone }: { tone: Tone }): JSX.Element {
  return (
    <svg class={`mark ${tone}`} viewBox="0 0 24 24" aria-hidden="true">{shapes[tone]}</svg>
  );
}

export function Card(props: { id?: string; title?: string; wide?: boolean; children: ComponentChildren }): JSX.Element {
  const id = useId();
  return (
    <section class={`card${props.wide ? ' wide' : ''}`} id={props.id} aria-labelledby={props.title ? id : undefined}>
      {props.title && <h2 id={id}>{props.title}</h2>}
      {props.children}
    </section>
  );
}

// What became of an act, spoken to screen readers.
export function Told({ outcome, done }: { outcome: Outcome | null; done?: string | undefined }): JSX.Element {
  let tone: Tone = 'good';
  let text = '';
  if (outcome?.kind === 'sent') text = done ?? say('sentState');
  if (outcome?.kind === 'kept') {
    tone = 'warn';
    text = say('keptState');
  }
  if (outcome?.kind === 'refused') {
    tone = 'bad';
    text = say('failed', { why: read(outcome.why) });
  }
  return (
    <p class={`told ${tone}`} role="status">{text && <><Mark tone={tone} /> {text}</>}</p>
  );
}

// The name that goes with an act. `missing` asks for it. One line once it is known; never while the page is used,
// because a field that goes under the finger takes the next tap with it.
export function NameField({ role, missing }: { role: Role; missing: boolean }): JSX.Element {
  const id = useId();
  const [open, setOpen] = useState(names[role].value.trim() === '');
  if (!open && names[role].value.trim() !== '')
    return (
      <p class="named">
        <span class="soft">{say('enteredBy')}</span> <b>{names[role].value}</b>
        <button type="button" class="small" onClick={() => setOpen(true)}>{say('changeName')}</button>
      </p>
    );
  return (
    <div class="field">
      <label for={id}>{say('yourName')}</label>
      <input id={id} class="name" value={names[role].value} maxLength={100} autocomplete="name" required
        aria-invalid={missing} aria-describedby={`${id}-hint`}
        onInput={(event) => rename(role, event.currentTarget.value)} />
      <p id={`${id}-hint`} class={missing ? 'bad' : 'soft'}>{missing ? say('nameFirst') : say('nameHint')}</p>
    </div>
  );
}

// The trimmed name, or a request for it and the cursor in its field.
export function useName(role: Role): { missing: boolean; name: () => string } {
  const [missing, setMissing] = useState(false);
  const given = names[role].value.trim();
  return {
    missing: missing && given === '',
    name: () => {
      if (given === '') {
        setMissing(true);
        document.querySelector<HTMLInputElement>('input.name')?.focus();
      }
      return given;
    },
  };
}

// Rows of '1' and '0' as one path: black on white in either theme, with the quiet zone that readers need.
export function QrCode({ rows, label, size }: { rows: string[]; label: string; size?: number }): JSX.Element {
  const quiet = 4;
  const width = rows.length + 2 * quiet;
  let path = '';
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; ++x) if (row[x] === '1') path += `M${x + quiet} ${y + quiet}h1v1h-1z`;
  });
  return (
    <svg class="qr" viewBox={`0 0 ${width} ${width}`} role="img" aria-label={label} width={size} height={size}
      shape-rendering="crispEdges">
      <rect width={width} height={width} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
