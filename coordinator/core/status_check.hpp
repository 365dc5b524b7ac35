// A status as a site sent it, made harmless: bounded, cleaned, without what nobody knows. Sites may be broken
// or hostile, and what they say is kept in memory and shown on screens. Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "diemcau/v1/common.pb.h"
#include "diemcau/v1/status.pb.h"

namespace diemcau::core {

constexpr int kMaxHealth = 8, kMaxChecks = 32, kMaxConditions = 32, kMaxReceipts = 64;
constexpr std::size_t kMaxSentence = 500;

// `known(session_id)`: sessions that this site may speak of; another one is taken out.
void cleanStatus(v1::Status& status, const std::function<bool(const std::string&)>& known);

// Text from outside for a screen: cleaned, cut where it is too long, empty where it is not text.
std::string cleanSentence(std::string_view text, std::size_t most = kMaxSentence);
v1::Text cleanSentence(const v1::Text& text);

// The same feeds with the same conditions.
bool sameHealth(const v1::Status& a, const v1::Status& b);

}  // namespace diemcau::core
