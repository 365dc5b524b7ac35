// The figures of all parts.
#include "coordinator/app/metrics.hpp"

#include <array>
#include <map>

#include "base/log.hpp"

namespace diemcau::app {
namespace {

template <class N>
double real(N value) {
  return static_cast<double>(value);
}

double seconds(Micros span) {
  return real(span) / real(kSecond);
}

}  // namespace

void writeProcess(api::MetricsText& out, Micros worst_delay) {
  out.gauge("diemcau_build_info", "Always 1; the version is in the label.", 1, {{"version", DIEMCAU_VERSION}})
      .gauge("diemcau_loop_delay_seconds", "Longest that the loop was held up since the last scrape.",
             seconds(worst_delay))
      .counter("diemcau_log_dropped_total", "Log lines dropped because the disk was too slow.",
               real(droppedLogLines()));
}

void writeCore(api::MetricsText& out, const core::Core& core, Micros now) {
  const auto& roster = core.roster();
  out.gauge("diemcau_roster_sites", "Sites on the roster.", real(roster.sites().size()))
      .gauge("diemcau_roster_delegates", "Delegates on the roster.", real(roster.delegateCount()))
      .gauge("diemcau_alarms_raised", "Alarms that are raised now.",
             real(core.alarms("", true).alarms_size()))
      .counter("diemcau_view_version", "Version of the view; grows with every change.",
               real(core.viewVersion()));
  // Only sessions that run have figures of their own: ended ones would pile up for ever.
  std::map<std::string, int> phases;
  std::vector<v1::SessionView> running;
  const auto sessions = core.sessions();
  for (const auto& session : sessions.sessions()) {
    ++phases[v1::Phase::Name_Name(session.phase())];
    if (session.phase() < v1::Phase::rehearsing || session.phase() > v1::Phase::paused) continue;
    if (auto view = core.session(session.id(), now)) running.push_back(std::move(*view));
  }
  for (const auto& [phase, count] : phases) {
    out.gauge("diemcau_sessions", "Sessions by phase.", count, {{"phase", phase}});
  }
  for (const auto& view : running) {
    const std::array<std::pair<const char*, std::uint32_t>, 9> states{{{"online", view.online()},
                                                                       {"stale", view.stale()},
                                                                       {"offline", view.offline()},
                                                                       {"ready", view.ready()},
                                                                       {"not_ready", view.not_ready()},
                                                                       {"started", view.started()},
                                                                       {"late", view.late()},
                                                                       {"failed", view.failed()},
                                                                       {"reported", view.reported_sites()}}};
    for (const auto& [state, count] : states) {
      out.gauge("diemcau_session_sites", "Sites of a running session by state; the states overlap.", count,
                {{"session", view.session().id()}, {"state", state}});
    }
  }
}

void writeGateway(api::MetricsText& out, const gateway::GatewayCounters& counters, std::uint32_t window_ms) {
  out.gauge("diemcau_gateway_connected_sites", "Sites with a link now.", real(counters.connected))
      .gauge("diemcau_gateway_greeting", "Connections that have not said hello.", real(counters.greeting))
      .gauge("diemcau_gateway_reconnect_window_seconds", "Window told to sites for their next reconnect.",
             real(window_ms) / 1000)
      .gauge("diemcau_gateway_waiting_assignments", "Links that wait for their turn to get an assignment.",
             real(counters.waiting))
      .counter("diemcau_gateway_hellos_total", "Hellos received.", real(counters.hellos))
      .counter("diemcau_gateway_replaced_total", "Links closed for a newer one of the same site.",
               real(counters.replaced));
  const std::array<std::pair<const char*, std::uint64_t>, 6> refused{
      {{"identity", counters.refused_identity},
       {"unknown", counters.refused_unknown},
       {"duplicate", counters.refused_duplicate},
       {"too_old", counters.refused_too_old},
       {"malformed", counters.refused_malformed},
       {"silent", counters.refused_silent}}};
  for (const auto& [reason, count] : refused) {
    out.counter("diemcau_gateway_refused_total", "Connections refused, by reason.", real(count),
                {{"reason", reason}});
  }
  out.counter("diemcau_gateway_frames_total", "Frames received.", real(counters.frames))
      .counter("diemcau_gateway_statuses_total", "Statuses received.", real(counters.statuses))
      .counter("diemcau_gateway_records_total", "Records received, repeats included.", real(counters.records))
      .counter("diemcau_gateway_pings_total", "Pings answered.", real(counters.pings))
      .counter("diemcau_gateway_violations_total", "Links closed because of what they sent.",
               real(counters.violations))
      .counter("diemcau_gateway_silent_total", "Links closed because nothing was heard on them.",
               real(counters.silent))
      .counter("diemcau_gateway_assignments_total", "Assignments sent.", real(counters.assignments))
      .counter("diemcau_gateway_encode_seconds_total", "Spent on encoding and sealing assignments.",
               real(counters.encode_us) / 1e6)
      .counter("diemcau_gateway_acknowledgements_total", "Acknowledgements of records.",
               real(counters.acknowledgements));
}

void writeStore(api::MetricsText& out, const store::StoreCounters& counters) {
  out.gauge("diemcau_store_healthy", "1 while commits succeed.", counters.healthy ? 1 : 0)
      .gauge("diemcau_store_waiting", "Batches that wait for their commit.", real(counters.waiting))
      .gauge("diemcau_store_last_commit_seconds", "How long the last commit took.",
             real(counters.last_commit_us) / 1e6)
      .counter("diemcau_store_commit_seconds_total", "Spent on commits, with their fsync.",
               real(counters.commit_us) / 1e6)
      .counter("diemcau_store_commits_total", "Commits.", real(counters.commits))
      .counter("diemcau_store_batches_total", "Batches committed; several share a commit.",
               real(counters.batches))
      .counter("diemcau_store_failures_total", "Commits that failed and are tried again.",
               real(counters.failures))
      .counter("diemcau_store_records_total", "Records written to the ledger.", real(counters.records));
}

void writeServers(api::MetricsText& out,
                  const std::vector<std::pair<std::string, net::ServerCounters>>& servers) {
  // Samples of one name must follow each other, so the outer loop is over the figures.
  auto each = [&](const char* name, const char* help, bool gauge, auto figure) {
    for (const auto& [server, counters] : servers) {
      const double value = real(figure(counters));
      gauge ? out.gauge(name, help, value, {{"server", server}})
            : out.counter(name, help, value, {{"server", server}});
    }
  };
  using C = const net::ServerCounters&;
  each("diemcau_net_open_sockets", "Open connections.", true, [](C c) { return c.open_sockets; });
  each("diemcau_net_accepted_total", "Connections accepted.", false, [](C c) { return c.accepted; });
  each("diemcau_net_requests_total", "HTTP requests.", false, [](C c) { return c.requests; });
  each("diemcau_net_messages_in_total", "WebSocket messages received.", false,
       [](C c) { return c.messages_in; });
  each("diemcau_net_bytes_in_total", "Bytes received.", false, [](C c) { return c.bytes_in; });
  each("diemcau_net_frames_out_total", "WebSocket frames sent.", false, [](C c) { return c.frames_out; });
  each("diemcau_net_bytes_out_total", "Bytes sent.", false, [](C c) { return c.bytes_out; });
  each("diemcau_net_too_big_total", "Messages and bodies beyond a limit.", false,
       [](C c) { return c.too_big; });
  each("diemcau_net_timeouts_total", "Connections that took too long.", false,
       [](C c) { return c.timeouts; });
  for (const auto& [server, counters] : servers) {
    const std::array<std::pair<const char*, std::uint64_t>, 5> refused{
        {{"limit", counters.refused_limit},
         {"host", counters.refused_host},
         {"origin", counters.refused_origin},
         {"upgrade", counters.refused_upgrade},
         {"request", counters.refused_request}}};
    for (const auto& [reason, count] : refused) {
      out.counter("diemcau_net_refused_total", "Connections and requests refused, by reason.", real(count),
                  {{"server", server}, {"reason", reason}});
    }
  }
}

}  // namespace diemcau::app
