#include "tests/unit/coordinator/ctl/canned.hpp"

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/json.hpp"
#include "base/text.hpp"
#include "coordinator/ctl/command_line.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::ctl::test {
namespace {

constexpr Micros kStart = 1'772'326'800'000'000;  // 2026-03-01 08:00 in Hà Nội
const char* const kDistricts[] = {"Quận 1",      "Quận 3",        "Quận Bình Thạnh", "Thành phố Thủ Đức",
                                  "Quận Gò Vấp", "Quận Tân Bình", "Huyện Củ Chi",    "Huyện Cần Giờ",
                                  "Quận 12",     "Quận 7"};
constexpr std::size_t kDistrictCount = std::size(kDistricts);

std::string districtOf(std::size_t site) {
  return "d" + std::to_string(site % kDistrictCount);
}

void breakSite(std::size_t number, v1::SiteView& site) {
  v1::Status& status = *site.mutable_status();
  switch (number % 97) {
    case 11:
      site.set_link(v1::LinkState::offline);
      site.set_heard_us(kStart - 45 * kSecond);
      break;
    case 23:
      *status.mutable_problem() =
          text("không mở được luồng chính: sai mật khẩu", "cannot open the main feed: wrong passphrase");
      status.set_phase(v1::SitePhase::failed);
      site.mutable_outcome()->set_state(v1::Outcome::failed);
      *site.mutable_outcome()->mutable_reason() = status.problem();
      break;
    case 41:
      site.mutable_outcome()->set_state(v1::Outcome::late);
      break;
    case 67:
      status.mutable_health(0)->add_conditions(v1::Condition::black);
      break;
    default:
      break;
  }
}

}  // namespace

CannedCoordinator::CannedCoordinator() {
  net::ServerOptions options;
  options.listen = {"127.0.0.1", 0};
  options.limits.max_body = 64 * 1024 * 1024;
  options.http = [this](net::HttpRequest request, const net::Respond& respond) {
    net::HttpResponse response;
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(request.method + " " + request.path);
    if (found == answers_.end()) {
      response.status = 404;
      response.body = R"({"status":404,"detail":"there is no such thing","detail_vi":"không có thứ này"})";
    } else {
      response.status = found->second.first;
      response.body = found->second.second;
    }
    asked_.push_back(std::move(request));
    respond(std::move(response));
  };
  auto server = net::serve(loop_, std::move(options));
  REQUIRE(server);
  server_ = std::move(*server);
  port_ = server_->port();
  thread_ = std::thread([this] { loop_.run(); });
}

CannedCoordinator::~CannedCoordinator() {
  loop_.post([this] {
    server_.reset();
    loop_.stop();
  });
  thread_.join();
}

void CannedCoordinator::answer(const std::string& what, const std::string& body, int status) {
  const std::lock_guard lock(mutex_);
  answers_[what] = {status, body};
}

void CannedCoordinator::answer(const std::string& what, const google::protobuf::Message& message) {
  answer(what, toJson(message));
}

std::vector<net::HttpRequest> CannedCoordinator::asked() {
  const std::lock_guard lock(mutex_);
  return asked_;
}

net::HttpRequest CannedCoordinator::last() {
  const auto all = asked();
  REQUIRE_FALSE(all.empty());
  return all.back();
}

std::string CannedCoordinator::url() const {
  return "http://127.0.0.1:" + std::to_string(port_);
}

Ran shell(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment) {
  std::ostringstream out, err;
  Ran ran;
  ran.code = run(words, {out, err,
                         [&](const char* name) {
                           const auto found = environment.find(name);
                           return found == environment.end() ? std::string() : found->second;
                         },
                         false, 0, 0});
  ran.out = out.str();
  ran.err = err.str();
  return ran;
}

Ran shell(const CannedCoordinator& at, std::vector<std::string> words) {
  words.insert(words.end(), {"--url", at.url(), "--as", "Trần Thị Lan"});
  return shell(words);
}

v1::ViewUpdate city(std::size_t sites, v1::Phase::Name phase) {
  v1::ViewUpdate view;
  view.set_full(true);
  view.set_now_us(kStart + 65 * kSecond);
  v1::SessionView& counts = *view.add_sessions();
  v1::Session& session = *counts.mutable_session();
  session.set_id("giao-ban-03");
  session.set_title("Hội nghị giao ban toàn thành phố tháng 3 năm 2026");
  session.set_phase(phase);
  session.set_time_zone("Asia/Ho_Chi_Minh");
  session.set_scheduled_start_us(phase >= v1::Phase::live ? kStart : kStart + 15 * kMinute);
  if (phase >= v1::Phase::live) session.set_start_at_us(kStart);
  session.set_revision(7);
  counts.set_sites(static_cast<std::uint32_t>(sites));
  counts.mutable_attendance()->set_present(static_cast<std::uint32_t>(sites * 62));
  counts.mutable_attendance()->set_absent(static_cast<std::uint32_t>(sites));
  counts.set_reported_sites(static_cast<std::uint32_t>(sites * 9 / 10));
  for (std::size_t i = 0; i < sites; ++i) {
    v1::SiteView& site = *view.add_sites();
    site.set_site_id("s" + std::to_string(1000 + i));
    site.set_name("Hội trường phường " + std::to_string(i + 1));
    site.set_area_id(districtOf(i));
    site.mutable_technician()->set_name("Nguyễn Văn Ấn");
    site.mutable_technician()->set_phone("0912 345 678");
    site.set_link(v1::LinkState::online);
    site.set_heard_us(view.now_us());
    v1::Status& status = *site.mutable_status();
    status.set_phase(phase == v1::Phase::live ? v1::SitePhase::started : v1::SitePhase::armed);
    status.set_active_feed_id("main");
    status.add_health()->set_feed_id("main");
    status.mutable_readiness()->set_verdict(i % 10 == 3 ? v1::Readiness::not_ready : v1::Readiness::ready);
    if (phase == v1::Phase::live) site.mutable_outcome()->set_state(v1::Outcome::started);
    breakSite(i, site);
    counts.set_online(counts.online() + (site.link() == v1::LinkState::online ? 1 : 0));
    counts.set_ready(counts.ready() + (status.readiness().verdict() == v1::Readiness::ready ? 1 : 0));
    counts.set_started(counts.started() + (site.outcome().state() == v1::Outcome::started ? 1 : 0));
    counts.set_late(counts.late() + (site.outcome().state() == v1::Outcome::late ? 1 : 0));
    counts.set_failed(counts.failed() + (site.outcome().state() == v1::Outcome::failed ? 1 : 0));
  }
  counts.set_acked(counts.online());
  for (int i = 0; i < 5; ++i) {
    v1::Alarm& alarm = *view.add_alarms();
    alarm.set_id("a" + std::to_string(i));
    alarm.set_kind(v1::Alarm::feed);
    alarm.set_state(i == 4 ? v1::Alarm::cleared : v1::Alarm::raised);
    alarm.set_raised_us(view.now_us() - (i + 1) * 7 * kSecond);
    alarm.set_sites_peak(static_cast<std::uint32_t>(1 + i * 3));
    if (i == 1) alarm.set_acked_by("Lan");
    *alarm.mutable_text() = text("Luồng chính hình đen ở " + std::to_string(1 + i * 3) + " điểm cầu",
                                 "main is black at some sites");
  }
  counts.set_alarms(4);
  return view;
}

RosterNames cityRoster(std::size_t sites) {
  RosterNames roster;
  roster.areas["city"] = {"Thành phố", ""};
  for (std::size_t i = 0; i < kDistrictCount; ++i)
    roster.areas["d" + std::to_string(i)] = {kDistricts[i], "city"};
  for (std::size_t i = 0; i < sites; ++i) {
    roster.sites.push_back({"s" + std::to_string(1000 + i), "Hội trường phường " + std::to_string(i + 1),
                            districtOf(i), "Nguyễn Văn Ấn", "0912 345 678", 120});
  }
  roster.delegates = sites * 68;
  return roster;
}

std::string rosterJson(const RosterNames& roster) {
  nlohmann::json document = {{"areas", nlohmann::json::array()},
                             {"sites", nlohmann::json::array()},
                             {"delegates", roster.delegates}};
  for (const auto& [id, area] : roster.areas) {
    document["areas"].push_back({{"id", id}, {"name", area.name}, {"parent_id", area.parent_id}});
  }
  for (const auto& site : roster.sites) {
    document["sites"].push_back({{"id", site.id},
                                 {"name", site.name},
                                 {"area_id", site.area_id},
                                 {"technician", {{"name", site.technician}, {"phone", site.phone}}},
                                 {"seats", site.seats}});
  }
  return document.dump();
}

}  // namespace diemcau::ctl::test
