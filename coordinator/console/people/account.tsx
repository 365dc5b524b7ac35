// One's own account: the password, and the second factor with its QR code and recovery codes.
import { useState } from 'preact/hooks';
import { PeopleReplySchema, type PeopleReply } from '@messages/people_pb';
import './people.css';
import { Button } from '@web/components/button';
import { toast } from '@web/components/toast';
import { defineTexts } from '@web/language';
import { saying, send } from '../live/api';
import { lookWhoIAm, me } from '../live/me';
import { areaName } from '../live/roster';
import { roleWord, w } from '../words';
import { Qr } from '../parts/qr';

const t = defineTexts({
  title: ['Tài khoản của tôi', 'My account'],
  roles: ['Vai trò', 'Roles'],
  everywhere: ['mọi nơi', 'everywhere'],
  password: ['Đổi mật khẩu', 'Change the password'],
  present: ['Mật khẩu hiện tại', 'Present password'],
  next: ['Mật khẩu mới (ít nhất 10 ký tự)', 'New password (at least 10 characters)'],
  changed: ['Đã đổi mật khẩu.', 'The password was changed.'],
  factor: ['Xác nhận hai bước', 'Second factor'],
  factorOn: ['Đang bật: mỗi lần đăng nhập cần thêm mã trên điện thoại.', 'On: each sign-in also asks for the code on your telephone.'],
  factorOff: ['Đang tắt. Bật lên thì người biết mật khẩu vẫn chưa vào được.', 'Off. With it, knowing the password is not enough to come in.'],
  begin: ['Bật xác nhận hai bước', 'Turn it on'],
  scan: ['1. Quét mã này bằng ứng dụng xác thực, hoặc nhập khóa:', '1. Scan this with an authenticator, or type the key:'],
  confirm: ['2. Nhập mã 6 chữ số đang hiện:', '2. Type the 6 digits that it shows:'],
  code: ['Mã', 'Code'],
  end: ['Tắt xác nhận hai bước', 'Turn it off'],
  kept: [
    'Đã bật. Hãy cất các mã khôi phục này ở nơi an toàn: mỗi mã dùng được một lần khi không có điện thoại. Trang này không hiện lại.',
    'It is on. Keep these recovery codes safe: each lets you in once without the telephone. They are not shown again.',
  ],
  open: ['Chưa có tài khoản nào: ai ngồi ở máy này cũng làm được mọi việc.', 'There are no accounts: whoever is at this machine may do everything.'],
});

function PasswordForm() {
  const [present, setPresent] = useState('');
  const [next, setNext] = useState('');
  const [failure, setFailure] = useState('');
  const change = async () => {
    try {
      await send(PeopleReplySchema, 'POST', '/api/v1/me/password', { password: present, new_password: next });
      setPresent('');
      setNext('');
      setFailure('');
      toast(t('changed'));
      await lookWhoIAm();
    } catch (error) {
      setFailure(saying(error));
    }
  };
  return (
    <form class="panel" onSubmit={(event) => { event.preventDefault(); void change(); }}>
      <h2>{t('password')}</h2>
      <div class="field">
        <label for="own-present">{t('present')}</label>
        <input id="own-present" type="password" autocomplete="current-password" required value={present} onInput={(event) => setPresent(event.currentTarget.value)} />
      </div>
      <div class="field">
        <label for="own-next">{t('next')}</label>
        <input id="own-next" type="password" autocomplete="new-password" required minLength={10} value={next} onInput={(event) => setNext(event.currentTarget.value)} />
        {failure && <p class="wrong" role="alert">{failure}</p>}
      </div>
      <div><Button type="submit" kind="main">{w('save')}</Button></div>
    </form>
  );
}

function SecondFactor({ isOn }: { isOn: boolean }) {
  const [begun, setBegun] = useState<PeopleReply>();
  const [codes, setCodes] = useState<readonly string[]>([]);
  const [code, setCode] = useState('');
  const [failure, setFailure] = useState('');
  const act = async (path: string, body: { code?: string }, then: (reply: PeopleReply) => void) => {
    try {
      then(await send(PeopleReplySchema, 'POST', path, body));
      setCode('');
      setFailure('');
      await lookWhoIAm();
    } catch (error) {
      setFailure(saying(error));
    }
  };
  const confirm = () => act('/api/v1/me/totp/confirm', { code }, (reply) => { setCodes(reply.recoveryCodes); setBegun(undefined); });
  const end = () => act('/api/v1/me/totp/off', { code }, () => { setCodes([]); toast(w('done')); });
  const field = (
    <div class="field">
      <label for="own-code">{t('code')}</label>
      <input id="own-code" class="short" inputMode="numeric" autocomplete="one-time-code" required maxLength={64} value={code} onInput={(event) => setCode(event.currentTarget.value)} />
      {failure && <p class="wrong" role="alert">{failure}</p>}
    </div>
  );
  return (
    <form class="panel" onSubmit={(event) => { event.preventDefault(); void (isOn ? end() : confirm()); }}>
      <h2>{t('factor')}</h2>
      {codes.length > 0 && (
        <div class="notice good" role="status">
          <p>{t('kept')}</p>
          <ul class="codes mono">{codes.map((one) => <li key={one}>{one}</li>)}</ul>
        </div>
      )}
      <p>{isOn ? t('factorOn') : t('factorOff')}</p>
      {isOn && <>{field}<div><Button type="submit" kind="danger">{t('end')}</Button></div></>}
      {!isOn && begun === undefined && (
        <div>
          <Button kind="main" onClick={() => void act('/api/v1/me/totp', {}, setBegun)}>{t('begin')}</Button>
          {failure && <p class="wrong" role="alert">{failure}</p>}
        </div>
      )}
      {!isOn && begun !== undefined && (
        <>
          <p>{t('scan')} <span class="mono">{begun.totpSecret}</span></p>
          <Qr text={begun.totpUri} label={t('factor')} />
          <p>{t('confirm')}</p>
          {field}
          <div><Button type="submit" kind="main">{w('ok')}</Button></div>
        </>
      )}
    </form>
  );
}

export function AccountPage() {
  const who = me.value;
  if (!who) return null;
  return (
    <div class="people-page">
      <header class="page-head"><h1>{t('title')}</h1></header>
      {who.open ? <p class="notice">{t('open')}</p> : (
        <>
          <p>
            <strong>{who.shown}</strong> {who.shown !== who.name && <span class="soft">({who.name})</span>} · {t('roles')}:{' '}
            {who.grants.map((grant) => `${roleWord(grant.role)} (${grant.areaId === '' ? t('everywhere') : areaName(grant.areaId)})`).join(', ')}
          </p>
          {!who.isToken && <div class="panels"><PasswordForm /><SecondFactor isOn={who.totp} /></div>}
        </>
      )}
    </div>
  );
}
