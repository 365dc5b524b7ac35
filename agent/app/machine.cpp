// See machine.hpp.
#include "agent/app/machine.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <memory>

namespace diemcau::agent {
namespace {
constexpr Micros kReadEvery = 3 * kSecond;

// 0: the one to try first.
int rankOf(const sockaddr* address) {
  if (address->sa_family != AF_INET) return 2;
  const auto number = ntohl(reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr);
  const bool inside = number >> 24U == 10 || number >> 20U == 0xAC1 || number >> 16U == 0xC0A8;
  return inside ? 0 : 1;
}

std::string numericAddress(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address->sa_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, text.data(), text.size());
  } else if (address->sa_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
    if (!IN6_IS_ADDR_LINKLOCAL(&v6)) inet_ntop(AF_INET6, &v6, text.data(), text.size());
  }
  return text.data();
}

}  // namespace

std::vector<std::string> hallAddresses() {
  ifaddrs* all = nullptr;
  if (getifaddrs(&all) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owned(all, &freeifaddrs);
  std::vector<std::pair<int, std::string>> found;
  for (const auto* one = all; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || (one->ifa_flags & IFF_UP) == 0 || (one->ifa_flags & IFF_LOOPBACK) != 0)
      continue;
    if (auto text = numericAddress(one->ifa_addr); !text.empty())
      found.emplace_back(rankOf(one->ifa_addr), std::move(text));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> out;
  for (auto& [rank, text] : found) out.push_back(std::move(text));
  return out;
}

std::optional<Machine> MachineMeter::ticked(Micros steady) {
  if (last_tick_ != 0) {
    late_ += std::max<Micros>(0, steady - last_tick_ - period_);
    ++ticks_;
  }
  last_tick_ = steady;
  if (steady < read_due_) return std::nullopt;
  read_due_ = steady + kReadEvery;
  return read();
}

Machine MachineMeter::read() {
  Machine machine;
  struct statvfs disk {};
  if (::statvfs(dir_.c_str(), &disk) == 0) {
    machine.known = true;
    machine.disk_free = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  }
  if (ticks_ != 0) machine.late = late_ / ticks_;
  late_ = 0;
  ticks_ = 0;
  return machine;
}

}  // namespace diemcau::agent
