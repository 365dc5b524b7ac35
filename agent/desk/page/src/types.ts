// The agent's answers, as agent/README.md tells them. Microseconds are numbers at the top level and strings inside
// messages, as protobuf's JSON mapping has them.

export interface Text { vi: string; en: string }

export const presences = ['present', 'online', 'excused', 'absent'] as const;
export type Counted = (typeof presences)[number];
export type Presence = Counted | 'not_marked';

export type SitePhase = 'idle' | 'waiting' | 'rehearsing' | 'armed' | 'starting' | 'started' | 'paused' | 'ended' | 'failed';
export type Topic = 'no_picture' | 'no_sound' | 'no_connection' | 'other';
export type CheckKind = 'unknown' | 'link' | 'clock' | 'main_feed' | 'backup_feed' | 'disk' | 'cpu' | 'version' | 'screen'
  | 'loudspeaker' | 'camera' | 'microphone';
export type Verdict = 'not_checked' | 'checking' | 'ready' | 'not_ready';

export interface Session {
  id: string;
  title: string;
  phase: string;
  time_zone: string;
  scheduled_start_us: number;
  start_at_us: number;
  starts_in_us: number;
  started_us: number;
  auto_start: boolean;
  waived: boolean;
  current_sitting_id: string;
  sittings: { id: string; title: string; starts_us: number }[];
}

export interface Check {
  kind: CheckKind;
  verdict: 'not_run' | 'running' | 'ok' | 'failed';
  reason?: Text;
  at_us: string;
  by: string;
}

export interface Sample {
  connected: boolean;
  video?: { codec: string; width: number; height: number; fps: number } | null;
  audio?: { codec: string; channels: number; lufs: number; rms_dbfs: number } | null;
  bitrate_kbps: number;
  lost_packets: number;
  rtt_ms: number;
  conditions: string[];
  sound_alone?: boolean; // no picture is expected
  picture_alone?: boolean;
}

export interface Feed {
  id: string;
  active: boolean;
  shown: boolean;
  good: boolean;
  trouble: Text;
  sample: Sample | null;
}

export interface Message { id: string; text: string; by: string; at_us: number; answers: string; received: boolean }

export interface HelpCall {
  id: string;
  topic: Topic;
  text: string;
  by: string;
  at_us: number;
  sent: boolean;
  seen: boolean;
  seen_by: { by: string; at_us: number } | null;
}

export interface Headcount { present: number; online: number; excused: number; absent: number; note: string }
export interface SignOff { screen: boolean; loudspeaker: boolean; camera: boolean; microphone: boolean; note: string }

export interface Entry {
  id: string;
  by: string;
  at_us: number;
  headcount?: Headcount;
  delegate_id?: string;
  state?: Presence;
  corrects: boolean;
  can_undo: boolean;
}

export interface Counts {
  expected: number;
  present: number;
  online: number;
  excused: number;
  absent: number;
  not_marked: number;
}

export interface Attendance {
  session_id: string;
  sitting_id: string;
  headcount: Headcount | null;
  headcount_by: string;
  headcount_at_us: number;
  by_name: Counts;
  recent: Entry[];
}

export interface Delegate {
  id: string;
  name: string;
  unit: string;
  title: string;
  key: string;
  code: string;
  state: Presence;
  reason: string;
  by: string;
}

export interface TestPicture {
  on: boolean;
  shown: boolean;
  left_s: number;
  allowed: boolean;
  screen: boolean;
  problem: Text;
  sample: Sample | null;
}

export interface State {
  now_us: number;
  version: string;
  site: { id: string; name: string; area: string };
  here: boolean;
  link: { connected: boolean; since_us: number; problem: Text };
  clock: { known: boolean; error_ms: number; rtt_ms: number };
  machine: { disk_free_mb: number; late_ms: number } | null;
  phase: SitePhase;
  problem: Text;
  session: Session | null;
  sessions: Session[];
  readiness: { verdict: Verdict; checks: Check[] } | null;
  feeds: Feed[];
  texts: Message[];
  help: HelpCall[];
  sign_off: { by: string; at_us: number; sign_off: SignOff } | null;
  test: TestPicture;
  attendance: Attendance | null;
  delegates?: Delegate[];
  delegates_version: string;
  unsent: number;
}

export interface Access {
  open: boolean;
  pin?: string;
  void?: boolean;
  left_s?: number;
  devices?: number;
  urls?: string[];
  qr?: string[];
}

// What is sent as one record.
export interface Body {
  by?: string;
  session_id?: string;
  sitting_id?: string;
  corrects_id?: string;
  headcount?: Headcount;
  check_in?: { delegate_id: string; state: Presence; reason?: string; late_entry?: boolean };
  sign_off?: SignOff;
  help?: { topic: Topic; text: string };
}
export type Act = 'confirm' | 'headcount' | 'checkin' | 'undo' | 'help';
