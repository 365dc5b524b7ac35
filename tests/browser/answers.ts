// What the coordinator answers, as far as the tests read it: the JSON of the messages in proto/.
export interface Counts { present?: number; online?: number; excused?: number; absent?: number; expected?: number }

export interface SessionAnswer {
  session: { id: string; title: string; phase: string };
  sites: number;
  online: number;
  offline: number;
  ready: number;
  not_ready: number;
  checking: number;
  acked: number;
  started: number;
  late: number;
  failed: number;
  pending: number;
  waived: number;
  on_backup: number;
  alarms: number;
}

export interface SiteAnswer {
  site_id: string;
  name: string;
  link: string;
  status?: { phase: string; readiness?: { verdict: string; checks?: { kind: string; verdict: string }[] }; health?: { feed_id: string; connected: boolean }[] };
  attendance?: { reported: boolean; by: string; counted?: Counts };
}

export interface AlarmAnswer {
  id: string;
  kind: string;
  state: string;
  feed_id: string;
  acked_by: string;
  raised_us: string;
  site_ids: string[];
  text: { vi: string; en: string };
}

export interface ReportAnswer {
  final: boolean;
  launch: { started: number; sites: number };
  attendance: { total: Counts; reported_sites: number }[];
}
