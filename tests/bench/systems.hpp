// What is measured: ours, the floor, Mosquitto, NATS; each a process of its own on loopback, on free ports,
// in a directory of its own, ended by its id.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/bench/dialects.hpp"
#include "tests/support/process.hpp"

namespace diemcau::bench {

using Json = nlohmann::json;

struct Programs {
  std::string bin;  // directory of what was built
};

class System {
 public:
  explicit System(bool tls) : tls_(tls) {}
  virtual ~System() = default;
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  virtual std::string name() const = 0;
  virtual std::string version() const = 0;
  // Once, before the rounds: what takes long and is not measured.
  virtual void prepare() {}
  virtual void start() = 0;  // takes connections when it returns
  void stop();
  void kill();
  pid_t pid() const { return process_->pid(); }
  virtual Target target() const = 0;
  virtual std::unique_ptr<Dialect> dialect() = 0;

 protected:
  void run(std::vector<std::string> argv);
  std::uint16_t portOf(const std::string& field);  // of the line "ready ..."
  // The first time a free one, then the same.
  std::uint16_t fixedPort();
  void waitForPort();
  std::string certificate();  // path; made when it is first asked for, its key beside it
  std::string key();

  const bool tls_;
  test::TempDir dir_;
  std::unique_ptr<test::Process> process_;
  std::uint16_t port_ = 0;
};

class Ours final : public System {
 public:
  struct Wish {
    std::size_t sites = 0, delegates = 0;  // delegates: of each site
    bool tls = false;
  };
  Ours(const Programs& programs, const Wish& wish);

  std::string name() const override { return "diemcau"; }
  std::string version() const override { return DIEMCAU_VERSION; }
  void prepare() override;  // roster, and a key for every site
  void start() override;
  Target target() const override;
  std::unique_ptr<Dialect> dialect() override;

  Json get(const std::string& path) const;
  Json post(const std::string& path, const Json& body) const;
  double metric(const std::string& name) const;  // of /metrics; -1: not there
  std::string newSession() const;                // of everyone, with two feeds; a draft
  void act(const std::string& session, const std::string& what) const;
  // Whatever an earlier round has left is over: a site is in one running session only.
  void endSessions() const;
  std::size_t sites() const { return wish_.sites; }
  std::size_t delegates() const { return wish_.delegates; }

  // diemcau-fleet on all sites, each with new keys where `keys`; told to end by closing.
  std::unique_ptr<test::Process> fleet();

 private:
  std::string ask(const std::string& method, const std::string& path, const std::string& body) const;
  std::string tokens() const;  // CSV of a new token for every site
  const Programs programs_;
  const Wish wish_;
  std::vector<std::string> ids_;
  std::map<std::string, fleet::SiteAccess> access_;
  std::uint16_t sites_port_ = 0, api_port_ = 0;
};

std::unique_ptr<System> floorSystem(const Programs& programs, bool tls, const Sizes& sizes);
// Null, with a word why, where the program is not installed.
std::unique_ptr<System> mosquittoSystem(bool tls, const Sizes& sizes);
std::unique_ptr<System> natsSystem(bool tls, const Sizes& sizes);

}  // namespace diemcau::bench
