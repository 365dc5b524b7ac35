// What was written to this site, and whether it arrived and was read there.
import type { SentText } from '@messages/history_pb';
import { SentTextListSchema } from '@messages/history_pb';
import { minuteText } from '@web/times';
import { get, part } from '../live/api';
import { useAsked } from '../live/use';
import { d } from './texts';

function whereIs(text: SentText, site: string, zone: string): string {
  const receipt = text.receipts.find((one) => one.siteId === site);
  if (receipt === undefined) return d('onWay');
  if (receipt.readUs !== 0n) return `✓✓ ${d('read')} ${minuteText(receipt.readUs, zone)}`;
  return receipt.reachedUs !== 0n ? `✓ ${d('reached')} ${minuteText(receipt.reachedUs, zone)}` : d('onWay');
}

/** `heard`: of the site's receipts; it is asked again when they change. */
export function SiteTexts(props: { site: string; session: string; zone: string; heard: string }) {
  const asked = useAsked(() => get(SentTextListSchema, `/api/v1/sites/${part(props.site)}/texts?session=${part(props.session)}`), [props.site, props.heard]);
  const texts = asked.value.value?.texts ?? [];
  if (texts.length === 0) return null;
  return (
    <section class="stack"><h2>{d('texts')}</h2>
      <ul class="plain-list">
        {texts.slice(0, 8).map((one) => (
          <li key={one.text?.id}><p class="lines">{one.text?.text}</p>
            <p class="soft small">{one.text?.by} {minuteText(one.text?.atUs ?? 0n, props.zone)} · <b>{whereIs(one, props.site, props.zone)}</b></p></li>
        ))}
      </ul>
    </section>
  );
}
