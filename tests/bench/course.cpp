// See course.hpp.
#include "tests/bench/course.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/settings.hpp"
#include "tests/bench/machine.hpp"

namespace diemcau::bench {
namespace {

// What a process needs besides its sites.
constexpr std::size_t kOtherDescriptors = 200;
// From one address to one port there are no more connections, and the fleet calls from one address.
constexpr std::size_t kMostOfFleet = 28'000;
constexpr std::size_t kManyDelegates = 68, kFewDelegates = 2, kLargeCity = 1000;

void say(const std::string& text) {
  std::fprintf(stderr, "bench: %s\n", text.c_str());
}

}  // namespace

Course::Course(Options options)
    : options_(std::move(options)),
      programs_{options_.bin},
      machine_(machineFacts()),
      descriptors_(raiseDescriptors()) {}

bool Course::wanted(const std::string& system) const {
  return std::find(options_.systems.begin(), options_.systems.end(), system) != options_.systems.end();
}

std::vector<Course::Entrant> Course::entrants(const JobKind& kind, bool tls, std::size_t sites) {
  std::vector<Entrant> out;
  const auto add = [&](std::string name, std::unique_ptr<System> system, void (*job)(Round&)) {
    if (!system || !wanted(name)) return;
    try {
      system->prepare();
      versions_.try_emplace(name, system->version());
      out.push_back({name, std::move(system), job});
    } catch (const std::runtime_error& error) {
      say(name + ": " + error.what());
      book_.spoilt({kind.name, tls, sites, name}, error.what());
    }
  };
  const Sizes sizes;
  const std::size_t delegates =
      kind.name == "checkins" || sites <= kLargeCity ? kManyDelegates : kFewDelegates;
  if (wanted("diemcau"))
    add("diemcau", std::make_unique<Ours>(programs_, Ours::Wish{sites, delegates, tls}), kind.run);
  if (kind.with_fleet != nullptr && wanted("diemcau-fleet")) {
    if (sites <= kMostOfFleet)
      add("diemcau-fleet", std::make_unique<Ours>(programs_, Ours::Wish{sites, delegates, tls}),
          kind.with_fleet);
    else
      book_.spoilt({kind.name, tls, sites, "diemcau-fleet"},
                   "the fleet calls from one address, which has 28,000 ports");
  }
  add("floor", floorSystem(programs_, tls, sizes), kind.run);
  if (kind.brokers) {
    add("mosquitto", mosquittoSystem(tls, sizes), kind.run);
    add("nats", natsSystem(tls, sizes), kind.run);
  }
  return out;
}

void Course::measure(const JobKind& kind, bool tls, std::size_t sites) {
  if (sites + kOtherDescriptors > descriptors_) {
    for (const auto& name : options_.systems)
      book_.spoilt({kind.name, tls, sites, name},
                   fmt::format("a process may have {} descriptors here (ulimit -n)", descriptors_));
    std::printf("%s", book_.table(kind.name, tls, sites).c_str());
    return;
  }
  auto all = entrants(kind, tls, sites);
  for (int n = 1; n <= options_.rounds; ++n) {
    for (auto& entrant : all) {
      endIfAsked();
      const Where where{kind.name, tls, sites, entrant.name};
      say(fmt::format("{} {} sites={} round={} {}", kind.name, tls ? "tls" : "plain", sites, n,
                      entrant.name));
      Round round{*entrant.system, sites, options_.seconds,
                  [&](const std::string& metric, double value) { book_.note(where, metric, value); }};
      try {
        entrant.run(round);
      } catch (const std::exception& error) {
        say(entrant.name + ": " + error.what());
        book_.spoilt(where, error.what());
      }
      entrant.system->stop();
    }
  }
  std::printf("%s", book_.table(kind.name, tls, sites).c_str());
  std::fflush(stdout);
}

void Course::run() {
  for (const auto& kind : jobKinds()) {
    if (!options_.jobs.empty() &&
        std::find(options_.jobs.begin(), options_.jobs.end(), kind.name) == options_.jobs.end())
      continue;
    for (const bool tls : {false, true}) {
      if (options_.tls ? *options_.tls != tls : !(tls ? kind.tls : kind.plain)) continue;
      for (const std::size_t sites : options_.sites) measure(kind, tls, sites);
    }
  }
}

bool Course::tell() const {
  std::printf("%s", book_.growthTable().c_str());
  nlohmann::ordered_json all = {{"machine", machine_}, {"versions", versions_}};
  all["machine"]["descriptors"] = descriptors_;
  if (const char* commit = std::getenv("DIEMCAU_COMMIT")) all["versions"]["commit"] = commit;
  all["at"] = formatUtc(systemClock().wall());
  all["rounds"] = options_.rounds;
  all.update(book_.json());
  const auto subtitle = fmt::format("{} cores, {}, Linux {}, {}", machine_.at("cores"), machine_.at("cpu"),
                                    machine_.at("kernel"), formatUtc(systemClock().wall()).substr(0, 10));
  std::error_code ignored;
  std::filesystem::create_directories(options_.out, ignored);
  std::vector<std::pair<std::string, std::string>> files = {
      {options_.out + "/bench.csv", book_.csv()}, {options_.out + "/bench.svg", book_.svg(subtitle)}};
  if (!options_.json.empty()) files.emplace_back(options_.json, all.dump(2) + "\n");
  bool good = true;
  for (const auto& [path, content] : files) {
    const auto ok = writeFileAtomically(path, content);
    say(ok ? "wrote " + path : ok.error().text);
    good = good && ok.has_value();
  }
  return good;
}

}  // namespace diemcau::bench
