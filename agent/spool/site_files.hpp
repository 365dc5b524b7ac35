// The other files of an agent's directory: who it is, the newest assignment, its last status, its clock, its
// book. Each is replaced as a whole (0600), because an assignment holds passphrases. One that cannot be read
// counts as absent: the coordinator sends it again.
#pragma once

#include <optional>
#include <string>

#include "agent/spool/disk.hpp"
#include "base/result.hpp"
#include "diemcau/v1/assignment.pb.h"
#include "diemcau/v1/record.pb.h"
#include "diemcau/v1/status.pb.h"
#include "wire/clock_offset.hpp"

namespace diemcau::agent {

class SiteFiles {
 public:
  explicit SiteFiles(std::string dir, Disk& disk = systemDisk()) : dir_(std::move(dir)), disk_(disk) {}

  // 32 hex digits; made at the first call.
  Result<std::string> agentId();
  // 64 hex digits that no other site has and that never leave this one; made at the first call.
  Result<std::string> deskKey();

  std::optional<v1::Assignment> assignment() const;
  Done saveAssignment(const v1::Assignment& assignment);
  std::optional<v1::Status> status() const;
  Done saveStatus(const v1::Status& status);
  std::optional<wire::ClockOffset::Saved> clock() const;
  Done saveClock(const wire::ClockOffset::Saved& saved);
  v1::RecordBatch book() const;
  Done saveBook(const v1::RecordBatch& kept);

 private:
  Result<std::string> hexAt(const char* name, std::size_t digits);
  template <class Message>
  std::optional<Message> read(const char* name) const;
  template <class Message>
  Done write(const char* name, const Message& message);
  std::string dir_;
  Disk& disk_;
};

}  // namespace diemcau::agent
