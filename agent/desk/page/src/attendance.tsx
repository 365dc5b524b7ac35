// The clerk's page: which sitting, headcount, names, and what was entered last, by whom, with undo.
import { type JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Delegates } from './delegates';
import { number, time } from './format';
import { HeadcountForm } from './headcount';
import { Card, NameField, Told, useName } from './parts';
import { type Outcome, delegates, enter, refresh, sitting } from './store';
import { both, presenceWord, presenceWords, say } from './texts';
import type { Entry, State, Text } from './types';
import { Unsent } from './unsent';

function nameOf(id: string): string {
  return delegates.value.find((one) => one.id === id)?.name ?? id;
}

function whatIs(entry: Entry): Text {
  if (entry.headcount) return both('logCount', { n: entry.headcount.present });
  const [vi, en] = presenceWords[entry.state ?? 'not_marked'];
  const name = nameOf(entry.delegate_id ?? '');
  return { vi: `${name}: ${vi}`, en: `${name}: ${en}` };
}

function Log({ now, who }: { now: State; who: ReturnType<typeof useName> }): JSX.Element {
  const [told, setTold] = useState<Outcome | null>(null);
  const recent = now.attendance?.recent ?? [];
  const undo = async (entry: Entry): Promise<void> => {
    const by = who.name();
    if (!by) return;
    const what = whatIs(entry);
    const outcome = await enter('undo', { by, corrects_id: entry.id },
      { vi: both('undone', { what: what.vi }).vi, en: both('undone', { what: what.en }).en });
    setTold(outcome);
  };
  return (
    <Card title={say('log')}>
      {recent.length === 0 && <p class="soft">{say('logEmpty')}</p>}
      <ul class="rows log">
        {recent.map((entry) => {
          const text = entry.headcount
            ? say('logCount', { n: number(entry.headcount.present) })
            : `${nameOf(entry.delegate_id ?? '')}: ${presenceWord(entry.state ?? 'not_marked')}`;
          return (
            <li key={entry.id}>
              <div>
                <b>{text}</b>
                <p class="soft">
                  {say('byAt', { by: entry.by, t: time(entry.at_us, now.session?.time_zone) })}
                  {entry.corrects && ` · ${say('corrected')}`}
                </p>
              </div>
              {entry.can_undo && (
                <button type="button" class="small" aria-label={say('undoWhat', { what: text })}
                  onClick={() => void undo(entry)}>{say('undo')}</button>
              )}
            </li>
          );
        })}
      </ul>
      <Told outcome={told} />
    </Card>
  );
}

type Part = 'count' | 'names';
let part: Part = 'count';

export function AttendancePage({ now }: { now: State }): JSX.Element {
  const who = useName('clerk');
  const [shown, setShown] = useState<Part>(part);
  const show = (next: Part): void => {
    part = next;
    setShown(next);
  };
  const session = now.session;
  if (!session || !now.attendance)
    return <Card title={say('attendance')} wide><p class="soft">{say('noSession')}. {say('noSessionHint')}</p></Card>;
  const parts: [Part, string][] = [['count', say('headcount')], ['names', say('byNames')]];
  return (
    <>
      <Unsent />
      <div class="columns clerk">
        <Card wide title={say('attendance')}>
          {session.sittings.length > 1 && (
            <div class="field">
              <label for="sitting">{say('sitting')}</label>
              <select id="sitting" value={now.attendance.sitting_id} onChange={(event) => {
                sitting.value = event.currentTarget.value;
                void refresh();
              }}>
                {session.sittings.map((one) => <option key={one.id} value={one.id}>{one.title || one.id}</option>)}
              </select>
            </div>
          )}
          <NameField role="clerk" missing={who.missing} />
          <div class="switch" role="group" aria-label={say('attendance')}>
            {parts.map(([name, label]) => (
              <button key={name} type="button" aria-pressed={shown === name} onClick={() => show(name)}>{label}</button>
            ))}
          </div>
          {shown === 'count' ? <HeadcountForm now={now} who={who} /> : <Delegates now={now} who={who} />}
        </Card>
        <Log now={now} who={who} />
      </div>
    </>
  );
}
