// Numbered batches with a part in every table, and a reader that knows whether what it reads is whole: used
// by the tests and by the program that they kill.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "coordinator/store/store.hpp"

namespace diemcau::store {

inline constexpr int kRecordsPerBatch = 3;

inline v1::LedgerRecord ledgerRecord(const std::string& site, const std::string& id, std::uint64_t number) {
  v1::LedgerRecord out;
  out.set_site_id(site);
  out.set_epoch(0xfedcba9876543210);  // an epoch uses all 64 bits
  out.set_received_us(1'700'000'000'000'000 + static_cast<std::int64_t>(number));
  out.mutable_record()->set_id(id);
  out.mutable_record()->set_number(number);
  out.mutable_record()->set_session_id("s");
  out.mutable_record()->mutable_headcount()->set_note(std::string("zero\0inside", 11));
  return out;
}

inline core::StoreBatch batchOf(std::uint64_t number, std::size_t extra_bytes = 0) {
  core::StoreBatch batch;
  batch.puts.push_back({"batch", std::to_string(number), "s", std::string(extra_bytes, 'x')});
  for (int i = 0; i < kRecordsPerBatch; ++i)
    batch.records.push_back(ledgerRecord("site", std::to_string(number) + "-" + std::to_string(i), number));
  v1::TimelineEntry entry;
  entry.set_seq(number);
  entry.set_at_us(static_cast<std::int64_t>(number));
  batch.timeline.push_back(entry);
  return batch;
}

class Content final : public Reader {
 public:
  bool object(std::string_view kind, std::string_view id, std::string_view body) override {
    objects.emplace(std::string(kind) + "/" + std::string(id), body);
    return kind != refused_kind;
  }
  void record(const v1::LedgerRecord& record) override { records.push_back(record); }
  void timeline(const v1::TimelineEntry& entry) override { entries.push_back(entry); }

  // How many batches are there, 1 and up without a gap; -1 when one is there in part.
  long wholeBatches() const {
    std::map<std::uint64_t, int> parts;
    for (const auto& record : records) ++parts[record.record().number()];
    const std::size_t count = entries.size();
    if (parts.size() != count || objects.size() != count) return -1;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t number = i + 1;
      if (entries[i].seq() != number || parts[number] != kRecordsPerBatch) return -1;
      if (!objects.contains("batch/" + std::to_string(number))) return -1;
    }
    return static_cast<long>(count);
  }

  std::map<std::string, std::string> objects;
  std::vector<v1::LedgerRecord> records;
  std::vector<v1::TimelineEntry> entries;
  std::string refused_kind;
};

}  // namespace diemcau::store
