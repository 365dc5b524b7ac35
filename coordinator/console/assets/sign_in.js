// Who looks at this page: asks the coordinator, shows the sign-in form where it must, and adds the session's CSRF header to
// changes. The session itself is a cookie that no script can read.
import {language, word} from './words.js';

const $ = (id) => document.getElementById(id);
let csrf = '';
let asking = null;  // the promise of who waits for a sign-in

export const me = {open: true, name: '', shown: ''};

// fetch() for the API: a 401 leads to the form, and then the request is made again.
export async function ask(path, options = {}) {
  for (;;) {
    const headers = {...options.headers};
    if (csrf) headers['X-Diemcau-Csrf'] = csrf;
    const answer = await fetch(path, {...options, headers, credentials: 'same-origin'});
    if (answer.status !== 401) return answer;
    await signIn();
  }
}

// Before anything else: true when the page may go on.
export async function whoAmI() {
  const answer = await ask('/api/v1/me');
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  know(await answer.json());
}

function know(answer) {
  Object.assign(me, {open: answer.open, name: answer.name, shown: answer.shown});
  csrf = answer.csrf ?? '';
  $('who').textContent = me.open ? '' : me.shown;
  $('sign-out').hidden = me.open;
}

function signIn() {
  asking ??= new Promise((resolve) => {
    const dialog = $('sign-in');
    $('sign-in-why').textContent = '';
    dialog.addEventListener('close', () => { asking = null; resolve(); }, {once: true});
    if (!dialog.open) dialog.showModal();
  });
  return asking;
}

async function submit() {
  const button = $('sign-in-form').querySelector('button');
  button.disabled = true;
  let why = '';
  try {
    const answer = await fetch('/api/v1/sign-in', {
      method: 'POST',
      credentials: 'same-origin',
      headers: {'Content-Type': 'application/json'},
      body: JSON.stringify({name: $('sign-in-name').value.trim(), password: $('sign-in-password').value,
        code: $('sign-in-code').value.trim(), new_password: $('sign-in-new').value, cookie: true}),
    });
    const body = await answer.json().catch(() => ({}));
    if (answer.ok) {
      $('sign-in-form').reset();
      show('');
      const known = await fetch('/api/v1/me', {credentials: 'same-origin'});
      if (known.ok) know(await known.json());
      $('sign-in').close();
      return;
    }
    show(body.code);
    why = (language === 'en' ? body.detail : body.detail_vi) || `HTTP ${answer.status}`;
  } catch (error) { why = String(error.message || error); } finally { button.disabled = false; }
  $('sign-in-why').textContent = why;
}

// What the coordinator asks for besides name and password.
function show(needed) {
  if (needed === 'code_needed') $('sign-in-code-row').hidden = false;
  if (needed === 'new_password_needed') $('sign-in-new-row').hidden = false;
  if (!needed) $('sign-in-code-row').hidden = $('sign-in-new-row').hidden = true;
  if (needed === 'code_needed') $('sign-in-code').focus();
  if (needed === 'new_password_needed') $('sign-in-new').focus();
}

$('sign-in-form').addEventListener('submit', (event) => {
  event.preventDefault();
  submit();
});
// There is nothing behind the form to go back to.
$('sign-in').addEventListener('cancel', (event) => event.preventDefault());
$('sign-out').addEventListener('click', async () => {
  await fetch('/api/v1/sign-out', {method: 'POST', credentials: 'same-origin',
    headers: {'Content-Type': 'application/json', 'X-Diemcau-Csrf': csrf}, body: '{}'});
  location.reload();
});
$('sign-in').querySelectorAll('[data-word]').forEach((one) => { one.textContent = word(one.dataset.word); });
