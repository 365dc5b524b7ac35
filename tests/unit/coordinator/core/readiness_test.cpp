// Readiness: measured checks, technicians' confirmations, and what counts now.
#include "coordinator/core/readiness.hpp"

#include "coordinator/core/view_tally.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

v1::Readiness told(v1::Readiness::Verdict verdict,
                   std::vector<std::pair<v1::Check::Kind, v1::Check::Verdict>> checks, Micros at = 100) {
  v1::Readiness out;
  out.set_verdict(verdict);
  for (const auto& [kind, check_verdict] : checks) {
    auto* check = out.add_checks();
    check->set_kind(kind);
    check->set_verdict(check_verdict);
    check->set_at_us(at);
    if (check_verdict == v1::Check::failed) check->mutable_reason()->set_en("why");
  }
  return out;
}

v1::Record signOff(bool screen, bool loudspeaker, Micros at) {
  v1::Record record;
  record.set_session_id("p");
  record.set_by("Hùng");
  record.set_at_us(at);
  record.mutable_sign_off()->set_screen(screen);
  record.mutable_sign_off()->set_loudspeaker(loudspeaker);
  return record;
}

const v1::Check* find(const v1::Readiness& readiness, v1::Check::Kind kind) {
  for (const auto& check : readiness.checks())
    if (check.kind() == kind) return &check;
  return nullptr;
}

// Sets one field, whatever it is; a message gets its first field set.
void change(google::protobuf::Message& message, const google::protobuf::FieldDescriptor* field) {
  const auto* reflection = message.GetReflection();
  using Field = google::protobuf::FieldDescriptor;
  switch (field->cpp_type()) {
    case Field::CPPTYPE_STRING:
      return reflection->SetString(&message, field, "other");
    case Field::CPPTYPE_ENUM:
      return reflection->SetEnumValue(&message, field, 1);
    case Field::CPPTYPE_UINT32:
      return reflection->SetUInt32(&message, field, 77);
    case Field::CPPTYPE_INT64:
      return reflection->SetInt64(&message, field, 77);
    case Field::CPPTYPE_MESSAGE: {
      auto& inner = field->is_repeated() ? *reflection->AddMessage(&message, field)
                                         : *reflection->MutableMessage(&message, field);
      return change(inner, inner.GetDescriptor()->field(0));
    }
    default:
      FAIL("a field of a kind that is new here: " << field->full_name());
  }
}

TEST_CASE("two readinesses are the same only when every field is") {
  auto one = told(v1::Readiness::ready, {{v1::Check::disk, v1::Check::failed}});
  one.mutable_checks(0)->mutable_reason()->set_vi("vì sao");
  CHECK(sameReadiness(one, one));
  for (int i = 0; i < one.GetDescriptor()->field_count(); ++i) {
    auto other = one;
    change(other, one.GetDescriptor()->field(i));
    INFO(other.ShortDebugString());
    CHECK_FALSE(sameReadiness(one, other));
  }
  for (auto* part : {+[](v1::Readiness& of) -> google::protobuf::Message* { return of.mutable_checks(0); },
                     +[](v1::Readiness& of) -> google::protobuf::Message* {
                       return of.mutable_checks(0)->mutable_reason();
                     }}) {
    auto other = one;
    for (int i = 0; i < part(other)->GetDescriptor()->field_count(); ++i) {
      other = one;
      change(*part(other), part(other)->GetDescriptor()->field(i));
      INFO(other.ShortDebugString());
      CHECK_FALSE(sameReadiness(one, other));
    }
  }
}

TEST_CASE("only a changed verdict is worth keeping") {
  v1::Readiness known;
  const auto first = told(v1::Readiness::ready, {{v1::Check::main_feed, v1::Check::ok}});
  CHECK(mergeReadiness(known, first));
  auto again = first;
  again.mutable_checks(0)->set_at_us(900);
  CHECK_FALSE(mergeReadiness(known, again));
  CHECK(known.checks(0).at_us() == 900);
  CHECK(mergeReadiness(known, told(v1::Readiness::ready, {{v1::Check::main_feed, v1::Check::failed}})));
}

TEST_CASE("a failed check is not ready, whatever the site concludes") {
  v1::Readiness known;
  mergeReadiness(known, told(v1::Readiness::ready, {{v1::Check::main_feed, v1::Check::failed}}));
  CHECK(known.verdict() == v1::Readiness::not_ready);
  CHECK(failedChecks(known).en() == "main feed: why");
}

TEST_CASE("a technician's word stays until a newer one on the same check") {
  v1::Readiness known;
  CHECK(mergeSignOff(known, signOff(true, false, 500)));
  REQUIRE(find(known, v1::Check::screen) != nullptr);
  CHECK(find(known, v1::Check::screen)->by() == "Hùng");
  CHECK(find(known, v1::Check::loudspeaker) == nullptr);
  CHECK_FALSE(mergeSignOff(known, signOff(true, false, 600)));

  mergeReadiness(known, told(v1::Readiness::ready, {{v1::Check::disk, v1::Check::ok}}));
  REQUIRE(find(known, v1::Check::screen) != nullptr);
  mergeReadiness(known, told(v1::Readiness::ready, {{v1::Check::screen, v1::Check::failed}}, 200));
  CHECK(find(known, v1::Check::screen)->verdict() == v1::Check::ok);
  mergeReadiness(known, told(v1::Readiness::ready, {{v1::Check::screen, v1::Check::failed}}, 900));
  CHECK(find(known, v1::Check::screen)->verdict() == v1::Check::failed);
}

TEST_CASE("what counts now") {
  v1::Session session;
  session.set_rehearsal(2);
  auto ready = told(v1::Readiness::ready, {});
  ready.set_rehearsal(2);
  auto older = ready;
  older.set_rehearsal(1);
  auto not_ready = told(v1::Readiness::not_ready, {});
  not_ready.set_rehearsal(2);
  struct Row {
    const char* why;
    const v1::Readiness* known;
    v1::Phase::Name phase;
    bool reachable;
    v1::Readiness::Verdict verdict;
  };
  for (const auto& row : std::vector<Row>{
           {"ready", &ready, v1::Phase::armed, true, v1::Readiness::ready},
           {"old data of a lost site is not ready", &ready, v1::Phase::armed, false,
            v1::Readiness::not_ready},
           {"not ready", &not_ready, v1::Phase::armed, true, v1::Readiness::not_ready},
           {"answer to an older rehearsal", &older, v1::Phase::armed, true, v1::Readiness::not_checked},
           {"has not answered this one yet", &older, v1::Phase::rehearsing, true, v1::Readiness::checking},
           {"cannot answer", &older, v1::Phase::rehearsing, false, v1::Readiness::not_checked},
           {"never said anything", nullptr, v1::Phase::armed, true, v1::Readiness::not_checked}}) {
    INFO(row.why);
    session.set_phase(row.phase);
    CHECK(verdictNow(row.known, session, row.reachable) == row.verdict);
  }
  v1::SessionView counts;
  for (const auto verdict : {v1::Readiness::ready, v1::Readiness::ready, v1::Readiness::checking})
    tallyVerdict(verdict, counts);
  CHECK(counts.ready() == 2);
  CHECK(counts.checking() == 1);
  CHECK(counts.not_ready() + counts.not_checked() == 0);
}

}  // namespace
}  // namespace diemcau::core
