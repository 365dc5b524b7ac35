// What can be done to the session now. The next step is the one large button; what ends or cancels asks first.
import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '@web/components/button';
import { Phase_Name } from '@messages/session_pb';
import type { SessionView } from '@messages/view_pb';
import { said } from '@web/language';
import { toast } from '@web/components/toast';
import { Asking } from '../app/asking';
import { go as goTo } from '../app/router';
import type { Live } from '../live/live';
import { maySteer } from '../live/me';
import { tried } from '../live/use';
import { w } from '../words';
import { act, type Act } from './acts';
import { GoDialog } from './go_dialog';
import { MessageDialog } from './message_dialog';
import { s } from './texts';

interface Step {
  kind: Act;
  word: string;
  main?: boolean;
  ask?: string;
}

export function stepsOf(phase: Phase_Name, sites: number): Step[] {
  const cancel: Step = { kind: 'cancel', word: s('cancel'), ask: s('cancelAsk') };
  const end: Step = { kind: 'end', word: s('end'), ask: s('endAsk', { n: sites }) };
  switch (phase) {
    case Phase_Name.draft:
      return [{ kind: 'schedule', word: s('schedule'), main: true }, cancel];
    case Phase_Name.scheduled:
      return [{ kind: 'rehearse', word: s('rehearse') }, { kind: 'arm', word: s('arm'), main: true }, cancel];
    case Phase_Name.rehearsing:
      return [{ kind: 'stop_rehearsal', word: s('stopRehearsal') }, { kind: 'arm', word: s('arm'), main: true }, cancel];
    case Phase_Name.armed:
      return [{ kind: 'disarm', word: s('disarm') }, { kind: 'go', word: s('go'), main: true }];
    case Phase_Name.live:
      return [{ kind: 'pause', word: s('pause') }, end];
    case Phase_Name.paused:
      return [{ kind: 'resume', word: s('resume'), main: true }, end];
    case Phase_Name.ended:
      return [{ kind: 'close', word: s('close'), main: true, ask: s('closeAsk') }];
    default:
      return [];
  }
}

/** The button that was pressed is gone when the phase has changed: who works by keyboard is then where the next ones are, on
    none of them, so that a key held too long does nothing. */
function useKeptPlace(phase: Phase_Name): RefObject<HTMLDivElement> {
  const box = useRef<HTMLDivElement>(null);
  const isInside = useRef(false);
  useEffect(() => {
    const note = (event: FocusEvent) => {
      isInside.current = event.target instanceof Node && box.current?.contains(event.target) === true;
    };
    document.addEventListener('focusin', note);
    return () => document.removeEventListener('focusin', note);
  }, []);
  useLayoutEffect(() => {
    if (isInside.current && document.activeElement === document.body) box.current?.focus({ preventScroll: true });
  }, [phase]);
  return box;
}

export function Acts(props: { view: SessionView; live: Live }) {
  const session = props.view.session;
  const box = useKeptPlace(session?.phase ?? Phase_Name.draft);
  const asked = useSignal<Step | null>(null);
  const going = useSignal(false), writing = useSignal(false), busy = useSignal(false);
  if (session === undefined || !maySteer.value) return null;
  const run = async (step: Step, reason = '') => {
    busy.value = true;
    const done = await tried(async () => {
      const reply = await act(session.id, step.kind, reason === '' ? {} : { reason });
      for (const warning of reply.warnings) toast(said(warning), 'plain');
    }, w('done'));
    busy.value = false;
    return done;
  };
  const press = (step: Step) => {
    if (step.kind === 'go') going.value = true;
    else if (step.ask !== undefined) asked.value = step;
    else void run(step);
  };
  const isOpen = session.phase !== Phase_Name.closed && session.phase !== Phase_Name.cancelled;
  return (
    <div class="acts" ref={box} tabIndex={-1} role="group" aria-label={s('acts')}>
      {isOpen && session.phase !== Phase_Name.draft && <Button onClick={() => (writing.value = true)}>{s('message')}</Button>}
      {isOpen && session.phase !== Phase_Name.ended && <Button onClick={() => goTo('edit', session.id)}>{s('edit')}</Button>}
      {!isOpen && <Button onClick={() => goTo('new', session.id)}>{s('copy')}</Button>}
      {stepsOf(session.phase, props.view.sites).map((step) => (
        <Button key={step.kind} class="step-act" big={step.kind === 'go'} kind={step.kind === 'go' ? 'danger' : step.main ? 'main' : 'plain'} disabled={busy.value} onClick={() => press(step)}>
          {step.word}
        </Button>
      ))}
      {going.value && <GoDialog view={props.view} live={props.live} onClose={() => (going.value = false)} />}
      {writing.value && <MessageDialog session={session} live={props.live} onClose={() => (writing.value = false)} />}
      {asked.value !== null && (
        <Asking title={asked.value.word} danger act={asked.value.word} {...(asked.value.kind === 'cancel' ? { field: w('reason') } : {})} onClose={() => (asked.value = null)}
          onAct={(reason) => (asked.value === null ? Promise.resolve(true) : run(asked.value, reason))}><p>{asked.value.ask}</p></Asking>
      )}
    </div>
  );
}
