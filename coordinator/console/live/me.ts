// Who is signed in, and what their roles let them do. What the page hides here, the coordinator refuses too.
import { computed, effect, signal } from '@preact/signals';
import { MeSchema, PeopleReplySchema, Role_Name, type Me } from '@messages/people_pb';
import { get, Problem, send, setCsrf, signedOut } from './api';

/** undefined: not known yet; null: nobody. */
export const me = signal<Me | null | undefined>(undefined);
export const meFailure = signal<Problem | null>(null);

let looking = false;

export async function lookWhoIAm(): Promise<void> {
  looking = true;
  try {
    const found = await get(MeSchema, '/api/v1/me');
    setCsrf(found.csrf);
    meFailure.value = null;
    me.value = found;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) me.value = null;
    else if (error instanceof Problem) meFailure.value = error;
  } finally {
    looking = false;
  }
}

// A session that ended while the page was open: the sign-in comes back. Or a password or code was mistyped in the account page,
// which has the same answer: then whoever is signed in still is, and is told so where they typed it.
effect(() => {
  if (signedOut.value > 0 && me.peek() && !looking) void lookWhoIAm();
});

export interface SignInWords {
  name: string;
  password: string;
  code: string;
  new_password: string;
}

/** `admitted`: the coordinator has let this person in, and is being asked who they are. */
export async function signIn(words: SignInWords, admitted: () => void): Promise<void> {
  await send(PeopleReplySchema, 'POST', '/api/v1/sign-in', { ...words, cookie: true });
  admitted();
  await lookWhoIAm();
}

export async function signOut(): Promise<void> {
  await send(PeopleReplySchema, 'POST', '/api/v1/sign-out').catch(() => undefined);
  setCsrf('');
  me.value = null;
}

function has(...roles: Role_Name[]): boolean {
  const who = me.value;
  if (!who) return false;
  return who.open || who.grants.some((grant) => roles.includes(grant.role));
}

export const maySteer = computed(() => has(Role_Name.operator, Role_Name.admin));
export const mayManage = computed(() => has(Role_Name.admin) && !me.value?.open);
export const mayEnrol = computed(() => has(Role_Name.admin));
export const mayAudit = computed(() => has(Role_Name.admin, Role_Name.auditor) && !me.value?.open);
