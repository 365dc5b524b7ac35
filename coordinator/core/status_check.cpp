// See status_check.hpp.
#include "coordinator/core/status_check.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "coordinator/core/readiness.hpp"

namespace diemcau::core {
namespace {

template <class Repeated>
void cut(Repeated& items, int most) {
  if (items.size() > most) items.erase(items.begin() + most, items.end());
}

double finite(double value) {
  return std::isfinite(value) ? value : 0;
}

// What a newer version says besides, or a hostile one: each message that a status is made of is asked, which
// is quicker than a walk over all fields.
template <class Message>
void forgetUnknown(Message& message) {
  static const auto* const reflection = message.GetReflection();  // the same for all of a kind
  if (!reflection->GetUnknownFields(message).empty()) reflection->MutableUnknownFields(&message)->Clear();
}

// What cleanSentence() would leave as it is, as nearly all names are: thousands are looked at a second.
bool isClean(std::string_view name, std::size_t most) {
  return name.size() <= most && !name.starts_with(' ') && !name.ends_with(' ') &&
         std::all_of(name.begin(), name.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

void tidy(v1::Text* text) {
  *text = cleanSentence(*text);
}

void cleanSample(v1::HealthSample& sample) {
  forgetUnknown(sample);
  if (!validId(sample.feed_id())) sample.clear_feed_id();
  sample.set_t_s(finite(sample.t_s()));
  sample.set_rtt_ms(finite(sample.rtt_ms()));
  sample.set_jitter_ms(finite(sample.jitter_ms()));
  sample.set_av_skew_ms(finite(sample.av_skew_ms()));
  cut(*sample.mutable_conditions(), kMaxConditions);
  auto& conditions = *sample.mutable_conditions();
  conditions.erase(std::remove_if(conditions.begin(), conditions.end(),
                                  [](int name) { return name == 0 || !v1::Condition_Name_IsValid(name); }),
                   conditions.end());
  if (sample.has_problem()) tidy(sample.mutable_problem());
  if (sample.has_video()) {
    auto& video = *sample.mutable_video();
    forgetUnknown(video);
    if (!isClean(video.codec(), 20)) video.set_codec(cleanSentence(video.codec(), 20));
    video.set_fps(finite(video.fps()));
    video.set_luma(finite(video.luma()));
    video.set_motion(finite(video.motion()));
  }
  if (sample.has_audio()) {
    auto& audio = *sample.mutable_audio();
    forgetUnknown(audio);
    if (!isClean(audio.codec(), 20)) audio.set_codec(cleanSentence(audio.codec(), 20));
    audio.set_rms_dbfs(finite(audio.rms_dbfs()));
    audio.set_quiet_s(finite(audio.quiet_s()));
    audio.set_zero_s(finite(audio.zero_s()));
    audio.set_lufs(finite(audio.lufs()));
    audio.set_peak_dbfs(finite(audio.peak_dbfs()));
    audio.set_loudest_lufs(finite(audio.loudest_lufs()));
    audio.set_clipped(finite(audio.clipped()));
  }
  if (sample.has_mark()) {
    auto& mark = *sample.mutable_mark();
    forgetUnknown(mark);
    mark.set_briefing(cleanSentence(mark.briefing(), 64));
    mark.set_delay_ms(finite(mark.delay_ms()));
    mark.set_error_ms(finite(mark.error_ms()));
  }
}

void cleanReadiness(v1::Readiness& readiness) {
  forgetUnknown(readiness);
  if (!v1::Readiness_Verdict_IsValid(readiness.verdict())) readiness.set_verdict(v1::Readiness::not_checked);
  auto& checks = *readiness.mutable_checks();
  cut(checks, kMaxChecks);
  int kept = 0;
  for (int i = 0; i < checks.size(); ++i) {
    auto& check = checks[i];
    forgetUnknown(check);
    if (!v1::Check_Kind_IsValid(check.kind()) || check.kind() == v1::Check::unknown ||
        !v1::Check_Verdict_IsValid(check.verdict()) ||
        std::any_of(checks.begin(), checks.begin() + kept,
                    [&](const auto& one) { return one.kind() == check.kind(); }))
      continue;
    if (check.has_reason()) tidy(check.mutable_reason());
    if (!isClean(check.by(), 100)) check.set_by(cleanSentence(check.by(), 100));
    if (kept != i) checks.SwapElements(kept, i);
    ++kept;
  }
  cut(checks, kept);
}

}  // namespace

std::string cleanSentence(std::string_view sentence, std::size_t most) {
  if (sentence.empty()) return {};
  if (auto clean = cleanText(sentence.substr(0, most * 16), most, "text")) return *clean;
  // Too long, or not UTF-8: keep whole characters of what fits.
  std::string_view part = sentence.substr(0, most);
  for (int i = 0; i < 4 && !part.empty() && !validUtf8(part); ++i) part.remove_suffix(1);
  auto clean = cleanText(part, most, "text");
  return clean ? *clean : std::string();
}

v1::Text cleanSentence(const v1::Text& sentence) {
  return text(cleanSentence(sentence.vi()), cleanSentence(sentence.en()));
}

void cleanStatus(v1::Status& status, const std::function<bool(const std::string&)>& known) {
  forgetUnknown(status);
  if (!v1::SitePhase_Name_IsValid(status.phase())) status.set_phase(v1::SitePhase::idle);
  if (status.session_id().empty() || !known(status.session_id())) {
    // What it says of a session that it has no part in is nobody's.
    status.clear_session_id();
    status.clear_readiness();
    status.clear_started_us();
    status.clear_start_error_us();
  }
  if (status.has_problem()) tidy(status.mutable_problem());
  if (!validId(status.active_feed_id())) status.clear_active_feed_id();
  if (status.has_readiness()) {
    status.mutable_readiness()->set_session_id(status.session_id());
    cleanReadiness(*status.mutable_readiness());
  }
  cut(*status.mutable_health(), kMaxHealth);
  for (auto& sample : *status.mutable_health()) cleanSample(sample);
  if (status.has_clock()) forgetUnknown(*status.mutable_clock());
  cut(*status.mutable_received_text_ids(), kMaxReceipts);
  status.clear_thumbnail();  // kept apart, and in no view
  for (auto& id : *status.mutable_received_text_ids())
    if (!validId(id)) id = std::string();
}

bool sameHealth(const v1::Status& a, const v1::Status& b) {
  return a.session_id() == b.session_id() && a.health_size() == b.health_size() &&
         a.clock().known() == b.clock().known() &&
         std::equal(a.health().begin(), a.health().end(), b.health().begin(),
                    [](const v1::HealthSample& x, const v1::HealthSample& y) {
                      return x.feed_id() == y.feed_id() &&
                             std::equal(x.conditions().begin(), x.conditions().end(), y.conditions().begin(),
                                        y.conditions().end());
                    });
}

}  // namespace diemcau::core
