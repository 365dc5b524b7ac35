// The audit log's reading end.
#include "coordinator/auth/audit_reader.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "coordinator/auth/audit_log.hpp"

namespace diemcau::auth {
namespace {

constexpr std::size_t kPage = 500;  // well under 2 ms of hashing

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char byte : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return out;
}

struct Walk {
  AuditPages pages;
  std::function<AuditEnd()> end;
  AuditEnd least;
  std::function<void(Result<v1::AuditVerdict>)> done;
  AuditChain chain = {};
};

void step(const std::shared_ptr<Walk>& walk) {
  walk->pages(walk->chain.last(), kPage, [walk](Result<AuditRows> rows) {
    if (!rows) return walk->done(tl::unexpected(rows.error()));
    const bool more = walk->chain.feed(*rows);
    if (more && rows->size() == kPage) return step(walk);
    walk->chain.end(walk->least, walk->end());
    walk->done(walk->chain.verdict());
  });
}

}  // namespace

bool AuditChain::broken(std::uint64_t seq, const std::string& vi, const std::string& en) {
  broken_ = seq;
  reason_ = text(vi, en);
  return false;
}

bool AuditChain::feed(const AuditRows& rows) {
  for (const core::AuditRow& row : rows)
    if (!judge(row)) return false;
  return true;
}

bool AuditChain::judge(const core::AuditRow& row) {
  const std::uint64_t expected = seq_ + 1;
  if (row.seq != expected) {
    return broken(expected, fmt::format("thiếu mục {}: sau mục {} là mục {}", expected, seq_, row.seq),
                  fmt::format("entry {} is missing: {} is followed by {}", expected, seq_, row.seq));
  }
  v1::AuditEntry entry;
  if (!entry.ParseFromString(row.body) || entry.seq() != row.seq || entry.at_us() != row.at_us) {
    return broken(row.seq, fmt::format("mục {} không phải là mục đã ghi", row.seq),
                  fmt::format("entry {} is not what was written under this number", row.seq));
  }
  if (sha256(row.body) != row.hash) {
    return broken(row.seq, fmt::format("mục {} đã bị sửa: mã băm không khớp", row.seq),
                  fmt::format("entry {} was changed: its hash does not fit", row.seq));
  }
  if (entry.previous() != previous_) {
    return broken(
        row.seq, fmt::format("mục {} không nối với mục {}: một trong hai đã bị thay", row.seq, seq_),
        fmt::format("entry {} does not follow entry {}: one of the two was replaced", row.seq, seq_));
  }
  seq_ = row.seq;
  previous_ = row.hash;
  return true;
}

void AuditChain::end(const AuditEnd& least, const AuditEnd& most) {
  if (broken_ != 0) return;
  if (seq_ < least.seq) {
    broken(seq_ + 1, fmt::format("nhật ký kết thúc ở mục {}, lẽ ra phải tới mục {}", seq_, least.seq),
           fmt::format("entry {} is missing: the log ends at {} and should go on to {}", seq_ + 1, seq_,
                       least.seq));
  } else if (seq_ > most.seq) {
    broken(most.seq + 1, fmt::format("mục {} không phải do chương trình này ghi", most.seq + 1),
           fmt::format("entry {} was put in: the log was written up to {}", most.seq + 1, most.seq));
  } else if (seq_ == most.seq && previous_ != most.hash) {
    broken(seq_, fmt::format("mục cuối {} không phải là mục đã ghi", seq_),
           fmt::format("the newest entry {} is not the one that was written", seq_));
  }
}

v1::AuditVerdict AuditChain::verdict() const {
  v1::AuditVerdict out;
  out.set_whole(broken_ == 0);
  out.set_entries(seq_);
  out.set_newest(seq_);
  out.set_head(hex(previous_));
  out.set_broken_seq(broken_);
  *out.mutable_reason() = reason_;
  return out;
}

void verifyAudit(AuditPages pages, std::function<AuditEnd()> end,
                 std::function<void(Result<v1::AuditVerdict>)> done) {
  const AuditEnd least = end();
  step(std::make_shared<Walk>(Walk{std::move(pages), std::move(end), least, std::move(done)}));
}

}  // namespace diemcau::auth
