// The technician's checklist, in the order of the work, with what is measured here beside each step.
import { type ComponentChildren, type JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { post } from './api';
import { number, span, time } from './format';
import { Card, Mark, NameField, Told, type Tone, useName } from './parts';
import { type Outcome, enter, refresh } from './store';
import { checkWord, both, read, say } from './texts';
import type { Check, SignOff, State } from './types';
import { figures } from './verdicts';
import { Unsent } from './unsent';

type Tick = 'screen' | 'loudspeaker' | 'camera' | 'microphone';
const ticks: Tick[] = ['screen', 'loudspeaker', 'camera', 'microphone'];
const none: SignOff = { screen: false, loudspeaker: false, camera: false, microphone: false, note: '' };

function Step(props: { number: number; title: string; hint: string; done: boolean; children?: ComponentChildren }): JSX.Element {
  return (
    <li class={`step${props.done ? ' done' : ''}`}>
      <span class="step-number" aria-hidden="true">{props.done ? <Mark tone="good" /> : props.number}</span>
      <div class="step-body">
        <h3><span class="unseen">{props.number}. </span>{props.title}</h3>
        <p class="soft">{props.hint}</p>
        {props.children}
      </div>
    </li>
  );
}

function Box(props: { label: string; on: boolean; set: (on: boolean) => void }): JSX.Element {
  return (
    <label class="tick">
      <input type="checkbox" checked={props.on} onChange={(event) => props.set(event.currentTarget.checked)} />
      <span>{props.label}</span>
    </label>
  );
}

function TestPicture({ now }: { now: State }): JSX.Element {
  const [told, setTold] = useState<Outcome | null>(null);
  const test = now.test;
  const turn = async (on: boolean): Promise<void> => {
    const answer = await post('/api/desk/test', { on });
    if (answer.kind === 'done') setTold(null);
    else setTold({ kind: 'refused', why: answer.kind === 'refused' ? answer.why : both('noAnswer') });
    await refresh();
  };
  if (!test.allowed) return <p class="measured calm"><Mark tone="calm" /> {say('testBusy')}</p>;
  if (!test.on)
    return (
      <>
        <button type="button" class="main" onClick={() => void turn(true)}>{say('testStart')}</button>
        {!test.screen && <p class="measured warn"><Mark tone="warn" /> {say('testNoScreen')}</p>}
        <Told outcome={told} />
      </>
    );
  const trouble = read(test.problem);
  const tone: Tone = trouble ? 'bad' : test.shown ? 'good' : 'warn';
  return (
    <>
      <p class={`measured ${tone}`} role="status">
        <Mark tone={tone} /> {trouble || (test.shown ? say('testOn', { t: span(test.left_s) }) : say('testOpening'))}
      </p>
      {!test.screen && <p class="measured warn"><Mark tone="warn" /> {say('testNoScreen')}</p>}
      <button type="button" onClick={() => void turn(false)}>{say('testStop')}</button>
    </>
  );
}

const checkTones: Record<Check['verdict'], Tone> = { ok: 'good', failed: 'bad', running: 'warn', not_run: 'calm' };

function measuredOf(check: Check, now: State): string {
  if (check.verdict === 'failed' || (check.verdict === 'not_run' && check.reason)) return read(check.reason);
  switch (check.kind) {
    case 'link':
      return now.clock.rtt_ms > 0 ? say('roundTrip', { n: number(now.clock.rtt_ms, 1) }) : '';
    case 'clock':
      return now.clock.known ? say('clockError', { n: number(now.clock.error_ms, 1) }) : '';
    case 'disk':
      return now.machine ? say('diskFree', { n: number(now.machine.disk_free_mb / 1024, 1) }) : '';
    case 'version':
      return say('version', { v: now.version });
    case 'main_feed':
    case 'backup_feed': {
      const feed = now.feeds[check.kind === 'main_feed' ? 0 : 1];
      return feed ? figures(feed) : '';
    }
    default:
      return '';
  }
}

function Measured({ now }: { now: State }): JSX.Element {
  const byPerson: string[] = ticks;
  const checks = (now.readiness?.checks ?? []).filter((check) => !byPerson.includes(check.kind));
  if (checks.length === 0) return <p class="measured calm"><Mark tone="calm" /> {say('step3None')}</p>;
  return (
    <ul class="checks">
      {checks.map((check) => (
        <li key={check.kind}>
          <Mark tone={checkTones[check.verdict]} />
          <b>{checkWord(check.kind)}</b>
          <span class={check.verdict === 'failed' ? 'bad' : 'soft'}>{measuredOf(check, now)}</span>
        </li>
      ))}
    </ul>
  );
}

// What is ticked here and not sent yet stays when the page is left or another device confirms.
let draft: SignOff | null = null;

export function Technician({ now }: { now: State }): JSX.Element {
  const sent = now.sign_off;
  const [mine, setMine] = useState<SignOff>(draft ?? sent?.sign_off ?? none);
  const [told, setTold] = useState<Outcome | null>(null);
  const who = useName('technician');
  const confirmed = sent?.at_us;
  useEffect(() => {
    if (sent && !draft) setMine({ ...none, ...sent.sign_off });
  }, [confirmed]);
  const change = (part: Partial<SignOff>): void => {
    draft = { ...mine, ...part };
    setMine(draft);
    setTold(null);
  };
  const confirm = async (event: Event): Promise<void> => {
    event.preventDefault();
    const by = who.name();
    if (!by) return;
    const outcome = await enter('confirm', { by, sign_off: mine }, both('confirm'));
    if (outcome.kind !== 'refused') draft = null;
    setTold(outcome);
  };
  const count = ticks.filter((tick) => mine[tick]).length;
  const measured = now.readiness?.verdict;
  return (
    <form onSubmit={(event) => void confirm(event)} novalidate>
      <Card title={say('checklist')} wide>
        <p class="soft">{say('onDuty')}</p>
        <ol class="steps">
          <Step number={1} title={say('step1')} hint={say('step1Hint')} done={mine.screen && mine.loudspeaker}>
            <TestPicture now={now} />
            <Box label={say('tickScreen')} on={mine.screen} set={(screen) => change({ screen })} />
            <Box label={say('tickLoudspeaker')} on={mine.loudspeaker} set={(loudspeaker) => change({ loudspeaker })} />
          </Step>
          <Step number={2} title={say('step2')} hint={say('step2Hint')} done={mine.camera}>
            <p class="measured calm"><Mark tone="calm" /> {say('onlyYou')}</p>
            <Box label={say('tickCamera')} on={mine.camera} set={(camera) => change({ camera })} />
          </Step>
          <Step number={3} title={say('step3')} hint={say('step3Hint')} done={measured === 'ready'}>
            <Measured now={now} />
          </Step>
          <Step number={4} title={say('step4')} hint={say('step4Hint')} done={mine.microphone}>
            <p class="measured calm"><Mark tone="calm" /> {say('onlyYou')}</p>
            <Box label={say('tickMicrophone')} on={mine.microphone} set={(microphone) => change({ microphone })} />
          </Step>
          <Step number={5} title={say('step5')} hint={say('step5Hint')} done={sent !== null && !draft}>
            {sent && (
              <p class="measured good">
                <Mark tone="good" /> {say('confirmedAt', { by: sent.by, t: time(sent.at_us, now.session?.time_zone) })}
              </p>
            )}
            <NameField role="technician" missing={who.missing} />
            <div class="field">
              <label for="note">{say('note')} <span class="soft">({say('optional')})</span></label>
              <input id="note" value={mine.note} maxLength={500} autocomplete="off"
                onInput={(event) => change({ note: event.currentTarget.value })} />
            </div>
            <button type="submit" class="main big" disabled={!now.session}>
              {sent ? say('confirmAgain') : say('confirm')} <small>{say('ticked', { n: count })}</small>
            </button>
            <Told outcome={told} />
          </Step>
          <Step number={6} title={say('step6')} hint={say('step6Hint')} done={now.phase === 'ended'} />
        </ol>
      </Card>
      <Unsent />
    </form>
  );
}
