// What a tile says of a site: the worst that is true of it in the phase of the session.
import { create } from '@bufbuild/protobuf';
import { expect, it } from 'vitest';
import { Condition_Name } from '@messages/health_pb';
import { Check_Kind, Check_Verdict, Readiness_Verdict } from '@messages/readiness_pb';
import { Outcome_State, Phase_Name } from '@messages/session_pb';
import { SitePhase_Name } from '@messages/status_pb';
import { LinkState_Name, SiteViewSchema } from '@messages/view_pb';
import { kinds, verdictOf } from '../../../../coordinator/console/wall/verdict';

type Init = Parameters<typeof create<typeof SiteViewSchema>>[1];
const online = LinkState_Name.online;
const shown = { phase: SitePhase_Name.started, activeFeedId: 'main' };
const sample = (feedId: string, ...conditions: Condition_Name[]) => ({ feedId, conditions });
const fault = { verdict: Readiness_Verdict.not_ready, checks: [{ kind: Check_Kind.main_feed, verdict: Check_Verdict.failed, reason: { vi: 'chặn cổng', en: 'blocked' } }] };

const rows: [string, Phase_Name, Init, string, string][] = [
  ['never seen', Phase_Name.scheduled, {}, 'never', ''],
  ['ready', Phase_Name.armed, { link: online, status: { readiness: { verdict: Readiness_Verdict.ready } } }, 'ready', ''],
  ['not ready, with the reason', Phase_Name.scheduled, { link: online, status: { readiness: fault } }, 'not_ready', 'Luồng chính: chặn cổng'],
  ['armed but not ready', Phase_Name.armed, { link: online, status: { phase: SitePhase_Name.armed, readiness: fault } }, 'not_ready', 'Luồng chính: chặn cổng'],
  ['silence is worse than old readiness', Phase_Name.armed, { link: LinkState_Name.offline, status: { readiness: { verdict: Readiness_Verdict.ready } } }, 'offline', ''],
  ['stale is not well', Phase_Name.live, { link: LinkState_Name.stale, status: shown }, 'stale', ''],
  ['waived is asked nothing', Phase_Name.live, { link: LinkState_Name.offline, waived: true }, 'waived', ''],
  ['on air', Phase_Name.live, { link: online, status: shown }, 'started', ''],
  ['black on the feed that is shown', Phase_Name.live, { link: online, status: { ...shown, health: [sample('main', Condition_Name.black)] } }, 'trouble', 'hình đen'],
  ['black on the other feed', Phase_Name.live, { link: online, status: { ...shown, health: [sample('backup', Condition_Name.black)] } }, 'started', ''],
  ['some loss is no trouble', Phase_Name.live, { link: online, status: { ...shown, health: [sample('main', Condition_Name.packet_loss)] } }, 'started', ''],
  ['on the backup', Phase_Name.live, { link: online, status: { ...shown, activeFeedId: 'backup' } }, 'backup', 'dự phòng'],
  ['late and not there', Phase_Name.live, { link: online, outcome: { state: Outcome_State.late, reason: { vi: 'chậm 4 giây', en: '' } } }, 'late', 'chậm 4 giây'],
  ['late, and there by now', Phase_Name.live, { link: online, status: shown, outcome: { state: Outcome_State.late } }, 'started', ''],
  ['cannot start', Phase_Name.live, { link: online, outcome: { state: Outcome_State.failed, reason: { vi: 'hỏng', en: '' } } }, 'failed', 'hỏng'],
  ['a break', Phase_Name.paused, { link: online, status: { phase: SitePhase_Name.paused } }, 'paused', ''],
  ['over', Phase_Name.closed, { link: LinkState_Name.offline }, 'ended', ''],
];

it.each(rows)('%s', (_, phase, site, kind, note) => {
  expect(verdictOf(create(SiteViewSchema, site), phase)).toEqual({ kind, note });
});

it('every kind is said once', () => {
  expect(new Set(kinds).size).toBe(kinds.length);
});
