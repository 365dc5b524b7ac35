// The coordinator's clock as this page knows it: what counts down and ages counts on it, and not on this computer's.
import { signal } from '@preact/signals';

let offset = 0;

/** An update came that was made at this moment of the coordinator. */
export function tell(nowUs: bigint): void {
  const heard = Number(nowUs) / 1000 - Date.now();
  // The least delayed update is the nearest to the truth; a clock that was set follows within some updates.
  offset = offset === 0 || heard > offset || offset - heard > 2000 ? heard : offset + (heard - offset) * 0.05;
}

export const nowMs = (): number => Date.now() + offset;

/** Changes once a second, for whatever shows a time that runs. */
export const second = signal(nowMs());

function tick(): void {
  second.value = nowMs();
  setTimeout(tick, 1000 - (nowMs() % 1000) + 5);
}
tick();
