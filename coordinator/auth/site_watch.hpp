// What is reported of strangers at the sites' door. Whoever knocks a thousand times is one entry a minute, so
// that nobody can fill the audit log from outside.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "base/time.hpp"
#include "diemcau/v1/audit.pb.h"

namespace diemcau::auth {

using Audit = std::function<void(v1::AuditEntry)>;

class SiteWatch {
 public:
  explicit SiteWatch(Audit audit) : audit_(std::move(audit)) {}
  // An act of the site itself, or of a stranger in its name.
  void done(const std::string& act, const std::string& site_id, const std::string& address,
            const std::string& detail, Micros now);
  void refused(const std::string& act, const std::string& site_id, const std::string& address,
               const std::string& detail, Micros now);

 private:
  void tell(v1::AuditEntry::Outcome outcome, const std::string& actor, const std::string& act,
            const std::string& site_id, const std::string& address, const std::string& detail, Micros now);

  Audit audit_;
  struct Seen {
    Micros at = 0;
    std::uint64_t more = 0;  // not told since
  };
  std::map<std::string, Seen> seen_;
};

}  // namespace diemcau::auth
