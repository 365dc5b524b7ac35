// Help: trouble told in the words that halls use, with our own diagnosis under each, and what became of the calls.
import { type JSX } from 'preact';
import { useState } from 'preact/hooks';
import { time } from './format';
import { items } from './outbox';
import { Card, Mark, type Tone, Told } from './parts';
import { enter, names, type Outcome } from './store';
import { topicWord, topicWords, read, say } from './texts';
import type { HelpCall, State, Topic } from './types';
import { activeFeed, linkLook, pictureLook, soundLook } from './verdicts';
import { Unsent } from './unsent';

interface Diagnosis { tone: Tone; text: string }

function diagnosis(topic: Topic, now: State): Diagnosis | null {
  if (topic === 'no_connection') {
    const look = linkLook(now);
    return look.tone === 'good'
      ? { tone: 'good', text: say('diagConnected') }
      : { tone: 'bad', text: say('diagLine', { why: read(now.link.problem) }) };
  }
  if (topic === 'other') return null;
  if (!activeFeed(now)?.sample) return { tone: 'calm', text: say('diagNone') };
  const look = topic === 'no_picture' ? pictureLook(now) : soundLook(now);
  if (look.tone === 'good' || (topic === 'no_picture' && look.tone === 'warn' && look.word === say('good')))
    return { tone: 'good', text: say(topic === 'no_picture' ? 'diagPictureGood' : 'diagSoundGood') };
  if (look.tone === 'calm') return { tone: 'calm', text: say('diagSoundQuiet') };
  return { tone: look.tone, text: look.word };
}

function where(call: HelpCall, zone: string | undefined): { tone: Tone; text: string } {
  if (call.seen && call.seen_by)
    return { tone: 'good', text: say('helpSeenBy', { by: call.seen_by.by, t: time(call.seen_by.at_us, zone) }) };
  if (call.seen) return { tone: 'good', text: say('helpSeen') };
  return call.sent ? { tone: 'warn', text: say('helpSent') } : { tone: 'warn', text: say('helpWaits') };
}

export function HelpCalls({ now, most }: { now: State; most: number }): JSX.Element | null {
  const zone = now.session?.time_zone;
  const here = items.value.filter((item) => item.act === 'help' && !item.refused);
  if (now.help.length === 0 && here.length === 0) return null;
  return (
    <Card title={say('helpYours')}>
      <ul class="rows" aria-live="polite">
        {here.map((item) => (
          <li key={item.id}>
            <p><b>{read(item.what)}</b></p>
            <p class="warn"><Mark tone="warn" /> {time(item.at_us, zone)} · {say('helpKept')}</p>
          </li>
        ))}
        {now.help.slice(0, most).map((call) => {
          const state = where(call, zone);
          const answer = now.texts.find((text) => text.answers === call.id);
          return (
            <li key={call.id}>
              <p><b>{topicWord(call.topic)}</b>{call.text && `: ${call.text}`} <span class="soft">{time(call.at_us, zone)}</span></p>
              <p class={state.tone}><Mark tone={state.tone} /> {state.text}</p>
              {answer && <p class="answer">“{answer.text}” <span class="soft">{say('byAt', { by: answer.by, t: time(answer.at_us, zone) })}</span></p>}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

const icons: Record<Topic, JSX.Element> = {
  no_picture: <path d="M3 5h18v12H3zM9 21h6M4 4l16 16" />,
  no_sound: <path d="M4 9v6h4l5 4V5L8 9zM16 9l5 6M21 9l-5 6" />,
  no_connection: <path d="M4 9a12 12 0 0 1 16 0M7 13a8 8 0 0 1 10 0M12 18v.5M4 4l16 16" />,
  other: <path d="M12 17v.5M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2" />,
};

export function Help({ now }: { now: State }): JSX.Element {
  const [more, setMore] = useState('');
  const [told, setTold] = useState<{ outcome: Outcome; topic: Topic } | null>(null);
  const call = async (topic: Topic): Promise<void> => {
    const by = names.technician.value.trim() || names.clerk.value.trim();
    const body = { ...(by ? { by } : {}), help: { topic, text: more.trim() } };
    const [vi, en] = topicWords[topic];
    const tail = more.trim() ? `: ${more.trim()}` : '';
    const outcome = await enter('help', body, { vi: vi + tail, en: en + tail });
    setTold({ outcome, topic });
    if (outcome.kind !== 'refused') setMore('');
  };
  const topics: Topic[] = ['no_picture', 'no_sound', 'no_connection', 'other'];
  return (
    <>
      <Card title={say('help')} wide>
        <p class="soft">{say('helpLead')}</p>
        <div class="help-buttons">
          {topics.map((topic) => {
            const own = diagnosis(topic, now);
            return (
              <div key={topic} class="help-topic">
                <button type="button" class="help-button" aria-label={say('helpSend', { topic: topicWord(topic) })}
                  onClick={() => void call(topic)}>
                  <svg viewBox="0 0 24 24" aria-hidden="true">{icons[topic]}</svg>
                  {topicWord(topic)}
                </button>
                {own && <p class={`own ${own.tone}`}><Mark tone={own.tone} /> <span><span class="soft">{say('ownView')}:</span> {own.text}</span></p>}
              </div>
            );
          })}
        </div>
        <div class="field">
          <label for="help-more">{say('helpMore')} <span class="soft">({say('optional')})</span></label>
          <input id="help-more" value={more} maxLength={500} autocomplete="off"
            onInput={(event) => setMore(event.currentTarget.value)} />
        </div>
        <Told outcome={told?.outcome ?? null} done={told ? say('helpSaved', { topic: topicWord(told.topic) }) : undefined} />
      </Card>
      <HelpCalls now={now} most={10} />
      <Unsent />
    </>
  );
}
