// Who may use the coordinator: accounts of people, and tokens of programs.
import './people.css';
import { useState } from 'preact/hooks';
import { AccountListSchema, PeopleReplySchema, TokenListSchema, type Account, type Ticket } from '@messages/people_pb';
import { Button } from '@web/components/button';
import { Dialog } from '@web/components/dialog';
import { Table } from '@web/components/table';
import { toast } from '@web/components/toast';
import { dateTimeText } from '@web/times';
import { get, part, saying, send } from '../live/api';
import { useLoaded } from '../parts/loaded';
import { w } from '../words';
import { AccountDialog, TokenDialog } from './people_dialogs';
import { grantsText } from './grants';
import { p } from './texts';

/** A secret that was made, told once. */
interface Secret {
  title: string;
  text: string;
}

type Open = { kind: 'account'; account?: Account } | { kind: 'token' } | null;

function SecretDialog(props: Secret & { onClose: () => void }) {
  const copy = () => {
    navigator.clipboard.writeText(props.text).then(() => toast(p('copied')), () => toast(p('notCopied'), 'bad'));
  };
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <p>{p('once')}</p>
      <code class="secret mono">{props.text}</code>
      <div class="dialog-foot"><Button onClick={copy}>{p('copy')}</Button><Button kind="main" onClick={props.onClose}>{w('ok')}</Button></div>
    </Dialog>
  );
}

function stateOf(account: Account): string {
  const states = [account.disabled ? p('disabled') : '', account.mustChange ? p('mustChange') : '', account.totp ? p('factor') : ''];
  return states.filter((one) => one !== '').join(', ');
}

function Accounts(props: { accounts: readonly Account[]; onEdit: (account: Account) => void; onReset: (account: Account) => void }) {
  return (
    <Table caption={p('accounts')} rows={props.accounts} rowKey={(one) => one.name} sortedBy="name"
      columns={[
        { key: 'name', title: p('name'), order: (one) => one.name, cell: (one) => <><strong>{one.displayName || one.name}</strong>{one.displayName && <span class="soft small"> {one.name}</span>}</> },
        { key: 'roles', title: p('roles'), cell: (one) => grantsText(one.grants) },
        { key: 'state', title: p('state'), cell: stateOf },
        { key: 'seen', title: p('signedIn'), order: (one) => Number(one.signedInUs), cell: (one) => dateTimeText(one.signedInUs) || w('never') },
        {
          key: 'acts', title: p('acts'), end: true, cell: (one) => (
            <div class="acts">
              <Button label={p('editOf', { name: one.name })} onClick={() => props.onEdit(one)}>{p('edit')}</Button>
              <Button label={p('resetOf', { name: one.name })} onClick={() => props.onReset(one)}>{p('reset')}</Button>
            </div>
          ),
        },
      ]} />
  );
}

function Tokens(props: { tokens: readonly Ticket[]; onRevoke: (token: Ticket) => void }) {
  return (
    <Table caption={p('tokens')} rows={props.tokens} rowKey={(one) => one.token} empty={p('noTokens')}
      columns={[
        { key: 'name', title: p('tokenName'), cell: (one) => <strong>{one.token}</strong> },
        { key: 'roles', title: p('roles'), cell: (one) => grantsText(one.grants) },
        { key: 'by', title: p('madeBy'), cell: (one) => one.createdBy },
        { key: 'until', title: p('until'), cell: (one) => dateTimeText(one.expiresUs) },
        { key: 'used', title: p('used'), cell: (one) => dateTimeText(one.usedUs) || w('never') },
        { key: 'acts', title: p('acts'), end: true, cell: (one) => <Button label={p('revokeOf', { name: one.token })} onClick={() => props.onRevoke(one)}>{p('revoke')}</Button> },
      ]} />
  );
}

export function PeoplePage() {
  const accounts = useLoaded(() => get(AccountListSchema, '/api/v1/accounts'), []);
  const tokens = useLoaded(() => get(TokenListSchema, '/api/v1/tokens'), []);
  const [open, setOpen] = useState<Open>(null);
  const [secret, setSecret] = useState<Secret | null>(null);
  const [asked, setAsked] = useState<{ text: string; act: () => Promise<void> } | null>(null);
  const done = (made?: Secret) => {
    setOpen(null);
    if (made !== undefined) setSecret(made);
    accounts.again();
    tokens.again();
  };
  const reset = async (account: Account) => {
    const reply = await send(PeopleReplySchema, 'POST', `/api/v1/accounts/${part(account.name)}/password`);
    done({ title: p('oneTime', { name: account.name }), text: reply.oneTimePassword });
  };
  const revoke = async (token: Ticket) => {
    await send(PeopleReplySchema, 'DELETE', `/api/v1/tokens/${part(token.token)}`);
    toast(w('done'));
    done();
  };
  const confirm = () => {
    const act = asked?.act;
    setAsked(null);
    act?.().catch((error: unknown) => toast(saying(error), 'bad'));
  };
  const failure = accounts.failure || tokens.failure;
  return (
    <div class="people-page">
      <header class="page-head">
        <h1>{p('title')}</h1>
        <Button onClick={() => setOpen({ kind: 'token' })}>{p('newToken')}</Button>
        <Button kind="main" onClick={() => setOpen({ kind: 'account' })}>{p('newAccount')}</Button>
      </header>
      {failure && <p class="notice bad" role="alert">{failure}</p>}
      <h2>{p('accounts')}</h2>
      <Accounts accounts={accounts.data?.accounts ?? []} onEdit={(account) => setOpen({ kind: 'account', account })}
        onReset={(account) => setAsked({ text: p('resetSure', { name: account.name }), act: () => reset(account) })} />
      <h2>{p('tokens')}</h2>
      <Tokens tokens={tokens.data?.tokens ?? []} onRevoke={(token) => setAsked({ text: p('revokeSure', { name: token.token }), act: () => revoke(token) })} />
      {open?.kind === 'account' && <AccountDialog account={open.account} onClose={() => setOpen(null)} onDone={done} />}
      {open?.kind === 'token' && <TokenDialog onClose={() => setOpen(null)} onDone={done} />}
      {secret && <SecretDialog {...secret} onClose={() => setSecret(null)} />}
      {asked && (
        <Dialog title={p('sure')} onClose={() => setAsked(null)}>
          <p>{asked.text}</p>
          <div class="dialog-foot"><Button onClick={() => setAsked(null)}>{w('cancel')}</Button><Button kind="danger" onClick={confirm}>{w('ok')}</Button></div>
        </Dialog>
      )}
    </div>
  );
}
