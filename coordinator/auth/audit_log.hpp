// The audit log's writing end: numbers each entry, chains it to the one before by SHA-256, and puts it into
// the batch of the change that it speaks of. Belongs to the loop's thread; pure but for the hash.
//
// Acts that were carried out are all written. Attempts that were refused or failed are written one by one up
// to a rate, and beyond it once a minute as one entry with their number: a flood of them costs some kilobytes
// a minute.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/signing.hpp"
#include "base/time.hpp"
#include "coordinator/core/effects.hpp"
#include "diemcau/v1/audit.pb.h"
#include "diemcau/v1/people.pb.h"

namespace diemcau::auth {

class AuditLog {
 public:
  static constexpr int kPerSource = 20;  // refused or failed, a minute, of one account or address
  static constexpr int kOfNobody = 30;   // of all who are nobody together
  static constexpr int kOfKnown = 120;   // of all accounts, tokens and sites together
  static constexpr std::size_t kSources = 1'000;

  // At start, in this order: what is kept beside the log, and its newest row.
  bool restoreHead(std::string_view body);
  void restoreNewest(const core::AuditRow& row);

  // seq, at and previous are set here; texts are cut to what a message may hold.
  void add(v1::AuditEntry entry, Micros now, core::StoreBatch& batch);
  // Once a second or so: what was only counted.
  void tick(Micros now, core::StoreBatch& batch);

  std::uint64_t newest() const { return seq_; }
  const std::string& head() const { return head_; }

 private:
  void write(v1::AuditEntry entry, Micros now, core::StoreBatch& batch);
  bool within(const v1::AuditEntry& entry);

  std::uint64_t seq_ = 0;
  std::string head_ = std::string(32, '\0');
  // Of the minute at hand.
  Micros minute_ = 0;
  std::map<std::string, int> sources_;
  int nobody_ = 0, known_ = 0;
  std::uint64_t left_out_ = 0;
  std::map<std::string, std::uint64_t> left_out_of_;
};

}  // namespace diemcau::auth
