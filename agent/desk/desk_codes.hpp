// Check-in codes of delegates: sixteen digits for each delegate and sitting of this site, printed as QR.
// Pure.
//
// A code is a keyed hash over (site, session, sitting, delegate), with a key that never leaves this site: one
// that was photographed is worth nothing at another site or in another sitting. Digits only, because a
// scanner types: an input method that makes đ out of dd leaves them as they are.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "diemcau/v1/assignment.pb.h"

namespace diemcau::agent {

class DeskCodes {
 public:
  DeskCodes(std::string key, std::string site_id) : key_(std::move(key)), site_(std::move(site_id)) {}

  std::string code(std::string_view session, std::string_view sitting, std::string_view delegate) const;

  // Whose code this is, in any sitting of the session.
  struct Found {
    std::string delegate_id, sitting_id;
  };
  std::optional<Found> find(std::string_view code, const v1::Plan& plan, const v1::SiteRoster& roster) const;

 private:
  std::string key_, site_;
};

}  // namespace diemcau::agent
