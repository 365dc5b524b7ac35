// Listens on the network and at the console, and writes into the history what the checker needs.
#pragma once

#include <map>
#include <string>

#include "tests/sim/centre.hpp"
#include "tests/sim/history.hpp"
#include "tests/sim/network.hpp"

namespace diemcau::sim {

class Scribe final : public Tap {
 public:
  explicit Scribe(History& history, const Calendar& calendar) : history_(history), calendar_(calendar) {}

  void toCentre(const std::string& site, std::uint64_t connection, std::string_view frame) override;
  void toHall(const std::string& site, std::uint64_t connection, std::string_view frame) override;
  void opened(const std::string& site, std::uint64_t connection) override;
  void ended(const std::string& site, std::uint64_t connection) override;
  void waits(const std::string& site, std::size_t bytes) override;

  // One look at the console: what changed since the last.
  void look(Centre& centre);

 private:
  void assigned(const std::string& site, const v1::Assignment& assignment);

  History& history_;
  const Calendar& calendar_;
  struct Site {
    std::uint64_t epoch = 0;
    std::uint64_t acked = 0, revision = 0;
    Micros heard = 0;
    std::size_t waits = 0;
    int link = -1;
    std::int64_t outcome = -1, started = -1, acked_us = -1;
  };
  std::map<std::string, Site> sites_;
  std::map<std::string, std::string> alarms_;
  std::uint64_t version_ = 0, life_ = 0;
};

}  // namespace diemcau::sim
