// The audit log's writing end.
#include "coordinator/auth/audit_log.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "base/log.hpp"
#include "base/text.hpp"

namespace diemcau::auth {
namespace {

constexpr std::size_t kMostText = 500;

// Whatever a stranger sent may be in it.
void clean(std::string* text, std::size_t most) {
  std::string out;
  for (const char c : validUtf8(*text) ? *text : std::string("(not UTF-8)")) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out += c;
  }
  if (out.size() > most) {
    out.resize(most);
    while (!out.empty() && !validUtf8(out)) out.pop_back();
  }
  *text = std::move(out);
}

}  // namespace

// Both were written in one transaction, so they agree unless somebody has been at the file. Then the log goes
// on behind the higher number with the hash that it knows, which the newest row does not have: the break
// stays to be seen.
void AuditLog::restoreNewest(const core::AuditRow& row) {
  if (row.seq == seq_ && sha256(row.body) == head_) return;
  logger("auth")->error(
      "the audit log was changed: it ends at entry {}, and entry {} was the last to be written", row.seq,
      seq_);
  seq_ = std::max(seq_, row.seq);
}

bool AuditLog::restoreHead(std::string_view body) {
  v1::AuditHead head;
  if (!head.ParseFromArray(body.data(), static_cast<int>(body.size())) || head.hash().size() != head_.size())
    return false;
  seq_ = head.seq();
  head_ = head.hash();
  return true;
}

void AuditLog::add(v1::AuditEntry entry, Micros now, core::StoreBatch& batch) {
  tick(now, batch);
  clean(entry.mutable_actor(), 100);
  clean(entry.mutable_address(), 64);
  clean(entry.mutable_act(), 64);
  clean(entry.mutable_subject(), 100);
  clean(entry.mutable_detail(), kMostText);
  if (entry.outcome() == v1::AuditEntry::done || within(entry)) write(std::move(entry), now, batch);
}

bool AuditLog::within(const v1::AuditEntry& entry) {
  const bool nobody = entry.actor() == "nobody";
  const std::string source = nobody ? entry.address() : entry.actor();
  const bool room = sources_.contains(source) || sources_.size() < kSources;
  int& all = nobody ? nobody_ : known_;
  if (room && all < (nobody ? kOfNobody : kOfKnown) && sources_[source] < kPerSource) {
    ++sources_[source];
    ++all;
    return true;
  }
  ++left_out_;
  if (left_out_of_.contains(source) || left_out_of_.size() < kSources) ++left_out_of_[source];
  return false;
}

void AuditLog::tick(Micros now, core::StoreBatch& batch) {
  if (now >= minute_ && now - minute_ < kMinute) return;
  minute_ = now;
  sources_.clear();
  nobody_ = known_ = 0;
  if (left_out_ == 0) return;
  const auto most = std::max_element(left_out_of_.begin(), left_out_of_.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  v1::AuditEntry entry;
  entry.set_actor("nobody");
  entry.set_act("refused.more");
  entry.set_outcome(v1::AuditEntry::refused);
  entry.set_detail(
      fmt::format("{} more attempts were refused or failed in the last minute, from {} sources; {} from {}",
                  left_out_, left_out_of_.size(), most == left_out_of_.end() ? 0 : most->second,
                  most == left_out_of_.end() ? "" : most->first));
  left_out_ = 0;
  left_out_of_.clear();
  write(std::move(entry), now, batch);
}

void AuditLog::write(v1::AuditEntry entry, Micros now, core::StoreBatch& batch) {
  entry.set_seq(++seq_);
  entry.set_at_us(now);
  entry.set_previous(head_);
  std::string body = entry.SerializeAsString();
  head_ = sha256(body);
  v1::AuditHead head;
  head.set_seq(seq_);
  head.set_hash(head_);
  batch.puts.push_back({"audit", "head", "", head.SerializeAsString()});
  batch.audit.push_back({seq_, now, std::move(body), head_});
}

}  // namespace diemcau::auth
