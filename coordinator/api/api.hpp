// What people and programs talk to: REST under /api/v1, the live view, health, metrics, the status page.
// Belongs to the loop's thread.
//
// Bodies are protobuf's JSON mapping of the messages, with fields at their default in answers and without
// them in the live view's updates; errors are RFC 9457 problems. Whatever is told to anybody is already
// durable: an answer waits for the commits before it. While the store fails, acts are refused with 503 and
// what can be read is read from memory, so that operators do not lose sight of a running session.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/loop.hpp"
#include "base/time.hpp"
#include "coordinator/api/metrics.hpp"
#include "coordinator/core/core.hpp"
#include "coordinator/core/people.hpp"
#include "diemcau/v1/enrolment.pb.h"
#include "net/server.hpp"

namespace diemcau::api {

// Commits the effects, in order, carries them out, then calls `then`.
using Submit = std::function<void(core::Effects effects, std::function<void()> then)>;

// Sites' keys. What has to be stored is added to the batch. Missing: the routes answer 404.
struct EnrolmentPorts {
  std::function<Result<v1::IssuedTokens>(const v1::IssueTokens&, const std::string& actor, core::StoreBatch&)>
      issue;
  std::function<Done(const v1::RevokeSite&, const std::string& actor, core::StoreBatch&)> revoke;
  std::function<v1::SiteIdentity(std::string_view site_id)> identity;
};

struct Ports {
  Loop& loop;
  const Clock& clock;
  core::Core& core;
  Submit submit;
  std::function<bool()> store_healthy;
  std::function<void(MetricsText&)> metrics;  // adds the figures of the other parts
  // The report as a page for people; null: there is none.
  std::function<std::string(const v1::SessionReport&, const core::Roster&, bool english)> report_html;
  // Accounts, sessions, the audit log; null: everybody may do everything, and nothing is audited.
  core::People* people = nullptr;
  EnrolmentPorts enrolment = {};
  // What the store has of a session's past, read after what was committed before. Missing: no replay.
  std::function<void(const std::string& session_id, std::function<void(Result<core::ReplayRows>)>)>
      replay_rows = {};
  // Runs a probe on a feed for some seconds. Missing: there is none on this machine.
  std::function<void(const v1::FeedTest&, std::function<void(Result<v1::FeedTestReport>)>)> feed_test = {};
  // Orders to many sites are under way: the view lets them and their answers go first. Missing: never.
  std::function<bool()> launching = {};
};

struct ApiSettings {
  Micros view_period = 200 * kMillisecond;  // the live view's tick, for figures; news comes at once
  Micros reader_patience = 30 * kSecond;    // with a reader of the view whose socket takes nothing
  Micros view_idle = 1 * kSecond;           // an update goes out at least this often, so that age can be seen
  Micros answer_within = 10 * kSecond;      // then 503: the act may still be stored later
  Micros test_within = 60 * kSecond;        // the same for the test of a feed
  Micros import_within = 120 * kSecond;     // the same for an import, which may be a whole country
  std::size_t most_readers = 256;
  bool secure = false;  // served over TLS: cookies are for it alone, and browsers are told to stay with it
  std::size_t max_import = 48 * 1024 * 1024;  // body of an import; any other body: 1 MiB
};

class Api {
 public:
  // What the ports name must outlive the api, and the api the server.
  Api(Ports ports, ApiSettings settings = {});
  ~Api();

  // For ServerOptions.
  void http(net::HttpRequest request, net::Respond respond);
  std::vector<net::WebSocketRoute> sockets();
  // The core changed something that readers of the view wait for.
  void news();
  // How large a body may be: strangers get little, and only who may import gets what an import needs.
  std::size_t bodyLimit(const net::HttpRequest& request);
  // What the server turned away before it came here, because of its Host or Origin.
  void turnedAway(const net::HttpRequest& request, const std::string& why);

  struct RouteName {
    std::string method, pattern;
  };
  std::vector<RouteName> routes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace diemcau::api
