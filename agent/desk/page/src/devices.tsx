// The PIN for other devices: shown on the hall's own computer, entered on the others.
import { type JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { get, post } from './api';
import { span } from './format';
import { waiting } from './outbox';
import { Card, Mark, QrCode } from './parts';
import { refresh, tick, unlock } from './store';
import { read, say } from './texts';
import type { Access, State, Text } from './types';

export function Devices({ now }: { now: State }): JSX.Element {
  const [access, setAccess] = useState<Access | null>(null);
  const load = async (renew: boolean): Promise<void> => {
    const answer = renew ? await post<Access>('/api/desk/access', {}) : await get<Access>('/api/desk/access');
    if (answer.kind === 'done') setAccess(answer.value);
  };
  const every = Math.floor(tick.value / 5000);
  useEffect(() => {
    if (now.here) void load(false);
  }, [now.here, every]);
  const leave = async (): Promise<void> => {
    await post('/api/desk/leave', {});
    await refresh();
  };
  if (!now.here)
    return (
      <Card title={say('devices')} id="devices">
        <p>{say('devicesThere')}</p>
        <button type="button" onClick={() => void leave()}>{say('leave')}</button>
      </Card>
    );
  if (!access?.open)
    return <Card title={say('devices')} id="devices"><p class="soft">{access ? say('devicesClosed') : say('asking')}</p></Card>;
  return (
    <Card title={say('devices')} id="devices">
      <p class="soft">{say('devicesHint')}</p>
      <div class="access">
        {access.qr && <QrCode rows={access.qr} label={`${say('devices')}: ${access.urls?.[0] ?? ''}`} size={200} />}
        <div>
          <p class="soft">{say('pin')}</p>
          {access.void
            ? <p class="bad"><Mark tone="bad" /> {say('pinVoid')}</p>
            : <p class="pin">{access.pin?.slice(0, 3)} {access.pin?.slice(3)}</p>}
          <p class="soft">{say('pinLeft', { t: span(access.left_s ?? 0) })} · {say('deviceCount', { n: access.devices ?? 0 })}</p>
          <ul class="urls">{access.urls?.map((url) => <li key={url}>{url}</li>)}</ul>
        </div>
      </div>
      <button type="button" onClick={() => void load(true)}>{say('pinNew')}</button>
      <p class="soft">{say('pinNewHint')}</p>
    </Card>
  );
}

export function EnterPin(): JSX.Element {
  const [pin, setPin] = useState('');
  const [why, setWhy] = useState<Text | null>(null);
  const waits = waiting().length;
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setWhy(await unlock({ pin }));
    setPin('');
  };
  return (
    <main class="enter" id="content">
      <form class="card" onSubmit={(event) => void submit(event)}>
        <h1>{say('enterTitle')}</h1>
        <p class="soft" id="pin-hint">{say('enterHint')}</p>
        <label for="pin">{say('pin')}</label>
        <input id="pin" class="pin-field" value={pin} inputMode="numeric" autocomplete="one-time-code" maxLength={12} required
          aria-describedby="pin-hint pin-why" onInput={(event) => setPin(event.currentTarget.value)} />
        <button type="submit" class="main big">{say('enter')}</button>
        <p id="pin-why" class="bad" role="alert">{why && <><Mark tone="bad" /> {read(why)}</>}</p>
        {waits > 0 && <p class="warn"><Mark tone="warn" /> {say('enterKept', { n: waits })}</p>}
      </form>
    </main>
  );
}
