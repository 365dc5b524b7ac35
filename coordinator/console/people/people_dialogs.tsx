// The forms of an account and of a token.
import { useSignal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { PeopleReplySchema, Role_Name, type Account } from '@messages/people_pb';
import { Button } from '@web/components/button';
import { Dialog } from '@web/components/dialog';
import { Field } from '@web/components/field';
import { toast } from '@web/components/toast';
import { part, saying, send } from '../live/api';
import { w } from '../words';
import { GrantsField, grantsJson, type GrantWish } from './grants';
import { p } from './texts';

interface Made {
  title: string;
  text: string;
}

export function AccountDialog(props: { account: Account | undefined; onClose: () => void; onDone: (made?: Made) => void }) {
  const known = props.account;
  const name = useSignal(known?.name ?? '');
  const shown = useSignal(known?.displayName ?? '');
  const [grants, setGrants] = useState<GrantWish[]>(known?.grants.map(({ role, areaId }) => ({ role, areaId })) ?? [{ role: Role_Name.operator, areaId: '' }]);
  const [disabled, setDisabled] = useState(known?.disabled ?? false);
  const [failure, setFailure] = useState('');
  const attempt = async (act: () => Promise<Made | undefined>) => {
    try {
      props.onDone(await act());
    } catch (error) {
      setFailure(saying(error));
    }
  };
  const save = () => attempt(async () => {
    if (known === undefined) {
      const reply = await send(PeopleReplySchema, 'POST', '/api/v1/accounts', { name: name.value.trim(), display_name: shown.value.trim(), grants: grantsJson(grants) });
      return { title: p('oneTime', { name: name.value.trim() }), text: reply.oneTimePassword };
    }
    const change = { display_name: shown.value.trim(), disabled, replace_grants: true, grants: grantsJson(grants) };
    await send(PeopleReplySchema, 'PUT', `/api/v1/accounts/${part(known.name)}`, change);
    toast(w('done'));
    return undefined;
  });
  const plain = (what: 'totp-off' | 'sign-out') => attempt(async () => {
    await send(PeopleReplySchema, 'POST', `/api/v1/accounts/${part(known?.name ?? '')}/${what}`);
    toast(w('done'));
    return undefined;
  });
  return (
    <Dialog title={known === undefined ? p('newAccount') : p('editOf', { name: known.name })} onClose={props.onClose}>
      <form class="stack-form" onSubmit={(event) => { event.preventDefault(); void save(); }}>
        {known === undefined && <Field label={p('name')} hint={p('nameHint')} value={name} required autofocus autocomplete="off" />}
        <Field label={p('shown')} value={shown} autocomplete="off" />
        <GrantsField grants={grants} onChange={setGrants} />
        {known !== undefined && (
          <>
            <label class="check"><input type="checkbox" checked={disabled} onChange={(event) => setDisabled(event.currentTarget.checked)} />{p('disable')}</label>
            <div class="acts">
              {known.totp && <Button onClick={() => void plain('totp-off')}>{p('factorOff')}</Button>}
              <Button onClick={() => void plain('sign-out')}>{p('signOutAll')}</Button>
            </div>
          </>
        )}
        {failure && <p class="notice bad" role="alert">{failure}</p>}
        <div class="dialog-foot"><Button onClick={props.onClose}>{w('cancel')}</Button><Button type="submit" kind="main">{w('save')}</Button></div>
      </form>
    </Dialog>
  );
}

export function TokenDialog(props: { onClose: () => void; onDone: (made?: Made) => void }) {
  const name = useSignal('');
  const days = useSignal('90');
  const [grants, setGrants] = useState<GrantWish[]>([{ role: Role_Name.viewer, areaId: '' }]);
  const [failure, setFailure] = useState('');
  const save = async () => {
    const ahead = Number(days.value);
    if (!Number.isInteger(ahead) || ahead < 1 || ahead > 730) {
      setFailure(p('daysWrong'));
      return;
    }
    try {
      const wish = { name: name.value.trim(), grants: grantsJson(grants), expires_us: String((Date.now() + ahead * 86_400_000) * 1000) };
      const reply = await send(PeopleReplySchema, 'POST', '/api/v1/tokens', wish);
      props.onDone({ title: p('tokenMade', { name: name.value.trim() }), text: reply.secret });
    } catch (error) {
      setFailure(saying(error));
    }
  };
  return (
    <Dialog title={p('newToken')} onClose={props.onClose}>
      <form class="stack-form" onSubmit={(event) => { event.preventDefault(); void save(); }}>
        <Field label={p('tokenName')} hint={p('nameHint')} value={name} required autofocus autocomplete="off" />
        <Field label={p('days')} value={days} type="number" required />
        <GrantsField grants={grants} onChange={setGrants} />
        {failure && <p class="notice bad" role="alert">{failure}</p>}
        <div class="dialog-foot"><Button onClick={props.onClose}>{w('cancel')}</Button><Button type="submit" kind="main">{w('save')}</Button></div>
      </form>
    </Dialog>
  );
}
