// See session_check.hpp.
#include "coordinator/core/session_check.hpp"

#include <fmt/format.h>
#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/feed_address.hpp"
#include "base/text.hpp"
#include "coordinator/core/session_papers.hpp"
#include "coordinator/core/session_phase.hpp"

namespace diemcau::core {
namespace {

using google::protobuf::util::MessageDifferencer;

constexpr Micros kLatest = 7'258'118'400 * kSecond;  // year 2200
constexpr int kMaxFeeds = 4, kMaxSittings = 20, kMaxLeads = 10, kMaxSelected = 40'000;
constexpr std::uint32_t kMaxLead = 7 * 24 * 3600;

tl::unexpected<Error> invalid(std::string en, std::string vi) {
  return fail(ErrorCode::kInvalid, std::move(en), std::move(vi));
}

Done checkTimes(const v1::Session& wish, v1::Session& out) {
  out.set_time_zone(wish.time_zone().empty() ? "Asia/Ho_Chi_Minh" : wish.time_zone());
  if (out.time_zone().size() > 64 || !knownZone(out.time_zone()))
    return invalid("time_zone is not known; an example is Asia/Ho_Chi_Minh",
                   "không có múi giờ này; ví dụ đúng: Asia/Ho_Chi_Minh");
  const Micros start = wish.scheduled_start_us(), end = wish.scheduled_end_us();
  if (start < 0 || start > kLatest)
    return invalid("scheduled_start_us is not a time from 1970 to 2200", "giờ bắt đầu không hợp lệ");
  if (end != 0 && (end <= start || end > kLatest))
    return invalid("scheduled_end_us is not after the start", "giờ kết thúc phải sau giờ bắt đầu");
  if (wish.auto_start() && start == 0)
    return invalid("auto_start needs scheduled_start_us", "tự bắt đầu thì phải có giờ bắt đầu");
  out.set_scheduled_start_us(start);
  out.set_scheduled_end_us(end);
  out.set_auto_start(wish.auto_start());
  out.set_arm_lead_s(wish.arm_lead_s() == 0 ? 120 : wish.arm_lead_s());
  if (out.arm_lead_s() < 10 || out.arm_lead_s() > 3600)
    return invalid(fmt::format("arm_lead_s is {}; 10 to 3600 is possible", out.arm_lead_s()),
                   fmt::format("arm_lead_s là {}; chỉ từ 10 đến 3600", out.arm_lead_s()));
  if (wish.rehearsal_leads_s_size() > kMaxLeads)
    return invalid("rehearsal_leads_s has more than 10 entries", "có hơn 10 lần chạy thử tự động");
  std::set<std::uint32_t, std::greater<>> leads(wish.rehearsal_leads_s().begin(),
                                                wish.rehearsal_leads_s().end());
  if (leads.empty()) leads = {3600, 900};
  for (const auto lead : leads) {
    if (lead > kMaxLead)
      return invalid("rehearsal_leads_s goes back more than 7 days", "chạy thử sớm hơn 7 ngày");
    out.add_rehearsal_leads_s(lead);
  }
  return {};
}

Done checkSittings(const v1::Session& wish, v1::Session& out) {
  if (wish.sittings_size() > kMaxSittings)
    return invalid("a session has at most 20 sittings", "một phiên có tối đa 20 buổi");
  std::set<std::string> ids;
  for (const auto& sitting : wish.sittings()) {
    if (!validId(sitting.id()) || !ids.insert(sitting.id()).second)
      return invalid("sitting id \"" + sitting.id().substr(0, 64) +
                         "\" is used twice or is not 1-64 characters of [A-Za-z0-9._-]",
                     "mã buổi bị trùng hoặc không hợp lệ");
    auto title = cleanText(sitting.title(), 200, "sitting title");
    if (!title) return tl::unexpected(title.error());
    if (sitting.starts_us() < 0 || sitting.starts_us() > kLatest || sitting.ends_us() > kLatest ||
        (sitting.ends_us() != 0 && sitting.ends_us() <= sitting.starts_us()))
      return invalid("sitting \"" + sitting.id() + "\" does not end after its start",
                     "buổi \"" + sitting.id() + "\" phải kết thúc sau khi bắt đầu");
    auto* added = out.add_sittings();
    added->set_id(sitting.id());
    added->set_title(title->empty() ? sitting.id() : *title);
    added->set_starts_us(sitting.starts_us());
    added->set_ends_us(sitting.ends_us());
  }
  if (out.sittings().empty()) {
    auto* added = out.add_sittings();
    added->set_id("main");
    added->set_title("Toàn phiên");
    added->set_starts_us(out.scheduled_start_us());
    added->set_ends_us(out.scheduled_end_us());
  }
  out.set_current_sitting_id(wish.current_sitting_id().empty() ? out.sittings(0).id()
                                                               : wish.current_sitting_id());
  if (findSitting(out, out.current_sitting_id()) == nullptr)
    return invalid("current_sitting_id names no sitting of this session",
                   "buổi hiện tại không có trong phiên");
  return {};
}

Done checkFeeds(const v1::Session& wish, v1::Session& out) {
  if (wish.feeds_size() > kMaxFeeds)
    return invalid("a session has at most 4 feeds", "một phiên có tối đa 4 luồng phát");
  std::set<std::string> ids;
  for (const auto& feed : wish.feeds()) {
    if (!validId(feed.id()) || !ids.insert(feed.id()).second)
      return invalid("feed id \"" + feed.id().substr(0, 64) +
                         "\" is used twice or is not 1-64 characters of [A-Za-z0-9._-]",
                     "mã luồng phát bị trùng hoặc không hợp lệ");
    if (const auto address = parseFeedAddress(feed.uri()); !address)
      return invalid("feed \"" + feed.id() + "\": " + address.error().text,
                     "luồng \"" + feed.id() +
                         "\": " + (address.error().vi.empty() ? address.error().text : address.error().vi));
    const auto size = feed.passphrase().size();
    if (size != 0 && (size < 10 || size > 79 || !validUtf8(feed.passphrase())))
      return invalid("feed \"" + feed.id() + "\": a passphrase has 10 to 79 characters",
                     "luồng \"" + feed.id() + "\": mật khẩu phải dài 10 đến 79 ký tự");
    auto* added = out.add_feeds();
    added->set_id(feed.id());
    added->set_uri(feed.uri());
    added->set_passphrase(feed.passphrase());
    if (v1::Depth_Name_IsValid(feed.depth())) added->set_depth(feed.depth());
  }
  return {};
}

Done checkProfile(const v1::Session& wish, v1::Session& out) {
  const auto& profile = wish.profile();
  static constexpr std::array<std::string_view, 5> kVideo{"", "h264", "h265", "mpeg2", "none"};
  static constexpr std::array<std::string_view, 6> kAudio{"", "aac", "mp2", "opus", "ac3", "none"};
  const auto bad = [](std::uint32_t value, std::uint32_t least, std::uint32_t most) {
    return value != 0 && (value < least || value > most);
  };
  const char* field = nullptr;
  if (std::find(kVideo.begin(), kVideo.end(), profile.video_codec()) == kVideo.end())
    field = "video_codec (h264, h265, mpeg2, none)";
  else if (std::find(kAudio.begin(), kAudio.end(), profile.audio_codec()) == kAudio.end())
    field = "audio_codec (aac, mp2, opus, ac3, none)";
  else if (profile.video_codec() == "none" && profile.audio_codec() == "none")
    field = "video_codec, audio_codec (none and none)";
  else if (bad(profile.width(), 16, 8192) || bad(profile.height(), 16, 8192))
    field = "width, height (16-8192)";
  else if (!std::isfinite(profile.fps()) ||
           (profile.fps() != 0 && (profile.fps() < 1 || profile.fps() > 120)))
    field = "fps (1-120)";
  else if (bad(profile.min_bitrate_kbps(), 1, 200'000) || bad(profile.max_bitrate_kbps(), 1, 200'000))
    field = "min_bitrate_kbps, max_bitrate_kbps (1-200000)";
  else if (profile.max_bitrate_kbps() != 0 && profile.min_bitrate_kbps() > profile.max_bitrate_kbps())
    field = "min_bitrate_kbps (above max_bitrate_kbps)";
  if (field != nullptr)
    return invalid(std::string("profile is out of range: ") + field,
                   std::string("thông số luồng sai: ") + field);
  auto mark = cleanText(profile.mark(), 64, "profile: mark");
  if (!mark) return tl::unexpected(mark.error());
  *out.mutable_profile() = profile;
  out.mutable_profile()->set_mark(*mark);
  out.mutable_profile()->DiscardUnknownFields();
  return {};
}

Done checkSelection(const v1::Session& wish, v1::Session& out) {
  const auto& from = wish.selection();
  auto& to = *out.mutable_selection();
  to.set_everyone(from.everyone());
  if (from.area_ids_size() + from.tags_size() + from.site_ids_size() + from.names_size() > kMaxSelected)
    return invalid("selection names more than 40,000 things", "lựa chọn điểm cầu quá dài");
  for (const auto& id : from.area_ids()) {
    if (!validId(id)) return invalid("selection: an area id is not valid", "mã địa bàn không hợp lệ");
    to.add_area_ids(id);
  }
  for (const auto& id : from.site_ids()) {
    if (!validId(id)) return invalid("selection: a site id is not valid", "mã điểm cầu không hợp lệ");
    to.add_site_ids(id);
  }
  const auto clean = [](const auto& texts, std::size_t most, const char* what, auto add) -> Done {
    for (const auto& one : texts) {
      auto cleaned = cleanText(one, most, what);
      if (!cleaned) return tl::unexpected(cleaned.error());
      add(std::move(*cleaned));
    }
    return {};
  };
  if (auto ok =
          clean(from.tags(), 40, "selection tag", [&](std::string tag) { to.add_tags(std::move(tag)); });
      !ok)
    return ok;
  return clean(from.names(), 200, "selection name", [&](std::string name) { to.add_names(std::move(name)); });
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

bool secretParameter(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kSecret{
      "passphrase", "password", "pass", "pwd", "token", "key", "secret", "signature", "auth"};
  const auto key = lower(name);
  return std::any_of(kSecret.begin(), kSecret.end(),
                     [&](std::string_view word) { return key.find(word) != std::string::npos; });
}

// What the past already decided. `too_late` names the first field that would change it.
const char* tooLate(const v1::Session& present, const v1::Session& wish) {
  if (present.phase() < v1::Phase::armed) return nullptr;
  if (present.scheduled_start_us() != wish.scheduled_start_us()) return "scheduled_start_us";
  if (present.auto_start() != wish.auto_start()) return "auto_start";
  if (present.arm_lead_s() != wish.arm_lead_s()) return "arm_lead_s";
  for (const auto& sitting : present.sittings())
    if (findSitting(wish, sitting.id()) == nullptr) return "sittings (one is missing)";
  if (present.phase() != v1::Phase::ended) return nullptr;
  if (!MessageDifferencer::Equals(present.selection(), wish.selection())) return "selection";
  if (!MessageDifferencer::Equals(present.profile(), wish.profile())) return "profile";
  if (present.feeds_size() != wish.feeds_size()) return "feeds";
  for (int i = 0; i < wish.feeds_size(); ++i)
    if (!MessageDifferencer::Equals(present.feeds(i), wish.feeds(i))) return "feeds";
  return nullptr;
}

}  // namespace

Result<v1::Session> checkedSession(const v1::Session& wish) {
  v1::Session out;
  if (!wish.id().empty() && !validId(wish.id()))
    return invalid("session id is not 1-64 characters of [A-Za-z0-9._-]", "mã phiên không hợp lệ");
  out.set_id(wish.id());
  auto title = cleanText(wish.title(), 200, "title");
  if (!title) return tl::unexpected(title.error());
  if (title->empty()) return invalid("title is empty: give the session a name", "chưa đặt tên phiên");
  out.set_title(std::move(*title));
  for (const auto check : {checkTimes, checkSittings, checkFeeds, checkProfile, checkSelection, checkPapers})
    if (auto ok = check(wish, out); !ok) return tl::unexpected(ok.error());
  return out;
}

Result<v1::Session> updatedSession(const v1::Session& present, const v1::Session& wish) {
  if (isFinal(present.phase())) {
    const auto now = phaseText(present.phase());
    return fail(ErrorCode::kConflict, "the session is " + now.en() + ": nothing of it can change any more",
                "phiên " + now.vi() + ", không thể thay đổi nữa");
  }
  v1::Session full = wish;
  for (auto& feed : *full.mutable_feeds())
    for (const auto& old : present.feeds())
      if (feed.id() == old.id() && feed.passphrase().empty() && shownUri(feed.uri()) == shownUri(old.uri()))
        feed = old;
  auto checked = checkedSession(full);
  if (!checked) return checked;
  if (const char* field = tooLate(present, *checked)) {
    const auto now = phaseText(present.phase());
    return fail(ErrorCode::kConflict,
                fmt::format("the session is {}: {} cannot change any more", now.en(), field),
                fmt::format("phiên {}: không thể thay đổi {} nữa", now.vi(), field));
  }
  v1::Session out = present;
  for (const char* field : {"title", "time_zone", "scheduled_start_us", "scheduled_end_us", "auto_start",
                            "arm_lead_s", "rehearsal_leads_s", "sittings", "feeds", "profile", "selection",
                            "current_sitting_id", "notes", "documents"})
    out.GetReflection()->ClearField(&out, out.GetDescriptor()->FindFieldByName(field));
  checked->clear_id();
  out.MergeFrom(*checked);
  return out;
}

Done schedulable(const v1::Session& session, Micros now) {
  if (session.feeds().empty())
    return invalid("the session has no feed: name at least the main one", "phiên chưa có luồng phát nào");
  if (session.auto_start() && session.scheduled_start_us() <= now)
    return invalid("auto_start is set, but the start is in the past", "giờ tự bắt đầu đã qua");
  return {};
}

std::string shownUri(std::string_view uri) {
  std::string out(uri);
  const auto scheme = out.find("://");
  if (scheme == std::string::npos) return out;
  const auto place = scheme + 3;
  const auto end = std::min(out.find_first_of("/?#", place), out.size());
  if (const auto at = out.rfind('@', end); at != std::string::npos && at >= place && at < end)
    out.erase(place, at - place + 1);
  const auto mark = out.find('?');
  if (mark == std::string::npos) return out;
  std::string query;
  std::string_view rest = std::string_view(out).substr(mark + 1);
  while (!rest.empty()) {
    const auto stop = std::min(rest.find('&'), rest.size());
    const auto pair = rest.substr(0, stop);
    rest.remove_prefix(std::min(stop + 1, rest.size()));
    if (secretParameter(pair.substr(0, pair.find('=')))) continue;
    query += query.empty() ? '?' : '&';
    query += pair;
  }
  return out.substr(0, mark) + query;
}

v1::Session withoutSecrets(const v1::Session& session) {
  v1::Session out = session;
  for (auto& feed : *out.mutable_feeds()) {
    feed.clear_passphrase();
    feed.set_uri(shownUri(feed.uri()));
  }
  return out;
}

const v1::Sitting* findSitting(const v1::Session& session, std::string_view sitting_id) {
  for (const auto& sitting : session.sittings())
    if (sitting.id() == sitting_id) return &sitting;
  return nullptr;
}

bool hasFeed(const v1::Session& session, std::string_view feed_id) {
  return std::any_of(session.feeds().begin(), session.feeds().end(),
                     [&](const v1::Feed& feed) { return feed.id() == feed_id; });
}

bool hasSite(const v1::Session& session, std::string_view site_id) {
  return std::binary_search(session.site_ids().begin(), session.site_ids().end(), site_id,
                            [](std::string_view a, std::string_view b) { return a < b; });
}

const v1::Waiver* findWaiver(const v1::Session& session, std::string_view site_id) {
  for (const auto& waiver : session.waivers())
    if (waiver.site_id() == site_id) return &waiver;
  return nullptr;
}

}  // namespace diemcau::core
