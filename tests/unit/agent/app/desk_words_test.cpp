// What `diemcau-agent desk status` and `messages` print.
#include "agent/app/desk_client.hpp"
#include "agent/desk/desk_state.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/agent/desk/desk_site.hpp"

using namespace diemcau;
using namespace diemcau::agent;
using namespace diemcau::test;

namespace {
bool has(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}
}  // namespace

TEST_CASE("the state in words, in both languages") {
  DeskSite site;
  v1::Record record;
  record.set_id("r1");
  record.set_session_id("s1");
  record.set_sitting_id("sang");
  record.set_by("Dung");
  record.mutable_headcount()->set_present(57);
  REQUIRE(site.append(record));
  v1::HealthSample sample;
  sample.set_feed_id("main");
  sample.set_connected(true);
  sample.set_bitrate_kbps(4100);
  sample.mutable_video()->set_codec("h264");
  sample.mutable_video()->set_width(1920);
  sample.mutable_video()->set_height(1080);
  sample.add_conditions(v1::Condition::black);
  site.follower.sample(sample, site.now);

  const auto json = deskState(site.view(), {});
  const auto vi = describeState(json, false), en = describeState(json, true);
  for (const auto* part :
       {"T01 - Phường Đống Đa", "Đã kết nối trung tâm", "chờ phát lệnh", "01/03/2026 08:10:00", "10:00",
        "1920x1080", "Hình đen", "57 có mặt", "Chưa gửi về trung tâm (đã lưu): 1", "Tin nhắn chưa đọc: 1"}) {
    CAPTURE(part, vi);
    CHECK(has(vi, part));
  }
  for (const auto* part : {"Connected to the centre", "waiting for GO", "The picture is black", "57 present",
                           "Unread messages: 1"})
    CHECK(has(en, part));
}

TEST_CASE("messages in words") {
  DeskSite site;
  CHECK(has(describeMessages(deskState(site.view(), {}), false), "Kiểm tra micrô"));
  const Follower nobody;
  auto view = site.view();
  view.follower = &nobody;
  CHECK(has(describeMessages(deskState(view, {}), false), "Chưa có tin nhắn"));
  CHECK(has(describeState(deskState(view, {}), true), "No session yet"));
}

TEST_CASE("an answer that is not the desk's ends in a sentence, not in a crash") {
  CHECK_FALSE(describeState("<html>", false).empty());
  CHECK_FALSE(describeMessages("[]", true).empty());
}
