// What the site receives of each feed, as of its newest status.
import { Condition_Name, type HealthSample } from '@messages/health_pb';
import type { Session } from '@messages/session_pb';
import type { SiteView } from '@messages/view_pb';
import { said } from '@web/language';
import { bitRate, number } from '@web/numbers';
import { conditionWord, feedWord } from '../words';
import { d } from './texts';

function pictureText(sample: HealthSample): string {
  const video = sample.video;
  if (video === undefined || video.codec === '') return '–';
  return `${video.width}×${video.height}, ${number(video.fps, 0)} fps, ${video.codec}`;
}

function soundText(sample: HealthSample): string {
  const audio = sample.audio;
  if (audio === undefined || audio.codec === '') return '–';
  return `${audio.codec}, ${number(audio.lufs, 0)} LUFS`;
}

// Where no time server sets a clock its kernel answers for seconds only: then the delay says nothing.
const mostErrorMs = 1000;

function Feed(props: { sample: HealthSample; isActive: boolean }) {
  const { sample } = props;
  const bad = sample.conditions.filter((one) => one !== Condition_Name.none);
  const rows: [string, string][] = [
    [d('bitrate'), sample.connected ? bitRate(sample.bitrateKbps) : '–'], [d('picture'), pictureText(sample)], [d('sound'), soundText(sample)],
    [d('lost'), number(sample.lostPackets)],
  ];
  if (sample.rttMs > 0) rows.push([d('rtt'), `${number(sample.rttMs, 0)} ms`]);
  if (sample.mark !== undefined) rows.push([d('mark'), sample.mark.briefing]);
  if (sample.mark !== undefined && sample.mark.errorMs < mostErrorMs)
    rows.push([d('fromStudio'), `${number(sample.mark.delayMs, 0)} ms ± ${number(sample.mark.errorMs, 0)}`]);
  return (
    <div class={bad.length > 0 ? 'feed bad' : 'feed'}>
      <h3>{d('feed', { name: feedWord(sample.feedId) })} {props.isActive && <span class="tag good">{d('inUse')}</span>}
        {bad.map((one) => <span key={one} class="tag bad">{conditionWord(one)}</span>)}</h3>
      {bad.length > 0 && said(sample.problem) !== '' && <p>{said(sample.problem)}</p>}
      <dl class="facts">{rows.map(([word, value]) => <><dt>{word}</dt><dd>{value}</dd></>)}</dl>
    </div>
  );
}

export function SiteFeeds(props: { site: SiteView; session: Session }) {
  const status = props.site.status;
  // As the session lists them: the main one first, and not as the site happens to tell of them.
  const place = (sample: HealthSample) => {
    const at = props.session.feeds.findIndex((feed) => feed.id === sample.feedId);
    return at < 0 ? props.session.feeds.length : at;
  };
  const samples = [...(status?.health ?? [])].sort((a, b) => place(a) - place(b));
  return (
    <section class="stack"><h2>{d('feeds')}</h2>
      {samples.length === 0 && <p class="soft">{d('noFeeds')}</p>}
      {samples.map((sample) => <Feed key={sample.feedId} sample={sample} isActive={sample.feedId === status?.activeFeedId} />)}
    </section>
  );
}
