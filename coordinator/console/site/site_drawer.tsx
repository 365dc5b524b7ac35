// One site, beside the wall: how it is now and how old that is, why, whom to call, what can be done.
import { Drawer } from '@web/components/drawer';
import type { Session } from '@messages/session_pb';
import { LinkState_Name, type SiteView } from '@messages/view_pb';
import { number } from '@web/numbers';
import { ageText, millis, secondText } from '@web/times';
import { second } from '../live/clock';
import type { Live } from '../live/live';
import { areaPath } from '../live/roster';
import { Phone } from '../session/waiting_for';
import { kindWord, verdictOf } from '../wall/verdict';
import { linkWord, outcomeWord } from '../words';
import { SiteActs } from './site_acts';
import { SiteAttended, SiteChecks } from './site_checks';
import { SiteFeeds } from './site_feeds';
import { SiteTexts } from './site_texts';
import { SiteCharts, SitePicture } from './site_past';
import { d } from './texts';

function Facts(props: { site: SiteView; session: Session }) {
  const { site } = props;
  const status = site.status;
  const { kind, note } = verdictOf(site, props.session.phase);
  const zone = props.session.timeZone;
  const age = second.value - millis(site.heardUs);
  return (
    <dl class="facts">
      <dt>{d('state')}</dt>
      <dd><span class={`kind-tag k-${kind}`}><i class="shape" aria-hidden="true" />{kindWord(kind)}</span>{note !== '' && <p>{note}</p>}</dd>
      <dt>{d('link')}</dt>
      <dd class={site.link === LinkState_Name.online ? '' : 'bad-text'}>
        {linkWord(site.link)}{site.heardUs !== 0n && <span class="soft small"> · {age < 3000 ? d('heardNow') : d('heard', { t: ageText(age) })}</span>}</dd>
      <dt>{d('contact')}</dt><dd><Phone site={site} /></dd>
      {site.outcome !== undefined && status !== undefined && status.startedUs !== 0n && (
        <><dt>{d('shownAt')}</dt><dd>{secondText(status.startedUs, zone)} ({outcomeWord(site.outcome.state)})</dd></>
      )}
      {status?.clock?.known === true && <><dt>{d('clock')}</dt><dd>±{number(Number(status.clock.errorUs) / 1000, 1)} ms</dd></>}
      {status !== undefined && status.spoolPending > 0 && <><dt>{d('unsent')}</dt><dd class="warn-text">{d('records', { n: status.spoolPending })}</dd></>}
      {site.agentVersion !== '' && <><dt>{d('agent')}</dt><dd>{site.agentVersion}</dd></>}
    </dl>
  );
}

export function SiteDrawer(props: { live: Live; session: Session; id: string; onClose: () => void }) {
  void props.live.siteIds.value;
  const site = props.live.sites.get(props.id)?.value;
  if (site === undefined) return <Drawer title={props.id} onClose={props.onClose}><p>{d('gone')}</p></Drawer>;
  return (
    <Drawer title={site.name || site.siteId} onClose={props.onClose}>
      <p class="soft">{areaPath(site.areaId)} · {site.siteId}</p>
      <Facts site={site} session={props.session} />
      {site.thumbnailUs !== 0n && <SitePicture id={props.id} zone={props.session.timeZone} newestUs={site.thumbnailUs} />}
      <SiteActs site={site} session={props.session} live={props.live} />
      <SiteTexts site={props.id} session={props.session.id} zone={props.session.timeZone} heard={`${site.status?.revision ?? 0n} ${site.status?.receivedTextIds.join() ?? ''}`} />
      <SiteFeeds site={site} session={props.session} />
      <SiteCharts id={props.id} zone={props.session.timeZone} />
      <SiteChecks site={site} zone={props.session.timeZone} />
      <SiteAttended site={site} zone={props.session.timeZone} />
    </Drawer>
  );
}
