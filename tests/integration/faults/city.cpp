// See city.hpp.
#include "tests/integration/faults/city.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sqlite3.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/time.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::test {

bool eventually(const std::function<bool()>& holds, Micros limit) {
  const Micros until = systemClock().steady() + limit;
  while (!holds()) {
    if (systemClock().steady() >= until) return holds();
    ::poll(nullptr, 0, 10);
  }
  return true;
}

void figure(const std::string& what) {
  std::printf("figure: %s\n", what.c_str());
  std::fflush(stdout);
}

std::string fleetId(std::size_t number) {
  return fmt::format("D{:04}", number);
}

FleetProcess::FleetProcess(const std::string& sites_url, std::size_t sites, std::vector<std::string> more) {
  std::vector<std::string> argv = {
      DIEMCAU_FLEET, "--url",         sites_url,     "--sites", std::to_string(sites),
      "--ledger",    dir_ / "ledger", "--log-level", "warn"};
  argv.insert(argv.end(), more.begin(), more.end());
  process_ = std::make_unique<Process>(argv, ProcessSetup{.input = true, .more = {}});
}

Json FleetProcess::ask(const std::string& command) {
  process_->write(command + "\n");
  const auto line = process_->line();
  if (!line) FAIL("the fleet does not answer: " << process_->errors());
  auto answer = Json::parse(*line);
  if (!answer["ok"]) FAIL("the fleet refuses '" << command << "': " << *line);
  return answer;
}

Json FleetProcess::ledger() {
  ask("ledger");
  std::ifstream in(dir_ / "ledger");
  return Json::parse(in);
}

bool FleetProcess::connected(std::size_t sites, Micros limit) {
  return eventually([&] { return status()["connected"] == sites; }, limit);
}

RealAgent::RealAgent(std::string site, std::string sites_url, Probe probe, std::string dir)
    : site_(std::move(site)), sites_url_(std::move(sites_url)), dir_(std::move(dir)), probe_(probe) {}

void RealAgent::startOnly() {
  process_.reset();
  std::vector<std::string> argv = {DIEMCAU_AGENT, "run",    "--site",      site_,    "--coordinator",
                                   sites_url_,    "--data", dataDir(),     "--desk", "127.0.0.1:0",
                                   "--show",      "none",   "--log-level", "warn"};
  if (probe_ == Probe::kStandIn) argv.insert(argv.end(), {"--probe", STAND_IN_PROBE});
  process_ = std::make_unique<Process>(argv, ProcessSetup{.input = false, .more = more});
}

bool RealAgent::ready() {
  const auto line = process_->lineThatBegins("ready desk=");
  if (line) desk_url_ = "http://127.0.0.1:" + fields(*line)["desk"];
  return line.has_value();
}

void RealAgent::start() {
  startOnly();
  if (!ready()) FAIL("the agent of " << site_ << " did not start: " << process_->errors());
}

void RealAgent::kill() {
  process_->signal(SIGKILL);
  process_->wait();
  process_.reset();
}

Json RealAgent::desk() const {
  const auto answer = net::httpRequest("GET", desk_url_ + "/api/desk", "", {}, 10);
  return answer && answer->status == 200 ? Json::parse(answer->body) : Json();
}

bool RealAgent::headcount(int present, std::string& id, int* status, const std::string& note) const {
  const Json body = {{"by", "Phạm Thị Dung"}, {"headcount", {{"present", present}, {"note", note}}}};
  const auto answer = net::httpRequest("POST", desk_url_ + "/api/desk/headcount", body.dump(),
                                       {{"Content-Type", "application/json"}}, 10);
  if (status != nullptr) *status = answer ? answer->status : 0;
  if (!answer || answer->status != 200) return false;
  id = Json::parse(answer->body)["id"];
  return true;
}

std::map<std::string, std::multiset<std::string>> recordsOnDisk(const std::string& store) {
  // A copy, so that looking repairs nothing before the coordinator's own start.
  const TempDir dir;
  for (const char* end : {"", "-wal"}) {
    std::error_code none;
    std::filesystem::copy_file(store + end, dir / "copy" + end, none);
  }
  sqlite3* file = nullptr;
  REQUIRE(sqlite3_open((dir / "copy").c_str(), &file) == SQLITE_OK);
  sqlite3_stmt* rows = nullptr;
  REQUIRE(sqlite3_prepare_v2(file, "SELECT site_id, record_id FROM record", -1, &rows, nullptr) == SQLITE_OK);
  std::map<std::string, std::multiset<std::string>> out;
  while (sqlite3_step(rows) == SQLITE_ROW) {
    const auto text = [&](int column) {
      return std::string(reinterpret_cast<const char*>(sqlite3_column_text(rows, column)));
    };
    out[text(0)].insert(text(1));
  }
  sqlite3_finalize(rows);
  sqlite3_close(file);
  return out;
}

void importSites(const Centre& centre, std::size_t simulated, const std::vector<std::string>& others,
                 std::size_t with_delegates) {
  std::string sites = "site_id,area_id,name\n", delegates = "delegate_id,site_id,name\n";
  for (std::size_t n = 1; n <= simulated; ++n) {
    sites += fmt::format("{},a,Hội trường {}\n", fleetId(n), n);
    if (n > with_delegates) continue;
    for (int k = 0; k < 3; ++k) delegates += fmt::format("d{}-{},{},Đại biểu {}\n", n, k, fleetId(n), k);
  }
  for (const auto& id : others) sites += fmt::format("{},a,Hội trường {}\n", id, id);
  const auto answer = centre.import({{"areas.csv", "area_id,parent_id,name\na,,Phường Đống Đa\n"},
                                     {"sites.csv", sites},
                                     {"delegates.csv", delegates}});
  CAPTURE(answer.body);
  REQUIRE(answer.status == 200);
}

double residentMiB(pid_t pid, const char* field) {
  std::ifstream in(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(field)) continue;
    std::istringstream words(line.substr(line.find(':') + 1));
    double kib = 0;
    words >> kib;
    return kib / 1024;
  }
  return 0;
}

}  // namespace diemcau::test
