// See proof.hpp.
#include "wire/proof.hpp"

#include <initializer_list>

namespace diemcau::wire {
namespace {

void appendNumber(std::string& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8)
    out += static_cast<char>((value >> static_cast<unsigned>(shift)) & 0xffU);
}

std::string joined(std::string_view kind, std::initializer_list<std::string_view> parts) {
  std::string out;
  appendNumber(out, kind.size());
  out += kind;
  for (const std::string_view part : parts) {
    appendNumber(out, part.size());
    out += part;
  }
  return out;
}

std::string number(std::uint64_t value) {
  std::string out;
  appendNumber(out, value);
  return out;
}

}  // namespace

std::string helloProof(const v1::Hello& hello, std::string_view nonce, std::string_view fingerprint) {
  return joined("diemcau.v1 site hello",
                {nonce, hello.site_id(), hello.agent_id(), number(hello.epoch()), fingerprint});
}

std::string enrolProof(std::string_view site_id, std::string_view secret_hash, std::string_view public_key) {
  return joined("diemcau.v1 site enrol", {site_id, secret_hash, public_key});
}

std::string planProof(std::string_view plan, Micros expires) {
  return joined("diemcau.v1 plan", {number(static_cast<std::uint64_t>(expires)), plan});
}

std::string ownProof(std::string_view site_id, std::string_view own, Micros expires) {
  return joined("diemcau.v1 own part", {site_id, number(static_cast<std::uint64_t>(expires)), own});
}

std::string rosterProof(std::string_view site_id, std::string_view roster, Micros expires) {
  return joined("diemcau.v1 site roster", {site_id, number(static_cast<std::uint64_t>(expires)), roster});
}

}  // namespace diemcau::wire
