// A hostile status costs bounded memory and shows nothing strange.
#include "coordinator/core/status_check.hpp"

#include <limits>

#include "base/text.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

const auto kKnown = [](const std::string& id) { return id == "p"; };

v1::Status cleaned(v1::Status status) {
  cleanStatus(status, kKnown);
  return status;
}

// Every message inside: one of each, with something in it that this version does not know.
void fillUnknown(google::protobuf::Message& message) {
  const auto* reflection = message.GetReflection();
  reflection->MutableUnknownFields(&message)->AddVarint(4'000, 1);
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const auto* field = message.GetDescriptor()->field(i);
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    fillUnknown(field->is_repeated() ? *reflection->AddMessage(&message, field)
                                     : *reflection->MutableMessage(&message, field));
  }
}

TEST_CASE("a hostile status is bounded") {
  v1::Status wild;
  wild.set_session_id("p");
  wild.set_phase(static_cast<v1::SitePhase::Name>(99));
  wild.set_active_feed_id("<script>");
  wild.mutable_problem()->set_vi(std::string(100'000, 'x'));
  wild.mutable_problem()->set_en("\xff\xff\xff");
  for (int i = 0; i < 100; ++i) {
    auto* sample = wild.add_health();
    sample->set_feed_id("main");
    sample->set_rtt_ms(std::numeric_limits<double>::infinity());
    sample->mutable_video()->set_fps(std::numeric_limits<double>::quiet_NaN());
    for (int c = 0; c < 100; ++c) sample->add_conditions(static_cast<v1::Condition::Name>(c));
    wild.add_received_text_ids("no id");
    auto* check = wild.mutable_readiness()->add_checks();
    check->set_kind(static_cast<v1::Check::Kind>(i % 20));
    check->mutable_reason()->set_vi(std::string(2'000, 'y'));
  }
  wild.mutable_readiness()->set_session_id("another");
  const auto clean = cleaned(wild);
  CHECK(clean.phase() == v1::SitePhase::idle);
  CHECK(clean.active_feed_id().empty());
  CHECK(clean.problem().vi().size() == kMaxSentence);
  CHECK(clean.problem().en().empty());
  CHECK(clean.health_size() == kMaxHealth);
  CHECK(clean.health(0).rtt_ms() == 0);
  CHECK(clean.health(0).video().fps() == 0);
  for (const int condition : clean.health(0).conditions()) CHECK(v1::Condition_Name_IsValid(condition));
  CHECK(clean.received_text_ids_size() == kMaxReceipts);
  CHECK(clean.readiness().session_id() == "p");
  CHECK(clean.readiness().checks_size() == 11);  // each known kind once
  CHECK(clean.ByteSizeLong() < 32 * 1024);
}

TEST_CASE("a session that the site has no part in is taken out") {
  v1::Status status;
  status.set_session_id("other");
  status.set_started_us(5);
  status.mutable_readiness()->set_verdict(v1::Readiness::ready);
  const auto clean = cleaned(status);
  CHECK(clean.session_id().empty());
  CHECK(clean.started_us() == 0);
  CHECK_FALSE(clean.has_readiness());
}

TEST_CASE("what this version does not know is forgotten, wherever it is") {
  v1::Status newer;
  fillUnknown(newer);
  newer.set_session_id("p");
  newer.mutable_readiness()->mutable_checks(0)->set_kind(v1::Check::disk);
  auto known = newer;
  known.DiscardUnknownFields();
  known = cleaned(known);
  REQUIRE(known.readiness().checks_size() == 1);
  CHECK(cleaned(newer).SerializeAsString() == known.SerializeAsString());
}

TEST_CASE("names that need no cleaning stay, all others are cleaned") {
  for (const auto& [said, kept] : {std::pair<std::string, std::string>{"h264", "h264"},
                                   {"a b", "a b"},
                                   {std::string(20, 'x'), std::string(20, 'x')},
                                   {std::string(21, 'x'), std::string(20, 'x')},
                                   {" h264", "h264"},
                                   {"h264 ", "h264"},
                                   {"h\n264", "h 264"},
                                   {"h264\x7f", "h264"},
                                   {"\xff", ""}}) {
    INFO(said);
    v1::Status status;
    status.set_session_id("p");
    auto& sample = *status.add_health();
    sample.mutable_video()->set_codec(said);
    sample.mutable_audio()->set_codec(said);
    auto& check = *status.mutable_readiness()->add_checks();
    check.set_kind(v1::Check::screen);
    check.set_by(said);
    const auto clean = cleaned(status);
    CHECK(clean.health(0).video().codec() == kept);
    CHECK(clean.health(0).audio().codec() == kept);
    CHECK(clean.readiness().checks(0).by() == (said.size() > 20 ? said : kept));
  }
}

TEST_CASE("sentences are cut at whole characters") {
  std::string many;
  for (int i = 0; i < 700; ++i) many += "ệ";
  const auto cut = cleanSentence(many);
  CHECK(cut.size() <= kMaxSentence);
  CHECK_FALSE(cut.empty());
  CHECK(validUtf8(cut));
  CHECK(cleanSentence("  một\tdòng\n ") == "một dòng");
  CHECK(cleanSentence("").empty());
}

TEST_CASE("health is the same when feeds and conditions are") {
  v1::Status a;
  a.set_session_id("p");
  a.add_health()->set_feed_id("main");
  auto b = a;
  b.mutable_health(0)->set_bitrate_kbps(4'000);
  CHECK(sameHealth(a, b));
  b.mutable_health(0)->add_conditions(v1::Condition::black);
  CHECK_FALSE(sameHealth(a, b));
  b = a;
  b.set_session_id("");
  CHECK_FALSE(sameHealth(a, b));
  b = a;
  b.add_health()->set_feed_id("backup");
  CHECK_FALSE(sameHealth(a, b));
}

}  // namespace
}  // namespace diemcau::core
