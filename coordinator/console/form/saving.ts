// How what the form says gets to the coordinator: a new session, a copy (made by the coordinator, which keeps the passphrases
// that this page never sees), or a change.
import { CommandReplySchema } from '@messages/command_pb';
import { SessionSchema, type Session } from '@messages/session_pb';
import { jsonOf, part, saying, send } from '../live/api';

export type Origin = { kind: 'new' } | { kind: 'edit'; id: string } | { kind: 'copy'; id: string } | { kind: 'template'; id: string };

async function startedFrom(origin: Origin, session: Session): Promise<string> {
  if (origin.kind === 'edit') return origin.id;
  if (origin.kind === 'new') {
    const reply = await send(CommandReplySchema, 'POST', '/api/v1/sessions', jsonOf(SessionSchema, { ...session, id: '' }));
    return reply.session?.id ?? '';
  }
  const wish = {
    from_id: origin.id, from_template: origin.kind === 'template', title: session.title,
    scheduled_start_us: String(session.scheduledStartUs),
  };
  return (await send(CommandReplySchema, 'POST', '/api/v1/sessions/copy', wish)).session?.id ?? '';
}

export interface Saved {
  id: string;
  /** Why it was saved but not scheduled. */
  failure: string;
}

export async function save(origin: Origin, session: Session, isScheduled: boolean): Promise<Saved> {
  const id = await startedFrom(origin, session);
  if (origin.kind !== 'new') {
    await send(CommandReplySchema, 'PUT', `/api/v1/sessions/${part(id)}`, jsonOf(SessionSchema, { ...session, id }));
  }
  if (!isScheduled) return { id, failure: '' };
  try {
    await send(CommandReplySchema, 'POST', `/api/v1/sessions/${part(id)}/schedule`);
    return { id, failure: '' };
  } catch (error) {
    return { id, failure: saying(error) };
  }
}
