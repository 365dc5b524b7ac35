# The summary of a headless demo, from the coordinator's report, the fleet's ledger and what was entered at the desks.
def total(field): map(field // 0) | add // 0;
$report[0] as $r
| $ledger[0] as $fleet
| $desks[0] as $desk
| ($r.attendance[0] // {}) as $sitting
| (($fleet.sites | map(.record_ids | length) | add // 0) + ($desk | total(.records))) as $entered
| {
    sites: $sites,
    agents: $agents,
    started: $r.launch.started,
    late: $r.launch.late,
    failed: $r.launch.failed,
    launch_last_ack_ms: $r.launch.last_ack_ms,
    start_skew_ms_p99: $r.launch.skew_p99_ms,
    feeds_measured: $feeds[0],
    faults: $faults[0],
    alarms_total: ($r.alarms | length),
    reported_sites: $sitting.reported_sites,
    present_total: $sitting.total.present,
    present_entered: (($fleet.sites | map(.sittings | to_entries[0].value.headcount.present // 0) | add // 0) + ($desk | total(.present))),
    checkins_total: $sitting.checkins,
    records_entered: $entered,
    records_in_ledger: $r.records,
    records_lost: ([$entered - $r.records, 0] | max),
    records_duplicated: ([$r.records - $entered, 0] | max)
  }
