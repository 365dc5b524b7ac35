// The rail of phases, and the clock that matters now.
import { Phase_Name, type Session } from '@messages/session_pb';
import { dateTimeText, millis, secondText, spanText } from '@web/times';
import { second } from '../live/clock';
import { phaseWord } from '../words';
import { s } from './texts';

const line = [
  Phase_Name.draft, Phase_Name.scheduled, Phase_Name.rehearsing, Phase_Name.armed, Phase_Name.live, Phase_Name.paused, Phase_Name.ended,
  Phase_Name.closed,
] as const;

export function Rail(props: { phase: Phase_Name }) {
  const { phase } = props;
  if (phase === Phase_Name.cancelled) return <p class="rail"><b class="rail-step here bad">{phaseWord(phase)}</b></p>;
  const at = line.indexOf(phase as (typeof line)[number]);
  return (
    <ol class="rail" aria-label={s('rail')}>
      {line.map((step, index) => (
        <li key={step} class={`rail-step${index === at ? ' here' : ''}${index < at ? ' past' : ''}${step === Phase_Name.live && index === at ? ' on-air' : ''}`}
          aria-current={index === at ? 'step' : undefined}>{phaseWord(step)}</li>
      ))}
    </ol>
  );
}

interface Counting {
  word: string;
  span: string;
  urgent: boolean;
}

export function counting(session: Session, now: number): Counting {
  const start = millis(session.startAtUs), planned = millis(session.scheduledStartUs);
  switch (session.phase) {
    case Phase_Name.live:
      if (start > now) return { word: s('goIn'), span: spanText(start - now + 999), urgent: true };
      return { word: s('running'), span: spanText(now - start), urgent: false };
    case Phase_Name.paused:
      return { word: s('pausedFor'), span: spanText(now - start), urgent: false };
    case Phase_Name.ended:
    case Phase_Name.closed:
      return { word: s('endedAgo'), span: spanText(now - millis(session.endedUs)), urgent: false };
    case Phase_Name.cancelled:
      return { word: '', span: '', urgent: false };
    default:
      return planned >= now ? { word: s('startsIn'), span: spanText(planned - now), urgent: false }
        : { word: s('overdue'), span: spanText(now - planned), urgent: session.phase === Phase_Name.armed };
  }
}

export function SessionClock(props: { session: Session }) {
  const { session } = props;
  const { word, span, urgent } = counting(session, second.value);
  const zone = session.timeZone;
  return (
    <div class={urgent ? 'session-clock urgent' : 'session-clock'} role="timer">
      <span class="soft small">{word}</span>
      <b>{span}</b>
      <span class="soft small clock-at">
        {session.startAtUs !== 0n ? secondText(session.startAtUs, zone) : dateTimeText(session.scheduledStartUs, zone)}
        {session.autoStart && session.startAtUs === 0n ? ` · ${s('auto')}` : ''}
      </span>
    </div>
  );
}
