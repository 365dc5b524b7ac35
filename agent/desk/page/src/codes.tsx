// Delegates' QR codes of one sitting, for the printer.
import { type JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { post } from './api';
import { day } from './format';
import { QrCode } from './parts';
import { delegates } from './store';
import { say } from './texts';
import type { State } from './types';

interface Code { delegate_id: string; code: string; qr: string[] }

export function Codes({ now }: { now: State }): JSX.Element {
  const [codes, setCodes] = useState<Code[]>([]);
  const sitting = now.attendance?.sitting_id ?? '';
  useEffect(() => {
    let over = false;
    const load = async (): Promise<void> => {
      const all: Code[] = [];
      for (;;) {
        const answer = await post<{ codes: Code[] }>('/api/desk/codes', { sitting_id: sitting, from: all.length });
        if (over || answer.kind !== 'done' || answer.value.codes.length === 0) break;
        all.push(...answer.value.codes);
        setCodes([...all]);
      }
    };
    void load();
    return () => {
      over = true;
    };
  }, [sitting]);
  const session = now.session;
  const title = session?.sittings.find((one) => one.id === sitting)?.title ?? sitting;
  return (
    <section class="card wide codes" aria-label={say('printCodes')}>
      <div class="no-print">
        <h2>{say('printCodes')}</h2>
        <p class="soft">{say('printCodesHint')}</p>
        <p class="buttons">
          <button type="button" class="main" onClick={() => window.print()}>{say('print')}</button>
          <a class="button" href="#/attendance">{say('back')}</a>
        </p>
      </div>
      <ul class="code-list">
        {codes.map((one) => {
          const who = delegates.value.find((each) => each.id === one.delegate_id);
          return (
            <li key={one.code}>
              <QrCode rows={one.qr} label={one.code} size={120} />
              <div>
                <b>{who?.name ?? one.delegate_id}</b>
                <p>{who?.unit}</p>
                <p class="soft">{session?.title}, {title} {session && day(session.scheduled_start_us, session.time_zone)}</p>
                <p class="soft">{now.site.name || now.site.id}</p>
                <p class="soft digits">{one.code.replace(/(\d{4})(?=\d)/g, '$1 ')}</p>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
