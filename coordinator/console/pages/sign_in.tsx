// Signing in: name and password, and only when they are asked for the code and a new password.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '@web/components/button';
import { Field } from '@web/components/field';
import { defineTexts } from '@web/language';
import { Settings } from '../app/bar';
import { a } from '../app/texts';
import icon from '../icon.svg';
import { Problem, saying } from '../live/api';
import { signIn } from '../live/me';
import { warmUp } from '../live/use';

const t = defineTexts({
  title: ['Đăng nhập bảng điều hành', 'Sign in to the console'],
  name: ['Tài khoản', 'Account'],
  password: ['Mật khẩu', 'Password'],
  code: ['Mã xác nhận', 'Code'],
  codeHint: ['Sáu số trong ứng dụng xác thực, hoặc một mã khôi phục.', 'Six digits from your authenticator, or a recovery code.'],
  fresh: ['Mật khẩu mới', 'New password'],
  freshHint: ['Mật khẩu cũ chỉ dùng một lần. Đặt mật khẩu mới, ít nhất 10 ký tự.', 'The old password was for one sign-in. Set a new one of at least 10 characters.'],
  signIn: ['Đăng nhập', 'Sign in'],
});

export function SignIn() {
  const name = useSignal(''), password = useSignal(''), code = useSignal(''), fresh = useSignal('');
  const needs = useSignal<'' | 'code' | 'new'>('');
  const why = useSignal('');
  const busy = useSignal(false);
  const next = useRef<HTMLInputElement>(null);
  useEffect(() => next.current?.focus(), [needs.value]);

  const submit = async (event: Event) => {
    event.preventDefault();
    busy.value = true;
    why.value = '';
    try {
      await signIn({ name: name.value.trim(), password: password.value, code: code.value.trim(), new_password: fresh.value }, warmUp);
    } catch (error) {
      const asked = error instanceof Problem ? error.code : '';
      const first = (asked === 'code_needed' && needs.value !== 'code') || (asked === 'new_password_needed' && needs.value !== 'new');
      if (asked === 'code_needed') needs.value = 'code';
      if (asked === 'new_password_needed') needs.value = 'new';
      why.value = first ? '' : saying(error);
      busy.value = false;
    }
  };
  return (
    <main class="alone">
      <form class="card sign-in" onSubmit={(event) => void submit(event)}>
        <div class="row"><img src={icon} alt="" width="32" height="32" /><strong class="grow">{a('brand')}</strong><Settings /></div>
        <h1>{t('title')}</h1>
        <Field label={t('name')} value={name} autocomplete="username" autofocus required />
        <Field label={t('password')} value={password} type="password" autocomplete="current-password" required />
        {needs.value === 'code' && <Field label={t('code')} hint={t('codeHint')} value={code} autocomplete="one-time-code" inputRef={next} />}
        {needs.value === 'new' && <Field label={t('fresh')} hint={t('freshHint')} value={fresh} type="password" autocomplete="new-password" inputRef={next} />}
        {why.value !== '' && <p class="wrong" role="alert">{why.value}</p>}
        <Button kind="main" big type="submit" disabled={busy.value}>{t('signIn')}</Button>
      </form>
    </main>
  );
}
