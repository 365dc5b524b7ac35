// The overview: one look says how this hall is, and what the centre says.
import { type JSX } from 'preact';
import { day, number, time, timeWithSeconds } from './format';
import { Unsent } from './unsent';
import { Card, Mark } from './parts';
import { age, received, stale, unreadWhy } from './store';
import { phaseWord, read, say } from './texts';
import type { State } from './types';
import {
  type Look, aged, attendanceLook, countdown, feedName, figures, isOver, linkLook, pictureLook, readyLook, soundLook,
} from './verdicts';
import { HelpCalls } from './help';

function Tile({ name, look, href }: { name: string; look: Look; href?: string | undefined }): JSX.Element {
  const inside = (
    <>
      <Mark tone={look.tone} />
      <span class="tile-name">{name}</span>
      <b class="tile-word">{look.word}</b>
      {look.more && <span class="tile-more">{look.more}</span>}
    </>
  );
  return href ? <a class={`tile ${look.tone}`} href={href}>{inside}</a> : <div class={`tile ${look.tone}`}>{inside}</div>;
}

function SessionPanel({ now }: { now: State }): JSX.Element {
  const session = now.session;
  if (!session)
    return (
      <section class="session" aria-label={say('overview')}>
        <h2>{say('noSession')}</h2>
        <p class="soft">{say('noSessionHint')}</p>
      </section>
    );
  const zone = session.time_zone;
  const start = session.start_at_us || session.scheduled_start_us;
  const exact = session.start_at_us !== 0;
  const facts = [say('startsAt', { t: `${exact ? timeWithSeconds(start, zone) : time(start, zone)}, ${day(start, zone)}` })];
  if (session.started_us) facts.push(say('shownAt', { t: timeWithSeconds(session.started_us, zone) }));
  if (session.auto_start && !exact) facts.push(say('auto'));
  if (session.waived) facts.push(say('waived'));
  const left = countdown(now, age.value);
  return (
    <section class={`session ${now.phase}`} aria-label={session.title}>
      <div>
        <h2>{session.title || session.id}</h2>
        <p class="phase">{phaseWord(now.phase)}</p>
        <p class="soft">{facts.join(' · ')}</p>
      </div>
      {left && (
        <p class={`countdown${left.soon ? ' soon' : ''}`}>
          <span>{left.label}</span>
          <b role="timer">{left.value}</b>
        </p>
      )}
    </section>
  );
}

// What nobody has read yet stands above everything else.
function Messages({ now, unread }: { now: State; unread: boolean }): JSX.Element | null {
  const zone = now.session?.time_zone;
  const texts = now.texts.filter((text) => text.received !== unread);
  if (texts.length === 0 && (unread || now.texts.length > 0)) return null;
  return (
    <Card title={say('fromCentre')}>
      {texts.length === 0 && <p class="soft">{say('noMessages')}</p>}
      <ul class="rows" aria-live={unread ? 'polite' : undefined}>
        {texts.map((text) => (
          <li key={text.id} class={text.received ? 'message' : 'message new'}>
            <p class="message-text">{text.text}</p>
            <p class="soft">
              {say('byAt', { by: text.by, t: time(text.at_us, zone) })}
              {text.answers && ` · ${say('answersYou')}`}
            </p>
            {text.received
              ? <p class="good"><Mark tone="good" /> {say('read')}</p>
              : <button type="button" class="main" onClick={() => void received(text.id)}>{say('markRead')}</button>}
            {unreadWhy.value[text.id] && <p class="bad" role="status"><Mark tone="bad" /> {say('failed', { why: read(unreadWhy.value[text.id]) })}</p>}
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function FeedList({ now }: { now: State }): JSX.Element {
  if (!now.feeds.some((feed) => feed.sample)) return <p class="soft">{say('measuredWhen')}.</p>;
  return (
    <ul class="rows">
      {now.feeds.map((feed) => {
        const tone = !feed.sample ? 'calm' : feed.good ? 'good' : read(feed.trouble) ? 'bad' : 'warn';
        const word = !feed.sample ? say('notMeasured') : feed.good ? say('good') : read(feed.trouble) || say('waitingSignal');
        return (
          <li key={feed.id} class="feed">
            <Mark tone={tone} />
            <span><b>{feedName(feed.id)}</b>{feed.shown && ` · ${say('onScreen')}`}</span>
            <span class={tone}>{word}</span>
            <span class="soft figures">{figures(feed)}</span>
          </li>
        );
      })}
    </ul>
  );
}

export function Overview({ now }: { now: State }): JSX.Element {
  const fresh = (look: Look): Look => (stale.value ? aged(look, age.value) : look);
  return (
    <>
      <SessionPanel now={now} />
      <Messages now={now} unread />
      <div class="tiles">
        <Tile name={say('connection')} look={fresh(linkLook(now))} href={now.link.connected ? undefined : '#/help'} />
        {isOver(now)
          ? <Tile name={say('attendance')} look={fresh(attendanceLook(now))} href="#/attendance" />
          : <Tile name={say('readiness')} look={fresh(readyLook(now))} href="#/technician" />}
        <Tile name={say('picture')} look={fresh(pictureLook(now))} />
        <Tile name={say('sound')} look={fresh(soundLook(now))} />
      </div>
      <Unsent />
      <div class="columns">
        <Messages now={now} unread={false} />
        {now.help.length > 0 && <HelpCalls now={now} most={3} />}
        <Card title={say('details')}>
          <FeedList now={now} />
        </Card>
        {now.sessions.length > 1 && (
          <Card title={say('otherSessions')}>
            <ul class="rows">
              {now.sessions.filter((each) => each.id !== now.session?.id).map((each) => (
                <li key={each.id}>
                  <b>{each.title}</b>
                  <p class="soft">{time(each.scheduled_start_us, each.time_zone)}, {day(each.scheduled_start_us, each.time_zone)}</p>
                </li>
              ))}
            </ul>
          </Card>
        )}
      </div>
      <p class="foot soft">
        {now.site.id} · {say('version', { v: now.version })}
        {now.clock.known && ` · ${say('clockError', { n: number(now.clock.error_ms, 1) })}`}
      </p>
    </>
  );
}
