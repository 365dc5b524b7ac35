// Settings from a TOML file into plain structs. Errors name the file, the line and the key; an unknown key is
// an error.
//
//   SettingsReader in(text, "coordinator.toml");
//   in.section("sites").value("listen", settings.listen).value("heartbeat_ms", settings.heartbeat_ms, 1000,
//   60000); if (auto ok = in.finish(); !ok) ...
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace diemcau {

class SettingsReader {
 public:
  // `text` is the file's content; `file` is named in errors.
  SettingsReader(std::string_view text, std::string file);
  ~SettingsReader();

  SettingsReader& section(std::string_view name);
  // Keeps the default already in `target` when the key is absent.
  SettingsReader& value(std::string_view key, std::string& target);
  SettingsReader& value(std::string_view key, bool& target);
  SettingsReader& value(std::string_view key, std::int64_t& target, std::int64_t least, std::int64_t most);
  SettingsReader& value(std::string_view key, std::vector<std::string>& target);

  // Every key that was asked for, "section.key", in order: the test of the shipped file compares them.
  const std::vector<std::string>& keys() const;

  // All faults found, one a line, or nothing. Keys that nobody asked for are faults.
  Done finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The whole file, at most 1 MiB.
Result<std::string> readFile(const std::string& path, std::size_t max_bytes = 1 << 20);
// Written beside it, fsynced, renamed over it, directory fsynced: all or nothing. Mode as given.
Done writeFileAtomically(const std::string& path, std::string_view content, unsigned mode = 0644);

// "host:port" with a numeric or bracketed IPv6 host; port 0-65535.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
  bool loopback() const;  // 127.0.0.0/8, ::1 or "localhost"
};
Result<ListenAddress> parseListen(std::string_view text);

}  // namespace diemcau
