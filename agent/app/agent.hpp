// One site's agent: everything that agent/core decides, with real sockets, files, children and time. The
// composition root.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "agent/app/coordinator_link.hpp"
#include "agent/app/credentials.hpp"
#include "agent/app/machine.hpp"
#include "agent/app/probes.hpp"
#include "agent/app/settings.hpp"
#include "agent/core/book.hpp"
#include "agent/core/follower.hpp"
#include "agent/desk/desk.hpp"
#include "agent/spool/site_files.hpp"
#include "agent/spool/spool.hpp"
#include "base/loop.hpp"
#include "wire/clock_offset.hpp"

namespace diemcau::agent {

// What an agent stands on. start() brings the real one; a simulation its own.
struct AgentWorld {
  Tasks& tasks;
  const Clock& clock;
  Disk& disk;
  std::unique_ptr<net::ClientContext> network;
  std::function<std::unique_ptr<Probes>(ProbePorts)> probes;
  std::function<Result<std::unique_ptr<Desk>>(DeskPorts)> desk;
  std::function<std::optional<Machine>(Micros steady)> machine;  // at each tick; nothing: nothing new
  Micros tick = 100 * kMillisecond;
};

class Agent {
 public:
  // Opens the spool and the desk in a directory that the caller holds. Errors as named.
  static Result<std::unique_ptr<Agent>> open(AgentWorld world, const AgentSettings& settings,
                                             LinkPaces paces);
  // In the real world. Takes the data directory, opens the spool and the desk. Errors: kConflict the
  // directory is in use, others as named.
  static Result<std::unique_ptr<Agent>> start(Loop& loop, const AgentSettings& settings,
                                              LinkPaces paces = {});
  ~Agent();
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  std::uint16_t deskPort() const { return desk_->port(); }
  // Ends the probes, saves what is known; `done` once, later.
  void stop(std::function<void()> done);

 private:
  Agent(AgentWorld world, const AgentSettings& settings, LinkPaces paces);
  Done open();
  void recall();
  Now now() const;
  v1::Hello hello() const;
  LinkAccess access();
  Result<std::string> prove(const v1::Hello& hello, const std::string& nonce,
                            const std::string& fingerprint) const;
  // Checked against the coordinator's key where this site is enrolled.
  Result<v1::Assignment> believed(v1::Assignment assignment) const;
  void assigned(v1::Assignment assignment);
  void linked(wire::SiteLinkEvents events);
  void tick();
  void follow();
  void sendStatus(const Now& now);
  void saveStatus(const Now& now);
  void saveClock();
  Done keepBook();
  Done append(v1::Record& record);
  Done received(const std::string& text_id);
  Done testPicture(bool on);
  DeskView view() const;

  File held_;  // the directory's lock, in the real world
  AgentWorld world_;
  const Clock& clock_;
  AgentSettings settings_;
  SiteFiles files_;
  std::string agent_id_;
  std::optional<v1::SiteCredentials> credentials_;
  std::unique_ptr<Spool> spool_;
  Book book_;
  std::optional<DeskCodes> codes_;
  Follower follower_;
  wire::ClockOffset offset_;
  wire::SiteLink site_link_;
  std::unique_ptr<Probes> probes_;
  // The newest small picture of the feed that is shown. Twice in a status, because a status may be replaced
  // by the next one before it is sent.
  static constexpr int kThumbnailSends = 2;
  v1::Thumbnail thumbnail_;
  int thumbnail_sends_ = 0;
  CoordinatorLink link_;
  std::unique_ptr<Desk> desk_;
  Micros status_every_ = kSecond, status_due_ = 0, clock_due_ = 0, link_since_ = 0;
  bool linked_ = false, stopping_ = false;
  std::string saved_status_;
  Timer ticker_;
};

}  // namespace diemcau::agent
