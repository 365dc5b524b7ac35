// See machine.hpp.
#include "agent/app/machine.hpp"

#include <sys/statvfs.h>

#include <algorithm>

namespace diemcau::agent {
namespace {
constexpr Micros kReadEvery = 3 * kSecond;
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
