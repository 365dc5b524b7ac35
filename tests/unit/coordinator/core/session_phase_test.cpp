// Every phase against every act: what is not in the table is refused with what is possible instead.
#include "coordinator/core/session_phase.hpp"

#include <map>

#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

using v1::Phase;
using v1::SessionAct;

const std::map<std::pair<Phase::Name, SessionAct::Kind>, Phase::Name> kAllowed{
    {{Phase::draft, SessionAct::schedule}, Phase::scheduled},
    {{Phase::draft, SessionAct::cancel}, Phase::cancelled},
    {{Phase::scheduled, SessionAct::rehearse}, Phase::rehearsing},
    {{Phase::scheduled, SessionAct::arm}, Phase::armed},
    {{Phase::scheduled, SessionAct::cancel}, Phase::cancelled},
    {{Phase::rehearsing, SessionAct::stop_rehearsal}, Phase::scheduled},
    {{Phase::rehearsing, SessionAct::arm}, Phase::armed},
    {{Phase::rehearsing, SessionAct::cancel}, Phase::cancelled},
    {{Phase::armed, SessionAct::disarm}, Phase::scheduled},
    {{Phase::armed, SessionAct::go}, Phase::live},
    {{Phase::armed, SessionAct::cancel}, Phase::cancelled},
    {{Phase::live, SessionAct::pause}, Phase::paused},
    {{Phase::live, SessionAct::end}, Phase::ended},
    {{Phase::paused, SessionAct::resume}, Phase::live},
    {{Phase::paused, SessionAct::end}, Phase::ended},
    {{Phase::ended, SessionAct::close}, Phase::closed}};

TEST_CASE("every phase with every act") {
  int allowed = 0;
  for (int phase = Phase::Name_MIN; phase <= Phase::Name_MAX; ++phase) {
    for (int act = SessionAct::Kind_MIN; act <= SessionAct::Kind_MAX; ++act) {
      const std::pair key{static_cast<Phase::Name>(phase), static_cast<SessionAct::Kind>(act)};
      INFO(Phase::Name_Name(key.first) << " " << SessionAct::Kind_Name(key.second));
      const auto next = transition(key.first, key.second);
      const auto expected = kAllowed.find(key);
      if (expected != kAllowed.end()) {
        REQUIRE(next.has_value());
        CHECK(*next == expected->second);
        ++allowed;
        continue;
      }
      REQUIRE_FALSE(next.has_value());
      CHECK(next.error().code == ErrorCode::kConflict);
      CHECK(next.error().text.find("possible now: ") != std::string::npos);
      CHECK(next.error().vi.find("có thể làm: ") != std::string::npos);
    }
  }
  CHECK(allowed == static_cast<int>(kAllowed.size()));
}

TEST_CASE("a refusal names the phase and what is possible") {
  const auto refused = transition(Phase::scheduled, SessionAct::go);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().text ==
        "cannot give GO: the session is scheduled; possible now: rehearse, arm, cancel");
  const auto over = transition(Phase::closed, SessionAct::end);
  REQUIRE_FALSE(over);
  CHECK(over.error().text.find("nothing, this is its last phase") != std::string::npos);
}

TEST_CASE("the last phases are final") {
  for (int phase = Phase::Name_MIN; phase <= Phase::Name_MAX; ++phase) {
    const auto name = static_cast<Phase::Name>(phase);
    CHECK(isFinal(name) == possibleActs(name).empty());
    CHECK_FALSE((isRunning(name) && !isWatched(name)));
    CHECK_FALSE((isWatched(name) && !isPlanned(name)));
  }
}

}  // namespace
}  // namespace diemcau::core
