// Whether what is shown is of now: a small sign when it is, a banner that cannot be missed when it is not.
import { secondText, ageText, micros } from '@web/times';
import { nowMs, second } from '../live/clock';
import type { Live } from '../live/live';
import { s } from './texts';

const staleMs = 8000;

/** How old the newest update is; 0 where there was none. */
export function dataAge(live: Live): number {
  void second.value;
  return live.heard.value === 0 ? 0 : performance.now() - live.heard.value;
}

export const isOld = (live: Live): boolean => live.link.value === 'lost' || dataAge(live) > staleMs;

export function LinkBanner(props: { live: Live }) {
  const { live } = props;
  if (live.heard.value === 0) return <p class="banner" role="status">{s('connecting')}</p>;
  if (!isOld(live)) return null;
  const age = dataAge(live);
  const text = live.link.value === 'lost' ? s('lost', { t: secondText(micros(nowMs() - age)), age: ageText(age) }) : s('stale', { age: ageText(age) });
  return <p class="banner bad" role="alert">{text}</p>;
}

export function LinkSign(props: { live: Live }) {
  const isLive = !isOld(props.live) && props.live.heard.value !== 0;
  return (
    <span class={isLive ? 'sign good' : 'sign bad'}>
      <i aria-hidden="true" />{isLive ? s('live') : ageText(dataAge(props.live))} <span class="soft">{secondText(micros(second.value))}</span>
    </span>
  );
}
