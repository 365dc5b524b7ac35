// Sites' keys, wired: the registry and the sealer behind the gateway, the API and the sites' listener.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "coordinator/api/api.hpp"
#include "coordinator/app/settings.hpp"
#include "coordinator/auth/sealer.hpp"
#include "coordinator/auth/site_registry.hpp"
#include "coordinator/gateway/gateway.hpp"
#include "net/server.hpp"

namespace diemcau::app {

class Enrolment {
 public:
  // Reads the coordinator's signing key, or makes it at the first start: signing.key beside the store, so
  // that a copy of the store alone can sign nothing.
  static Result<std::unique_ptr<Enrolment>> open(const Settings& settings, const Clock& clock,
                                                 const core::Core& core, auth::Audit audit);

  auth::SiteRegistry& registry() { return registry_; }
  const auth::Sealer::Counters& signatures() const { return sealer_.counters(); }
  gateway::SiteGuard guard();
  api::EnrolmentPorts ports();
  // Requests to the sites' listener: POST /enrol, and nothing else.
  void http(const net::HttpRequest& request, const net::Respond& respond, const api::Submit& submit);
  // What tokens tell, once the port is known.
  void listening(std::uint16_t port);

 private:
  Enrolment(const Settings& settings, const Clock& clock, const core::Core& core, SigningKey key,
            auth::Audit audit);

  const Settings& settings_;
  std::uint16_t port_ = 0;
  const Clock& clock_;
  auth::SiteRegistry registry_;
  auth::Sealer sealer_;
};

}  // namespace diemcau::app
