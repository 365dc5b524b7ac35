// What has not arrived yet, in two places: on this device, and at the hall's computer. It says that nothing is lost.
import { type JSX } from 'preact';
import { time } from './format';
import { drop, items, kept, refused, waiting } from './outbox';
import { Mark } from './parts';
import { state } from './store';
import { read, say } from './texts';

export function Unsent(): JSX.Element {
  const here = waiting();
  const no = refused();
  const there = state.value?.unsent ?? 0;
  const zone = state.value?.session?.time_zone;
  void items.value;
  if (here.length === 0 && no.length === 0 && there === 0)
    return <p class="unsent good"><Mark tone="good" /> {say('allSent')}</p>;
  // On their way: one line, so that nothing jumps with each entry.
  if (here.length === 0 && no.length === 0 && state.value?.link.connected)
    return <p class="unsent soft"><Mark tone="calm" /> {say('onTheWay', { n: there })}</p>;
  return (
    <section class="unsent" aria-live="polite" aria-label={say('nothingLost')}>
      {there > 0 && <p class="warn"><Mark tone="warn" /> {say('unsentSite', { n: there })}</p>}
      {here.length > 0 && (
        <>
          <p class="warn"><Mark tone="warn" /> {say('unsentHere', { n: here.length })}</p>
          <ul class="waiting-list">
            {here.slice(-5).map((item) => <li key={item.id}>{time(item.at_us, zone)} · {read(item.what)}</li>)}
          </ul>
        </>
      )}
      {(there > 0 || here.length > 0) && <p class="soft">{say('nothingLost')}</p>}
      {!kept.value && <p class="bad"><Mark tone="bad" /> {say('onlyMemory')}</p>}
      {no.map((item) => (
        <div class="refused" key={item.id}>
          <p class="bad"><Mark tone="bad" /> {say('refusedTitle')}: {read(item.what)}</p>
          <p>{read(item.refused)}</p>
          <button type="button" onClick={() => drop(item.id)}>{say('dismiss')}</button>
        </div>
      ))}
    </section>
  );
}
