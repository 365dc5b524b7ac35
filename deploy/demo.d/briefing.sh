# The story of the demo: from the roster to the report, with faults on cue. Sourced by deploy/demo.
#
# What happened is kept as checks (name, ok) and fault rows; the summary is made of the coordinator's own report, the
# studio's log of cues and the fleet's ledger of what its sites entered.

checks=() faults=()
check() {  # check NAME COMMAND...
  local name=$1 ok=false; shift
  "$@" >/dev/null 2>&1 && ok=true
  checks+=("$(jq -nc --arg name "$name" --argjson ok $ok '{name: $name, ok: $ok}')")
  [[ $ok == true ]] && say "  ok      $name" || say "  FAILED  $name"
}

cli() { "$bin/diemcau" --url "$api" --lang vi "$@"; }  # as the operator that DIEMCAU_TOKEN is of
get() { curl -fsS --max-time 5 "$api$1"; }
session_is() { [[ $(get "/api/v1/sessions/$session" | jq -r .session.phase) == "$1" ]]; }
session_field() { get "/api/v1/sessions/$session" | jq -r "$1"; }
now_ms() { date +%s%3N; }

import_roster() {
  say "importing the roster: $sites sites, $((sites * 68)) delegates"
  cli roster import "$work"/city/{areas,sites,delegates}.csv >&2
  check "roster imported" test "$(get /api/v1/roster | jq '.sites | length')" -eq "$sites"
}

# One token a site, as a technician would paste it.
issue_tokens() {
  say "enrolling $sites sites"
  DIEMCAU_TOKEN= admin_cli site enrol --all --out "$work/tokens.csv" 2>/dev/null
  DIEMCAU_TOKEN= admin_cli sign-out >/dev/null
  check "a token for every site" test "$(tail -n +2 "$work/tokens.csv" | wc -l)" -eq "$sites"
}
token_of() { sed -n "s/^$1,.*,\(diemcau1\.[^,]*\)\$/\1/p" "$work/tokens.csv"; }
all_enrolled() { get /api/v1/sites | jq -e 'all(.sites[]; .identity.state == "enrolled")'; }

new_session() {
  local start
  start=$(date -u -d '+2 hours' +%Y-%m-%dT%H:%M:%SZ)
  session=$(cli --json session new --title "$title" --start "$start" --everyone \
    --feed "main=srt://127.0.0.1:$port_main" --feed "backup=srt://127.0.0.1:$port_backup" \
    --expect "${size}@25,h264,300-8000kbps,mark=$title" --sitting "sang=Buổi sáng" | jq -r .session.id)
  check "session scheduled" session_is scheduled
}

all_online() { [[ $(session_field .online) -ge $sites ]]; }

rehearse() {
  say "rehearsal: every site checks itself against the real feeds"
  cli session rehearse "$session" >/dev/null
  local agent
  for agent in "${agents[@]}"; do
    "$bin/diemcau-agent" desk confirm --url "${desk[$agent]}" --by "Kỹ thuật $agent" --all >/dev/null
  done
  until_true 40 "readiness of all sites" bash -c \
    "curl -fsS '$api/api/v1/sessions/$session' | jq -e '.ready + .not_ready >= (.sites - .offline) and .checking == 0'"
  check "every site was checked" test "$(session_field '.ready + .not_ready')" -ge $((sites * 95 / 100))
  local ready
  ready=$(get "/api/v1/sessions/$session/sites" | jq '[.sites[] | select(.site_id | startswith("T")) | select(.status.readiness.verdict == "ready")] | length')
  check "real agents are ready on the real feeds ($ready of ${#agents[@]})" test "$ready" -eq "${#agents[@]}"
  say "readiness: $(session_field '"\(.ready) ready, \(.not_ready) not ready, \(.not_checked) not checked"')"
}

agents_armed() {
  local agent
  for agent in "${agents[@]}"; do
    get "/api/v1/sites/$agent" | jq -e '.status.phase == "armed" and ([.status.health[] | select(.connected)] | length) == 2' || return 1
  done
}

arm() {
  say "arming: probes run, hidden and muted"
  cli session arm "$session" >/dev/null
  until_true 20 "the agents' probes" agents_armed
  check "armed" session_is armed
}

go() {
  say "GO"
  cli session go "$session" >/dev/null
  until_true 45 "an outcome of every site" bash -c "curl -fsS '$api/api/v1/sessions/$session' | jq -e '.pending == 0'"
  check "live" session_is live
  check "every site started, is late or failed" test "$(session_field '.started + .late + .failed + .waived')" -eq "$sites"
  say "$(session_field '"\(.started) started, \(.late) late, \(.failed) failed"')"
}

measure_feeds() {
  local agent rows=()
  for agent in "${agents[@]}"; do
    until_true 10 "measurements of $agent" bash -c "curl -fsS '$api/api/v1/sites/$agent' | jq -e '.status.health[] | select(.feed_id == \"main\") | .video.fps > 0'"
    rows+=("$(get "/api/v1/sites/$agent" | jq -c '.site_id as $site | .status.health[] | select(.feed_id == "main")
      | {site: $site, fps: .video.fps, width: .video.width, height: .video.height, bitrate_kbps, mark: .mark.briefing, from_studio_ms: .mark.delay_ms}')")
  done
  printf '%s\n' "${rows[@]}" | jq -s . >"$work/feeds.json"
  check "the agents measure the size that the studio sends" jq -e --arg size "$size" \
    'length > 0 and all(.[]; "\(.width)x\(.height)" == $size and .fps > 20)' "$work/feeds.json"
  check "the agents read the studio's marks" jq -e --arg title "$title" 'all(.[]; .mark == $title and .from_studio_ms > 0)' "$work/feeds.json"
}

# When does the centre see CONDITION on the main feed at AGENT? Prints milliseconds since 1970, or nothing.
watch_agent() {
  local agent=$1 condition=$2 limit=$3 end
  end=$(($(now_ms) + limit * 1000))
  while (($(now_ms) < end)); do
    if get "/api/v1/sites/$agent" | jq -e --arg c "$condition" \
      'any(.status.health[]?; .feed_id == "main" and (.conditions | index($c)))' >/dev/null; then
      now_ms
      return
    fi
    read -rt 0.1 <>"$work/tick" || true
  done
}

main_alarms_raised() {
  get "/api/v1/sessions/$session/alarms" | jq "[.alarms[] | select(.kind == \"feed\" and .feed_id == \"main\" and .state == \"raised\")] | length"
}
no_main_alarm() { [[ $(main_alarms_raised) -eq 0 ]]; }
one_main_alarm() { [[ $(main_alarms_raised) -ge 1 ]]; }

cue_began() { grep '"event":"cue"' "$work/studio.out" | jq -c 'select(.cue == "'"$1"'" and .state == "begin")' | tail -n 1 | grep .; }

# feed_fault CUE CONDITION SECONDS: the studio spoils the main feed; the agents must see it and the centre show one alarm.
feed_fault() {
  local cue=$1 condition=$2 length=$3 agent from
  say "fault: main feed $cue for $length s"
  from=$(now_ms)
  for agent in "${agents[@]}"; do watch_agent "$agent" "$condition" 15 >"$work/seen.$agent" & done
  tell fleet "feed main $condition"
  tell studio "main $cue $length"
  until_true 10 "the studio's cue" cue_began "$cue"
  local cued
  cued=$(cue_began "$cue" | jq '.at_us / 1000 | floor')
  for agent in "${agents[@]}"; do until_true 20 "detection at $agent" test -s "$work/seen.$agent"; done
  until_true 10 "an alarm" one_main_alarm
  check "main $cue: one alarm" test "$(main_alarms_raised)" -eq 1
  cli alarm ack "$(get "/api/v1/sessions/$session/alarms" | jq -r '[.alarms[] | select(.state == "raised" and .kind == "feed")][0].id')" >/dev/null
  until_true 25 "the end of the cue" bash -c "grep '\"event\":\"cue\"' '$work/studio.out' | tail -n 1 | grep '\"end\"'"
  tell fleet "feed main ok"
  until_true 30 "the alarm to clear" no_main_alarm
  check "main $cue: the alarm cleared" no_main_alarm
  local alarms
  alarms=$(get "/api/v1/sessions/$session/alarms" | jq --argjson from "$from" \
    '[.alarms[] | select(.kind == "feed" and (.raised_us | tonumber) / 1000 >= $from)] | length')
  fault_row "main $cue" "$cued" "$(sort -n "$work"/seen.T* | tail -n 1)" "$(cat "$work"/seen.T* | wc -l)" "$alarms"
  check "main $cue: one alarm in all ($alarms)" test "$alarms" -eq 1
}

# fault_row CUE CUED_MS DETECTED_MS SITES ALARMS; detected: at the last of the agents, as the centre sees it.
fault_row() {
  local row
  row=$(jq -nc --arg cue "$1" --argjson cued "${2:-null}" --argjson seen "${3:-null}" --argjson sites "$4" --argjson alarms "$5" \
    'def iso: if . == null then null else (. / 1000 | floor | strftime("%Y-%m-%dT%H:%M:%S")) + "." + ("00\(. % 1000)"[-3:]) + "Z" end;
     {cue: $cue, cued_at: ($cued | iso), detected_at: ($seen | iso), detected_after_ms: (if $cued and $seen then $seen - $cued else null end),
      detected_by_sites: $sites, alarms: $alarms}')
  faults+=("$row")
  say "  $(jq -r '"\(.cue): seen by \(.detected_by_sites) sites after \(.detected_after_ms) ms, \(.alarms) alarm(s)"' <<<"$row")"
  if ((${#agents[@]})) && [[ $1 == main* ]]; then
    check "$1: seen by every agent within 3 s" jq -e --argjson n "${#agents[@]}" \
      '.detected_by_sites == $n and .detected_after_ms <= 3000' <<<"$row"
  fi
}

area_alarms() { get "/api/v1/sessions/$session/alarms" | jq -c '[.alarms[] | select(.kind == "link_lost" and .area_id == "khu-01")]'; }
area_cut() {
  local size
  size=$(grep -c ',khu-01$' "$work/city/fleet.csv")
  say "fault: area khu-01, $size sites, is cut off"
  local from
  from=$(now_ms)
  tell fleet "area khu-01 cut"
  until_true 25 "the area's alarm" bash -c "curl -fsS '$api/api/v1/sessions/$session/alarms' | jq -e '.alarms[] | select(.kind == \"link_lost\" and .area_id == \"khu-01\" and .state == \"raised\")'"
  local seen
  seen=$(now_ms)
  tell fleet "area khu-01 back"
  until_true 40 "the area to return" bash -c "curl -fsS '$api/api/v1/sessions/$session/alarms' | jq -e '[.alarms[] | select(.kind == \"link_lost\" and .area_id == \"khu-01\" and .state == \"raised\")] | length == 0'"
  # Alarms of the area's own sites would be a second alarm for the same cause.
  local alarms
  alarms=$(get "/api/v1/sessions/$session/alarms" | jq --argjson from "$from" --rawfile fleet "$work/city/fleet.csv" '
    ($fleet | split("\n") | map(select(endswith(",khu-01")) | split(",")[0])) as $cut
    | [.alarms[] | select(.kind == "link_lost" and (.raised_us | tonumber) / 1000 >= $from)
       | select(.area_id == "khu-01" or any(.site_ids[]; . as $id | $cut | index($id)))] | length')
  fault_row "area khu-01 cut" "$from" "$seen" "$size" "$alarms"
  check "area cut: one alarm for $size sites" test "$alarms" -eq 1
}

kill_coordinator() {
  say "fault: kill -9 of the coordinator in the middle of the live session"
  kill -KILL "${pid_of[coordinator]}"
  wait "${pid_of[coordinator]}" 2>/dev/null
  enter_attendance  # while the centre is gone: the records wait on the sites' disks
  local agent
  for agent in "${agents[@]}"; do
    check "$agent goes on without the centre" bash -c \
      "'$bin/diemcau-agent' desk status --json --url '${desk[$agent]}' | jq -e '.phase == \"started\" or .status.phase == \"started\"'"
  done
  start_coordinator "$port_sites" "$port_api"
  until_true 30 "all sites back" all_online
  check "the session is live after the restart" session_is live
}

attendance_entered=0
enter_attendance() {
  ((attendance_entered)) && return
  attendance_entered=1
  local n=0 agent
  for agent in "${agents[@]}"; do
    n=$((n + 1))
    "$bin/diemcau-agent" desk headcount --url "${desk[$agent]}" --by "Thư ký $agent" \
      --present $((50 + n)) --online 4 --excused 3 --absent $((11 - n)) >/dev/null || say "headcount at $agent failed"
    "$bin/diemcau-agent" desk checkin --url "${desk[$agent]}" --by "Thư ký $agent" "$agent-001" "$agent-002" >/dev/null || say "check-in at $agent failed"
  done
  tell fleet headcounts
}

fleet_status() {
  local lines
  lines=$(wc -l <"$work/fleet.out")
  tell fleet status
  until_true 5 "the fleet's answer" bash -c "(( \$(wc -l <'$work/fleet.out') > $lines ))" || return 1
  tail -n 1 "$work/fleet.out"
}
records_delivered() { fleet_status | jq -e '.pending_records == 0'; }

finish_briefing() {
  say "break, end, report"
  cli session pause "$session" >/dev/null
  cli session resume "$session" >/dev/null
  check "a text to the centre's halls" cli site message --session "$session" --area trung-tam "Cảm ơn các điểm cầu"
  check "a pause and back" session_is live
  until_true 30 "all records" records_delivered
  until_true 20 "the agents' records" bash -c "curl -fsS '$api/api/v1/sessions/$session/sites' | jq -e 'all(.sites[]; .status.spool_pending == 0 or .link != \"online\")'"
  cli session end "$session" >/dev/null
  check "ended" session_is ended
  cli session close "$session" >/dev/null
  check "closed" session_is closed
  cli --json session report "$session" >"$out/report.json"
  cli attendance export "$session" -o "$out/attendance.csv" >/dev/null
  cli session report "$session" >&2
}

write_summary() {
  printf '%s\n' "${faults[@]}" | jq -s . >"$work/faults.json"
  # What was entered: the fleet's ledger, and the agents' desks (their own totals).
  local agent n=0
  for agent in "${agents[@]}"; do
    n=$((n + 1))
    jq -nc --arg site "$agent" --argjson n $n '{site_id: $site, present: (50 + $n), online: 4, excused: 3, absent: (11 - $n), checkins: 2, records: 4}'
  done | jq -s . >"$work/desks.json"
  jq -n --slurpfile report "$out/report.json" --slurpfile ledger "$work/ledger.json" --slurpfile desks "$work/desks.json" \
    --slurpfile faults "$work/faults.json" --slurpfile feeds "$work/feeds.json" --argjson sites "$sites" \
    --argjson agents "${#agents[@]}" -f "$here/demo.d/summary.jq" >"$out/summary.json"
  # The total as a spreadsheet would add it up: the present column of the sites' rows.
  local csv_present
  csv_present=$(sum_present "$out/attendance.csv")
  check "records: none lost" jq -e '.records_lost == 0' "$out/summary.json"
  check "records: none counted twice" jq -e '.records_duplicated == 0' "$out/summary.json"
  check "attendance equals what the sites entered" jq -e '.present_total == .present_entered' "$out/summary.json"
  check "attendance.csv adds up to the same ($csv_present)" jq -e --argjson n "${csv_present:-0}" '.present_entered == $n' "$out/summary.json"
  check "last acknowledgement of GO within 1 s" jq -e '.launch_last_ack_ms <= 1000' "$out/summary.json"
  ((${#agents[@]})) && check "real agents start within 100 ms of the instant" jq -e '.start_skew_ms_p99 <= 100' "$out/summary.json"
  printf '%s\n' "${checks[@]}" | jq -s . >"$out/checks.json"
  jq -r '"\(.started) started, \(.late) late, \(.failed) failed; last acknowledgement \(.launch_last_ack_ms) ms, skew p99 \(.start_skew_ms_p99) ms; "
    + "\(.reported_sites) sites reported \(.present_total) present; \(.checkins_total) check-ins; lost \(.records_lost), double \(.records_duplicated)"' "$out/summary.json" >&2
}

all_checks_ok() { jq -e 'all(.[]; .ok)' "$out/checks.json" >/dev/null; }

# The sum of the column "present" of the rows of sites.
sum_present() {
  awk -F, 'NR == 1 { sub(/^\xef\xbb\xbf/, ""); for (i = 1; i <= NF; i++) if ($i == "present") column = i; next }
           $0 !~ /^,/ && $3 != "" { sum += $column } END { print sum + 0 }' "$1"
}
