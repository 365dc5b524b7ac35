// Our coordinator as a briefing has it: a roster, a key for every site and signed assignments, its store with
// fsync on the disk of temporary files. Without accounts, so that the bench need not sign in.
#include <fmt/format.h>

#include <sstream>

#include "base/csv.hpp"
#include "base/random.hpp"
#include "net/client.hpp"
#include "tests/bench/systems.hpp"

namespace diemcau::bench {
namespace {

constexpr std::size_t kSitesOfArea = 25;
constexpr unsigned kPatienceS = 120;
constexpr std::uint64_t kSeed = 2026;
constexpr int kStartMs = 120'000;

std::string base64(std::string_view bytes) {
  static const char* digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve(bytes.size() * 4 / 3 + 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8U | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k > bytes.size() ? '=' : digits[group >> (18 - 6 * k) & 63U];
  }
  return out;
}

}  // namespace

Ours::Ours(const Programs& programs, const Wish& wish) : System(wish.tls), programs_(programs), wish_(wish) {
  for (std::size_t n = 1; n <= wish_.sites; ++n) ids_.push_back(fmt::format("D{:05}", n));
  const char* tls = tls_ ? "on" : "off";
  dir_.write("coordinator.toml", fmt::format("[sites]\ntls = \"{}\"\nenrolment = \"required\"\n"
                                             "[log]\nlevel = \"warn\"\n",
                                             tls));
}

void Ours::start() {
  run({programs_.bin + "/diemcau-coordinator", "--config", dir_ / "coordinator.toml", "--data", dir_.path(),
       "--sites-listen", fmt::format("127.0.0.1:{}", sites_port_), "--api-listen",
       fmt::format("127.0.0.1:{}", api_port_)});
  const auto told = process_->lineThatBegins("ready ", kStartMs);
  if (!told) throw Spoilt("the coordinator did not start: " + process_->errors());
  auto ports = test::fields(*told);
  sites_port_ = static_cast<std::uint16_t>(std::stoi(ports["sites"]));
  api_port_ = static_cast<std::uint16_t>(std::stoi(ports["api"]));
}

void Ours::prepare() {
  start();
  std::string areas = "area_id,parent_id,name\nthanh-pho,,Thành phố\n", sites = "site_id,area_id,name\n",
              people = "delegate_id,site_id,name\n";
  for (std::size_t n = 0; n < ids_.size(); ++n) {
    const std::size_t area = n / kSitesOfArea + 1;
    if (n % kSitesOfArea == 0) areas += fmt::format("khu-{0:04},thanh-pho,Phường {0}\n", area);
    sites += fmt::format("{},khu-{:04},Hội trường {}\n", ids_[n], area, n + 1);
    for (std::size_t d = 1; d <= wish_.delegates; ++d)
      people += fmt::format("{0}-{1:03},{0},Nguyễn Văn {1}\n", ids_[n], d);
  }
  Json files = Json::array();
  for (const auto& [name, content] :
       {std::pair{"areas.csv", &areas}, {"sites.csv", &sites}, {"delegates.csv", &people}})
    files.push_back({{"name", name}, {"content", base64(*content)}});
  post("/api/v1/roster/import", {{"files", files}, {"dry_run", false}});
  auto access = fleet::enrolSites(tokens(), kSeed, ids_);
  if (!access) throw Spoilt("the sites were not enrolled: " + access.error().text);
  access_ = std::move(*access);
  stop();
}

std::string Ours::tokens() const {
  // As many as one answer and one body may hold.
  constexpr std::size_t kAtOnce = 2000;
  std::string csv = "site_id,site_name,token\n";
  for (std::size_t from = 0; from < ids_.size(); from += kAtOnce) {
    const auto end = ids_.begin() + static_cast<std::ptrdiff_t>(std::min(ids_.size(), from + kAtOnce));
    const Json some(std::vector<std::string>(ids_.begin() + static_cast<std::ptrdiff_t>(from), end));
    const Json issued = post("/api/v1/sites/enrol", {{"site_ids", some}});
    for (const auto& one : issued["tokens"])
      csv += fmt::format("{},x,{}\n", one["site_id"].get<std::string>(), one["token"].get<std::string>());
  }
  return csv;
}

std::unique_ptr<test::Process> Ours::fleet() {
  dir_.write("tokens.csv", tokens());
  std::string list = "site_id,area_id\n";
  for (std::size_t n = 0; n < ids_.size(); ++n)
    list += fmt::format("{},khu-{:04}\n", ids_[n], n / kSitesOfArea + 1);
  dir_.write("list.csv", list);
  return std::make_unique<test::Process>(
      std::vector<std::string>{programs_.bin + "/diemcau-fleet", "--tokens", dir_ / "tokens.csv",
                               "--site-list", dir_ / "list.csv", "--seed", std::to_string(kSeed), "--ramp-ms",
                               "0", "--log-level", "warn"},
      test::ProcessSetup{.input = true, .more = {}});
}

Target Ours::target() const {
  return {sites_port_, api_port_, tls_, false};
}

std::unique_ptr<Dialect> Ours::dialect() {
  return std::make_unique<OursDialect>(OursDialect::Setup{ids_, access_, sites_port_, api_port_,
                                                          randomU64() >> 8U | 1U,
                                                          std::max<std::size_t>(1, wish_.delegates)});
}

std::string Ours::ask(const std::string& method, const std::string& path, const std::string& body) const {
  const auto answer = net::httpRequest(method, fmt::format("http://127.0.0.1:{}{}", api_port_, path), body,
                                       {{"Content-Type", "application/json"}}, kPatienceS);
  if (!answer) throw Spoilt(fmt::format("{} {}: {}", method, path, answer.error().text));
  if (answer->status >= 300)
    throw Spoilt(fmt::format("{} {}: {} {}", method, path, answer->status, answer->body.substr(0, 400)));
  return answer->body;
}

Json Ours::get(const std::string& path) const {
  return Json::parse(ask("GET", path, ""));
}
Json Ours::post(const std::string& path, const Json& body) const {
  return Json::parse(ask("POST", path, body.dump()));
}

double Ours::metric(const std::string& name) const {
  std::istringstream lines(ask("GET", "/metrics", ""));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(name + " ")) return std::stod(line.substr(name.size() + 1));
  return -1;
}

std::string Ours::newSession() const {
  const Micros start = systemClock().wall() + 5 * kHour;  // long before rehearsals begin by themselves
  const Json made = post("/api/v1/sessions", {{"title", "Hội nghị trực tuyến toàn thành phố"},
                                              {"scheduled_start_us", std::to_string(start)},
                                              {"feeds",
                                               {{{"id", "main"}, {"uri", "srt://127.0.0.1:9000"}},
                                                {{"id", "backup"}, {"uri", "srt://127.0.0.1:9001"}}}},
                                              {"selection", {{"everyone", true}}}});
  return made["session"]["id"];
}

void Ours::act(const std::string& session, const std::string& what) const {
  const bool why = what == "end" || what == "cancel";
  const Json reason = why ? Json{{"reason", "xong"}} : Json::object();
  post("/api/v1/sessions/" + session + "/" + what, reason);
}

void Ours::endSessions() const {
  const Json all = get("/api/v1/sessions");
  for (const auto& session : all["sessions"]) {
    const std::string id = session["id"], phase = session["phase"];
    if (phase == "closed" || phase == "cancelled") continue;
    if (phase != "live" && phase != "paused" && phase != "ended") {
      act(id, "cancel");
      continue;
    }
    if (phase != "ended") act(id, "end");
    act(id, "close");
  }
}

}  // namespace diemcau::bench
