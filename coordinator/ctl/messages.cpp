#include "coordinator/ctl/messages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/settings.hpp"

namespace diemcau::ctl {
namespace {

constexpr std::size_t kMaxFile = 32 * 1024 * 1024;
constexpr const char* kDefaultZone = "Asia/Ho_Chi_Minh";

bool number(std::string_view text, double& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= 0;
}

bool whole(std::string_view text, std::uint32_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

// "id=value" in two.
bool split(const std::string& text, std::string& id, std::string& value) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) return false;
  id = text.substr(0, equals);
  value = text.substr(equals + 1);
  return true;
}

tl::unexpected<Error> notAPair(const char* option, const std::string& text, const char* example) {
  return fail(ErrorCode::kInvalid, fmt::format("{} {}: an example is {} {}", option, text, option, example),
              fmt::format("{} {}: ví dụ đúng là {} {}", option, text, option, example));
}

std::string two(std::string_view text) {
  return text.size() == 1 ? "0" + std::string(text) : std::string(text);
}

// dd/MM/yyyy HH:mm as yyyy-MM-dd HH:mm, which parseTime knows; anything else as it is.
std::string isoOrder(const std::string& text) {
  const std::size_t first = text.find('/');
  const std::size_t second = first == std::string::npos ? first : text.find('/', first + 1);
  if (second == std::string::npos) return text;
  const std::size_t blank = std::min(text.find(' ', second), text.size());
  const std::string year = text.substr(second + 1, blank - second - 1);
  return year + "-" + two(text.substr(first + 1, second - first - 1)) + "-" + two(text.substr(0, first)) +
         text.substr(blank);
}

bool clockOnly(const std::string& text) {
  return text.size() >= 4 && text.size() <= 5 && text.find(':') != std::string::npos &&
         text.find_first_not_of("0123456789:") == std::string::npos;
}

// The next time that the clock in the zone shows this.
Result<Micros> nextClock(const std::string& text, const std::string& zone, Micros now) {
  for (const Micros day : {Micros{0}, 24 * kHour}) {
    const std::string date = formatLocal(now + day, zone).substr(0, 10);
    auto at = parseTime(isoOrder(date) + " " + (text.size() == 4 ? "0" + text : text), zone);
    if (!at || *at > now) return at;
  }
  return now;
}

Done applyFeeds(const SessionArguments& edit, v1::Session& session) {
  std::string id, value;
  if (!edit.feeds.empty()) session.clear_feeds();
  for (const std::string& text : edit.feeds) {
    if (!split(text, id, value)) return notAPair("--feed", text, "main=srt://192.0.2.10:7001");
    v1::Feed& feed = *session.add_feeds();
    feed.set_id(id);
    feed.set_uri(value);
  }
  for (const std::string& text : edit.passphrases) {
    if (!split(text, id, value)) return notAPair("--passphrase-file", text, "main=secret.txt");
    auto secret = readFile(value, 4096);
    if (!secret) return tl::unexpected(secret.error());
    while (!secret->empty() && (secret->back() == '\n' || secret->back() == '\r')) secret->pop_back();
    const auto feed = std::find_if(session.mutable_feeds()->begin(), session.mutable_feeds()->end(),
                                   [&](const v1::Feed& one) { return one.id() == id; });
    if (feed == session.mutable_feeds()->end()) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("--passphrase-file names the feed \"{}\", which --feed does not", id),
                  fmt::format("--passphrase-file nêu luồng \"{}\" nhưng --feed không có", id));
    }
    feed->set_passphrase(*secret);
  }
  return {};
}

Done applySittings(const SessionArguments& edit, v1::Session& session) {
  if (!edit.sittings.empty()) session.clear_sittings();
  std::string id, title;
  for (const std::string& text : edit.sittings) {
    if (!split(text, id, title)) return notAPair("--sitting", text, "morning=\"Buổi sáng\"");
    v1::Sitting& sitting = *session.add_sittings();
    sitting.set_id(id);
    sitting.set_title(title);
  }
  return {};
}

Done applyTimes(const SessionArguments& edit, Micros now, v1::Session& session) {
  if (edit.zone) session.set_time_zone(*edit.zone);
  const std::string zone = session.time_zone().empty() ? kDefaultZone : session.time_zone();
  if (edit.start) {
    const auto at = readWhen(*edit.start, zone, now);
    if (!at) return tl::unexpected(at.error());
    session.set_scheduled_start_us(*at);
  }
  if (edit.end) {
    const auto at = readWhen(*edit.end, zone, std::max(now, session.scheduled_start_us()));
    if (!at) return tl::unexpected(at.error());
    session.set_scheduled_end_us(*at);
  }
  return {};
}

}  // namespace

Result<Micros> readWhen(const std::string& text, const std::string& zone, Micros now) {
  if (text.size() > 2 && text.front() == '+') {
    std::uint32_t count = 0;
    const Micros unit = text.back() == 's'   ? kSecond
                        : text.back() == 'm' ? kMinute
                        : text.back() == 'h' ? kHour
                                             : 0;
    if (unit != 0 && whole(std::string_view(text).substr(1, text.size() - 2), count))
      return now + count * unit;
  } else if (clockOnly(text)) {
    return nextClock(text, zone, now);
  }
  auto at = parseTime(isoOrder(text), zone);
  if (at || at.error().text.find("zone") != std::string::npos) return at;
  return fail(
      ErrorCode::kInvalid,
      fmt::format(
          "\"{}\" is not a time; examples: 08:00, \"01/03/2026 08:00\", 2026-03-01T08:00:00+07:00, +15m",
          text),
      fmt::format(
          "\"{}\" không phải thời gian; ví dụ: 08:00, \"01/03/2026 08:00\", 2026-03-01T08:00:00+07:00, +15m",
          text));
}

Result<v1::Profile> readProfile(const std::string& text) {
  v1::Profile profile;
  const auto wrong = [&](std::string_view part) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("\"{}\" in --expect is not understood; an example is 1280x720@25,h264,aac,500-6000kbps",
                    part),
        fmt::format("không hiểu \"{}\" trong --expect; ví dụ: 1280x720@25,h264,aac,500-6000kbps", part));
  };
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    const std::string_view part = std::string_view(text).substr(from, comma - from);
    from = comma + 1;
    const std::size_t cross = part.find('x');
    std::uint32_t first = 0, second = 0;
    double fps = 0;
    if (part == "h264" || part == "h265" || part == "mpeg2") {
      profile.set_video_codec(std::string(part));
    } else if (part == "aac" || part == "mp2" || part == "opus" || part == "ac3") {
      profile.set_audio_codec(std::string(part));
    } else if (part == "video=none") {
      profile.set_video_codec("none");
    } else if (part == "audio=none") {
      profile.set_audio_codec("none");
    } else if (part.starts_with("mark=") && part.size() > 5) {
      profile.set_mark(std::string(part.substr(5)));
    } else if (part.ends_with("kbps")) {
      const std::string_view range = part.substr(0, part.size() - 4);
      const std::size_t dash = range.find('-');
      if (dash == std::string_view::npos || !whole(range.substr(0, dash), first) ||
          !whole(range.substr(dash + 1), second) || first > second) {
        return wrong(part);
      }
      profile.set_min_bitrate_kbps(first);
      profile.set_max_bitrate_kbps(second);
    } else if (cross != std::string_view::npos || part.starts_with('@')) {
      const std::size_t at = std::min(part.find('@'), part.size());
      if (at < part.size() && !number(part.substr(at + 1), fps)) return wrong(part);
      if (at > 0 && (cross > at || !whole(part.substr(0, cross), first) ||
                     !whole(part.substr(cross + 1, at - cross - 1), second))) {
        return wrong(part);
      }
      profile.set_width(first);
      profile.set_height(second);
      profile.set_fps(fps);
    } else {
      return wrong(part);
    }
  }
  return profile;
}

v1::Selection selectionOf(const SelectionArguments& given) {
  v1::Selection selection;
  selection.set_everyone(given.everyone);
  for (const auto& id : given.areas) selection.add_area_ids(id);
  for (const auto& tag : given.tags) selection.add_tags(tag);
  for (const auto& id : given.sites) selection.add_site_ids(id);
  for (const auto& name : given.names) selection.add_names(name);
  return selection;
}

Done applyEdit(const SessionArguments& edit, Micros now, v1::Session& session) {
  if (edit.title) session.set_title(*edit.title);
  if (auto ok = applyTimes(edit, now, session); !ok) return ok;
  if (auto ok = applyFeeds(edit, session); !ok) return ok;
  if (auto ok = applySittings(edit, session); !ok) return ok;
  if (edit.expect) {
    auto profile = readProfile(*edit.expect);
    if (!profile) return tl::unexpected(profile.error());
    *session.mutable_profile() = std::move(*profile);
  }
  if (edit.auto_start) session.set_auto_start(*edit.auto_start);
  if (edit.arm_lead) session.set_arm_lead_s(*edit.arm_lead);
  if (!edit.rehearse_leads.empty()) {
    session.clear_rehearsal_leads_s();
    for (const std::uint32_t lead : edit.rehearse_leads) session.add_rehearsal_leads_s(lead);
  }
  if (edit.notes) session.set_notes(*edit.notes);
  if (!edit.documents.empty()) session.clear_documents();
  std::string title, url;
  for (const std::string& given : edit.documents) {
    if (!split(given, title, url))
      return notAPair("--document", given, "\"Chương trình\"=https://vanban.example/a.pdf");
    auto& document = *session.add_documents();
    document.set_title(title);
    document.set_url(url);
  }
  if (edit.current_sitting) session.set_current_sitting_id(*edit.current_sitting);
  if (edit.selection.any()) *session.mutable_selection() = selectionOf(edit.selection);
  return {};
}

Result<v1::Session> newSession(const SessionArguments& edit, Micros now) {
  v1::Session session;
  if (auto ok = applyEdit(edit, now, session); !ok) return tl::unexpected(ok.error());
  return session;
}

Result<v1::RosterImport> rosterImport(const std::vector<std::string>& files, bool dry_run) {
  v1::RosterImport import;
  import.set_dry_run(dry_run);
  for (const std::string& path : files) {
    auto content = readFile(path, kMaxFile);
    if (!content) return tl::unexpected(content.error());
    auto& file = *import.add_files();
    file.set_name(std::filesystem::path(path).filename().string());
    file.set_content(std::move(*content));
  }
  return import;
}

Result<v1::SendText> sendText(const Arguments& arguments) {
  if (arguments.session.empty() && !arguments.selection.any()) {
    return fail(ErrorCode::kInvalid, "to whom? Give --session, --area, --site or --everyone",
                "gửi cho ai? Hãy ghi --session, --area, --site hoặc --everyone");
  }
  v1::SendText message;
  message.set_session_id(arguments.session);
  message.set_text(arguments.text);
  if (arguments.selection.any()) *message.mutable_selection() = selectionOf(arguments.selection);
  return message;
}

v1::CheckAgain checkAgain(const Arguments& arguments) {
  v1::CheckAgain message;
  message.set_session_id(arguments.id);
  for (const auto& id : arguments.sites) message.add_site_ids(id);
  return message;
}

Result<v1::PinFeed> pinFeed(const Arguments& arguments) {
  if (arguments.feed.empty() != arguments.automatic) {
    return fail(ErrorCode::kInvalid, "give either --feed FEED or --auto", "hãy ghi --feed LUỒNG hoặc --auto");
  }
  v1::PinFeed message;
  for (const auto& id : arguments.sites) message.add_site_ids(id);
  message.set_feed_id(arguments.feed);
  return message;
}

Result<v1::EnterAttendance> enterAttendance(const Arguments& arguments) {
  if (!arguments.corrects.empty() && arguments.reason.empty()) {
    return fail(ErrorCode::kInvalid, "a correction needs --reason", "khi sửa số liệu phải ghi --reason");
  }
  v1::EnterAttendance message;
  message.set_session_id(arguments.id);
  message.set_site_id(arguments.site);
  message.set_sitting_id(arguments.sitting);
  message.set_corrects_id(arguments.corrects);
  message.set_reason(arguments.reason);
  v1::Headcount& count = *message.mutable_headcount();
  count.set_present(arguments.present);
  count.set_online(arguments.online);
  count.set_excused(arguments.excused);
  count.set_absent(arguments.absent);
  count.set_note(arguments.note);
  return message;
}

}  // namespace diemcau::ctl
