// What an operator asks of a session.
import { CommandReplySchema, type CommandReply } from '@messages/command_pb';
import type { JsonObject } from '@bufbuild/protobuf';
import { part, send } from '../live/api';

export type Act =
  | 'schedule' | 'rehearse' | 'stop_rehearsal' | 'arm' | 'disarm' | 'go' | 'pause' | 'resume' | 'end' | 'close' | 'cancel';

export function act(session: string, kind: Act, body: JsonObject = {}): Promise<CommandReply> {
  return send(CommandReplySchema, 'POST', `/api/v1/sessions/${part(session)}/${kind}`, body);
}

export function waive(session: string, sites: string[], reason: string): Promise<CommandReply> {
  return send(CommandReplySchema, 'POST', `/api/v1/sessions/${part(session)}/waive`, { site_ids: sites, reason });
}

export function sendText(session: string, selection: JsonObject | null, text: string, answers = ''): Promise<CommandReply> {
  const body: JsonObject = { session_id: session, text, answers_record_id: answers };
  if (selection !== null) body.selection = selection;
  return send(CommandReplySchema, 'POST', '/api/v1/texts', body);
}

export function pin(sites: string[], feed: string): Promise<CommandReply> {
  return send(CommandReplySchema, 'POST', '/api/v1/sites/pin', { site_ids: sites, feed_id: feed });
}

/** Before the launch only: these sites measure everything anew. */
export function checkAgain(session: string, sites: string[]): Promise<CommandReply> {
  return send(CommandReplySchema, 'POST', '/api/v1/sites/check', { session_id: session, site_ids: sites });
}

export function acknowledge(alarm: string, note: string): Promise<CommandReply> {
  return send(CommandReplySchema, 'POST', `/api/v1/alarms/${part(alarm)}/ack`, { note });
}
