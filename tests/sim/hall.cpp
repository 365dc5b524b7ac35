// See hall.hpp.
#include "tests/sim/hall.hpp"

namespace diemcau::sim {
namespace {

constexpr Micros kBootAgain = 4 * kSecond;
constexpr auto kDir = "/data";

class SimDesk final : public agent::Desk {
 public:
  std::uint16_t port() const override { return 1; }
};

}  // namespace

Hall::Hall(HallParts parts, std::string site, std::string area, Dice dice)
    : Process(parts.calendar),
      parts_(parts),
      site_(std::move(site)),
      area_(std::move(area)),
      dice_(dice),
      disk_(dice.fork("disk"), parts.mutation),
      clock_(parts.calendar),
      tasks_(*this) {}

Hall::~Hall() = default;

agent::AgentWorld Hall::world() {
  return {.tasks = tasks_,
          .clock = clock_,
          .disk = disk_,
          .network = parts_.network.client(*this, site_),
          .probes =
              [this](agent::ProbePorts ports) {
                auto probes = std::make_unique<SimProbes>(
                    SimProbes::Hall{site_, tasks_, clock_, parts_.air, parts_.history, screen_,
                                    [this] { return parts_.network.connected(site_); }},
                    dice_.fork("probes"), parts_.mutation, std::move(ports));
                return probes;
              },
          .desk = [this](agent::DeskPorts ports) -> Result<std::unique_ptr<agent::Desk>> {
            desk_ = std::move(ports);
            return std::make_unique<SimDesk>();
          },
          .machine = [this](Micros) -> std::optional<agent::Machine> {
            return agent::Machine{.known = true, .disk_free = disk_.isFull() ? 0 : 8ULL << 30, .late = 0};
          },
          .tick = parts_.tick};
}

void Hall::boot() {
  if (up()) return;
  born();
  dice_.next();
  agent::AgentSettings settings;
  settings.site.id = site_;
  settings.data.dir = kDir;
  settings.coordinator.url = "ws://centre/site";
  std::string refused;
  enter([&] {
    auto agent = agent::Agent::open(
        world(), settings, {.first = 500 * kMillisecond, .most = 8 * kSecond, .refused = 6 * kSecond});
    if (agent)
      agent_ = std::move(*agent);
    else
      refused = agent.error().text;
  });
  if (agent_) {
    parts_.history.add(What::kHallUp, site_);
    return;
  }
  // The service manager starts it again.
  if (!refused.empty()) parts_.history.add(What::kNote, site_, {}, {}, 0, 0, 0, "cannot start: " + refused);
  die(false);
  calendar_.after(kBootAgain, [this] { boot(); });
}

void Hall::died(bool power) {
  parts_.history.add(What::kHallDown, site_, {}, {}, power ? 1 : 0);
  parts_.network.processDied(*this, power);
  desk_ = {};
  agent_.reset();
  if (power) {
    disk_.afterPowerCut();
    clock_.rebooted();
  } else {
    disk_.afterKill();
  }
  if (!screen_.empty()) {
    screen_.clear();
    parts_.history.add(What::kScreen, site_);
  }
}

void Hall::setClock(Micros offset, std::int64_t drift_ppm) {
  clock_.offset = offset;
  clock_.drift_ppm = drift_ppm;
}

void Hall::jumpClock(Micros by) {
  clock_.offset += by;
}

bool Hall::atDesk(const std::function<void(agent::DeskPorts&)>& act) {
  if (!up() || !agent_) return false;
  enter([&] { act(desk_); });
  return true;
}

std::uint32_t Hall::unsent() {
  std::uint32_t unsent = 0;
  atDesk([&](agent::DeskPorts& desk) { unsent = desk.view().unsent; });
  return unsent;
}

}  // namespace diemcau::sim
