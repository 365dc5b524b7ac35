// GO: how many sites, who is not ready by name, and a button that is held, or a word that is typed. Then it counts down and tells
// how the launch goes until it is closed.
import { useComputed, useSignal } from '@preact/signals';
import { Button } from '@web/components/button';
import { Dialog } from '@web/components/dialog';
import { HoldButton } from '@web/components/hold_button';
import { Phase_Name } from '@messages/session_pb';
import type { SessionView } from '@messages/view_pb';
import { fold } from '@web/fold';
import { number } from '@web/numbers';
import type { Live } from '../live/live';
import { tried } from '../live/use';
import { w } from '../words';
import { act } from './acts';
import { Launch } from './launch';
import { s } from './texts';
import { Phone, waitingOf, whyOf } from './waiting_for';

export function GoDialog(props: { view: SessionView; live: Live; onClose: () => void }) {
  const session = props.view.session;
  const typed = useSignal(''), busy = useSignal(false);
  const waiting = useComputed(() => waitingOf(props.live, Phase_Name.armed));
  if (session === undefined) return null;
  if (session.phase === Phase_Name.live || session.phase === Phase_Name.paused) {
    return (
      <Dialog title={s('launch')} wide onClose={props.onClose}>
        <Launch view={props.view} live={props.live} />
        <div class="dialog-foot"><Button kind="main" onClick={props.onClose}>{w('ok')}</Button></div>
      </Dialog>
    );
  }
  const give = async () => {
    if (busy.value) return;
    busy.value = true;
    await tried(() => act(session.id, 'go'), s('goDone'));
    busy.value = false;
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (fold(typed.value.trim()) === fold(s('goWord'))) void give();
  };
  const all = props.view.sites - props.view.waived;
  return (
    <Dialog title={s('goTitle', { title: session.title })} wide onClose={props.onClose}>
      <p class="go-lead">{s('goSites', { n: number(all) })} <b class={props.view.ready < all ? 'bad-text' : 'good-text'}>{s('goReady', { n: number(props.view.ready), m: number(all) })}</b></p>
      {waiting.value.length > 0 && (
        <section>
          <h3>{s('goNot', { n: waiting.value.length })}</h3>
          <ul class="plain-list go-list" tabIndex={0} aria-label={s('notReady')}>
            {waiting.value.map((one) => (
              <li key={one.site.siteId} class="waiting"><b>{one.site.name || one.site.siteId}</b><span class="why">{whyOf(one)}</span><Phone site={one.site} /></li>
            ))}
          </ul>
        </section>
      )}
      <div class="go-row">
        <HoldButton kind="danger" disabled={busy.value} onHeld={() => void give()}>{s('goHold')}</HoldButton>
        <form onSubmit={submit} class="field grow">
          <label for="go-word">{s('goType', { word: s('goWord') })}</label>
          <input id="go-word" autocomplete="off" value={typed.value} onInput={(event) => (typed.value = event.currentTarget.value)} />
        </form>
        <Button onClick={props.onClose}>{w('cancel')}</Button>
      </div>
    </Dialog>
  );
}
