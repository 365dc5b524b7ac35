// What may be tested at the centre, and what is said of it.
#include "coordinator/core/feed_test.hpp"

#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

using Conditions = std::vector<v1::Condition::Name>;

std::vector<v1::HealthSample> seconds(const std::vector<std::pair<bool, Conditions>>& rows) {
  std::vector<v1::HealthSample> out;
  for (const auto& [connected, conditions] : rows) {
    v1::HealthSample sample;
    sample.set_t_s(static_cast<double>(out.size()) + 1);
    sample.set_connected(connected);
    sample.set_bitrate_kbps(connected ? 2'000 : 0);
    for (const auto condition : conditions) sample.add_conditions(condition);
    if (!connected)
      sample.mutable_problem()->set_en("refused"), sample.mutable_problem()->set_vi("bị từ chối");
    out.push_back(std::move(sample));
  }
  return out;
}

TEST_CASE("a feed is judged by what it is once it is joined") {
  using C = v1::Condition;
  struct Row {
    const char* what;
    std::vector<std::pair<bool, Conditions>> samples;
    v1::FeedTestReport::Verdict verdict;
    Conditions conditions;
    const char* says;
  };
  const std::pair<bool, Conditions> away{false, {C::no_signal}}, good{true, {}}, black{true, {C::black}},
      joining{true, {C::no_video}};
  for (const Row& row : std::vector<Row>{
           {"nothing at all", {away, away, away}, v1::FeedTestReport::bad, {C::no_signal}, "refused"},
           {"no sample", {}, v1::FeedTestReport::bad, {}, "nothing was received from this address"},
           {"good",
            {away, joining, joining, good, good, good},
            v1::FeedTestReport::good,
            {},
            "the feed is good"},
           {"black to its end",
            {away, good, good, good, black, black, black},
            v1::FeedTestReport::bad,
            {C::black},
            nullptr},
           {"black for a second",
            {good, good, good, black, good, good},
            v1::FeedTestReport::doubtful,
            {},
            "not steady"},
           {"gone at the end",
            {good, good, good, good, away},
            v1::FeedTestReport::bad,
            {C::no_signal},
            nullptr},
           {"one second alone", {away, joining}, v1::FeedTestReport::bad, {C::no_video}, nullptr}}) {
    INFO(row.what);
    const auto report = judgeFeedTest(seconds(row.samples));
    CHECK(report.verdict() == row.verdict);
    Conditions conditions;
    for (const int one : report.conditions()) conditions.push_back(static_cast<C::Name>(one));
    CHECK(conditions == row.conditions);
    CHECK_FALSE(report.text().vi().empty());
    if (row.says != nullptr) CHECK(report.text().en().find(row.says) != std::string::npos);
  }
  const auto good_one = judgeFeedTest(seconds({away, joining, joining, good, good}));
  CHECK(good_one.seconds() == 2);
  CHECK(good_one.good_seconds() == 2);
  CHECK(good_one.mean_kbps() == 2'000);
}

v1::FeedTest of(const std::string& uri, std::uint32_t seconds = 0) {
  v1::FeedTest out;
  out.mutable_feed()->set_uri(uri);
  out.set_seconds(seconds);
  return out;
}

TEST_CASE("feeds on the network may be tested, for some seconds") {
  const auto test = checkedFeedTest(of("srt://203.0.113.5:9000"));
  REQUIRE(test);
  CHECK(test->seconds() == 8);
  CHECK(test->feed().id() == "test");
  CHECK(checkedFeedTest(of("https://media.example/main.m3u8", 30)));
  CHECK(checkedFeedTest(of("test://")));
  CHECK_FALSE(checkedFeedTest(of("file:///etc/passwd")));
  CHECK_FALSE(checkedFeedTest(of("/etc/passwd")));
  CHECK_FALSE(checkedFeedTest(of("")));
  CHECK_FALSE(checkedFeedTest(of("test://", 31)));
  CHECK_FALSE(checkedFeedTest(of("test://", 2)));
  auto secret = of("srt://203.0.113.5:9000");
  secret.mutable_feed()->set_passphrase("short");
  CHECK(checkedFeedTest(secret).error().text.find("short") == std::string::npos);
}

}  // namespace
}  // namespace diemcau::core
