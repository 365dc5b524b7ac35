// See site_files.hpp. A message is kept behind the CRC of its bytes: half a message often parses, and would
// be believed.
#include "agent/spool/site_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "agent/spool/crc32c.hpp"
#include "base/json.hpp"

namespace diemcau::agent {
namespace {
constexpr std::size_t kMost = 64ULL << 20;
constexpr std::size_t kSum = 9;  // eight hex digits and a newline
}  // namespace

Result<std::string> SiteFiles::agentId() {
  return hexAt("agent_id", 32);
}
Result<std::string> SiteFiles::deskKey() {
  return hexAt("desk_key", 64);
}

Result<std::string> SiteFiles::hexAt(const char* name, std::size_t digits) {
  const auto path = fmt::format("{}/{}", dir_, name);
  const auto held = disk_.read(path, digits + 1);
  const auto text = held ? std::string_view(*held).substr(0, digits) : std::string_view();
  if (text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos)
    return std::string(text);
  std::string made;
  while (made.size() < digits) made += fmt::format("{:016x}", disk_.random());
  if (auto ok = disk_.replace(path, made + "\n"); !ok) return tl::unexpected(ok.error());
  return made;
}

template <class Message>
std::optional<Message> SiteFiles::read(const char* name) const {
  const auto bytes = disk_.read(dir_ + "/" + name, kMost);
  if (!bytes || bytes->size() < kSum) return std::nullopt;
  const auto body = std::string_view(*bytes).substr(kSum);
  Message message;
  if (bytes->substr(0, kSum) != fmt::format("{:08x}\n", crc32c(body)) || !parseLimited(body, message, kMost))
    return std::nullopt;
  return message;
}

template <class Message>
Done SiteFiles::write(const char* name, const Message& message) {
  const auto body = message.SerializeAsString();
  return disk_.replace(dir_ + "/" + name, fmt::format("{:08x}\n", crc32c(body)) + body);
}

std::optional<v1::Assignment> SiteFiles::assignment() const {
  return read<v1::Assignment>("assignment");
}
Done SiteFiles::saveAssignment(const v1::Assignment& assignment) {
  return write("assignment", assignment);
}
std::optional<v1::Status> SiteFiles::status() const {
  return read<v1::Status>("status");
}
Done SiteFiles::saveStatus(const v1::Status& status) {
  return write("status", status);
}
v1::RecordBatch SiteFiles::book() const {
  return read<v1::RecordBatch>("book").value_or(v1::RecordBatch());
}
Done SiteFiles::saveBook(const v1::RecordBatch& kept) {
  return write("book", kept);
}

std::optional<wire::ClockOffset::Saved> SiteFiles::clock() const {
  const auto text = disk_.read(dir_ + "/clock", 256);
  if (!text) return std::nullopt;
  wire::ClockOffset::Saved saved;
  long long wall = 0, offset = 0, error = 0;
  char end = 0;
  if (std::sscanf(text->c_str(), "%lld %lld %lld %lf%c", &wall, &offset, &error, &saved.drift_ppm, &end) !=
          5 ||
      end != '\n' || error < 0)
    return std::nullopt;
  saved.wall = wall;
  saved.wall_offset = offset;
  saved.error = error;
  return saved;
}

Done SiteFiles::saveClock(const wire::ClockOffset::Saved& saved) {
  return disk_.replace(dir_ + "/clock", fmt::format("{} {} {} {:.6f}\n", saved.wall, saved.wall_offset,
                                                    saved.error, saved.drift_ppm));
}

}  // namespace diemcau::agent
