#include "coordinator/ctl/token_file.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <sstream>

#include "base/settings.hpp"

namespace diemcau::ctl {
namespace {

std::string pathOf(const Environment& environment) {
  std::string config = environment("XDG_CONFIG_HOME");
  if (config.empty() && !environment("HOME").empty()) config = environment("HOME") + "/.config";
  return config.empty() ? std::string() : config + "/diemcau/token";
}

std::string plain(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

// The lines of all other coordinators; `secret` becomes that of this one.
std::string others(const std::string& content, const std::string& url, std::string* secret) {
  std::istringstream lines(content);
  std::string kept;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t blank = line.find(' ');
    if (blank != std::string::npos && line.substr(0, blank) == plain(url)) {
      if (secret != nullptr) *secret = line.substr(blank + 1);
    } else if (!line.empty()) {
      kept += line + "\n";
    }
  }
  return kept;
}

}  // namespace

std::string tokenFor(const std::string& url, const Environment& environment) {
  if (std::string given = environment("DIEMCAU_TOKEN"); !given.empty()) return given;
  const std::string path = pathOf(environment);
  if (path.empty()) return {};
  const auto content = readFile(path);
  std::string secret;
  if (content) others(*content, url, &secret);
  return secret;
}

Done keepToken(const std::string& url, const std::string& secret, const Environment& environment) {
  const std::string path = pathOf(environment);
  if (path.empty())
    return fail(ErrorCode::kInvalid, "HOME is not set: there is no place to keep the sign-in",
                "chưa đặt HOME: không có nơi lưu phiên đăng nhập");
  const auto content = readFile(path);
  std::string lines = content ? others(*content, url, nullptr) : std::string();
  if (!secret.empty()) lines += plain(url) + " " + secret + "\n";
  if (lines.empty() && !content) return {};
  const auto folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  ::chmod(folder.c_str(), 0700);
  return writeFileAtomically(path, lines, 0600);
}

}  // namespace diemcau::ctl
