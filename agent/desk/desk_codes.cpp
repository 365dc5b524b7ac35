// See desk_codes.hpp.
#include "agent/desk/desk_codes.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "base/signing.hpp"

namespace diemcau::agent {
namespace {
constexpr std::uint64_t kCodes = 10'000'000'000'000'000ULL;
}

std::string DeskCodes::code(std::string_view session, std::string_view sitting,
                            std::string_view delegate) const {
  // Ids hold no '/'. HMAC's form, because SHA-256 alone can be continued by whoever sees a hash.
  const auto inner = sha256(key_ + fmt::format("/{}/{}/{}/{}", site_, session, sitting, delegate));
  const auto hash = sha256(key_ + "/outer/" + inner);
  std::uint64_t number = 0;
  for (int i = 0; i < 8; ++i)
    number = number << 8U | static_cast<unsigned char>(hash[static_cast<std::size_t>(i)]);
  return fmt::format("{:016}", number % kCodes);
}

std::optional<DeskCodes::Found> DeskCodes::find(std::string_view code, const v1::Plan& plan,
                                                const v1::SiteRoster& roster) const {
  for (const auto& sitting : plan.sittings())
    for (const auto& delegate : roster.delegates())
      if (equalSecrets(this->code(plan.session_id(), sitting.id(), delegate.id()), code))
        return Found{delegate.id(), sitting.id()};
  return std::nullopt;
}

}  // namespace diemcau::agent
