// A core with a store that commits when the test says so, and what asks the API without sockets.
#pragma once

#include <deque>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "coordinator/api/api.hpp"
#include "coordinator/core/core.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/roster_command.hpp"

namespace diemcau::api {

class HandClock final : public Clock {
 public:
  Micros wall() const override { return wall_at; }
  Micros steady() const override { return steady_at; }
  void pass(Micros span) {
    wall_at += span;
    steady_at += span;
  }
  Micros wall_at = 1'800'000'000 * kSecond;
  Micros steady_at = 1000 * kSecond;
};

struct Bench {
  Loop loop;
  HandClock clock;
  core::Core core{core::CoreSettings{}};
  bool healthy = true;
  bool hold = false;  // the store takes its time
  std::deque<std::function<void()>> waiting;
  core::StoreBatch stored;

  Bench() { core.restored(clock.wall()); }

  Ports ports() {
    return Ports{loop,
                 clock,
                 core,
                 [this](core::Effects effects, std::function<void()> then) {
                   submit(std::move(effects), std::move(then));
                 },
                 [this] { return healthy; },
                 [](MetricsText& out) { out.gauge("other_part", "Of another part.", 1); },
                 [](const v1::SessionReport& report, const core::Roster&, bool english) {
                   return "<!doctype html>" + report.session().title() + (english ? " en" : " vi");
                 }};
  }

  void submit(core::Effects effects, std::function<void()> then) {
    auto done = [this, batch = std::move(effects.store), then = std::move(then)] {
      stored.puts.insert(stored.puts.end(), batch.puts.begin(), batch.puts.end());
      stored.timeline.insert(stored.timeline.end(), batch.timeline.begin(), batch.timeline.end());
      if (then) then();
    };
    if (hold) {
      waiting.push_back(std::move(done));
    } else {
      done();
    }
  }

  void commitAll() {
    hold = false;
    while (!waiting.empty()) {
      auto done = std::move(waiting.front());
      waiting.pop_front();
      done();
    }
  }

  // Runs the loop until it is so; false after a generous limit.
  template <class Condition>
  bool until(Condition condition) {
    if (condition()) return true;
    auto check = loop.every(2 * kMillisecond, [&] {
      if (condition()) loop.stop();
    });
    auto limit = loop.after(20 * kSecond, [this] { loop.stop(); });
    loop.run();
    return condition();
  }

  void import() {
    core::Effects effects;
    auto reply = core.command(
        test::rosterCommand("hn,,Hà Nội\ndd,hn,Đống Đa\n", "S1,dd,Hội trường 1\nS2,dd,Hội trường 2\n"),
        clock.wall(), effects);
    REQUIRE(reply);
    REQUIRE(reply->import_report().applied());
  }
};

struct ApiBench : Bench {
  Api api{ports()};

  // The answer, when there is one already.
  struct Asked {
    std::shared_ptr<std::optional<net::HttpResponse>> slot;
    bool answered() const { return slot->has_value(); }
    const net::HttpResponse& answer() const { return **slot; }
    nlohmann::json json() const { return nlohmann::json::parse(answer().body); }
    std::string header(const std::string& name) const {
      for (const auto& [key, value] : answer().headers) {
        if (key == name) return value;
      }
      return {};
    }
  };

  Asked send(const std::string& method, const std::string& path, const std::string& body = {},
             std::map<std::string, std::string> headers = {}) {
    net::HttpRequest request;
    request.method = method;
    request.path = path;
    if (auto at = path.find('?'); at != std::string::npos) {
      request.path = path.substr(0, at);
      const auto equals = path.find('=', at);
      request.query[path.substr(at + 1, equals - at - 1)] = path.substr(equals + 1);
    }
    request.body = body;
    request.headers = std::move(headers);
    if (!body.empty()) request.headers.emplace("content-type", "application/json");
    Asked asked{std::make_shared<std::optional<net::HttpResponse>>()};
    api.http(std::move(request), [slot = asked.slot](net::HttpResponse response) {
      CHECK_FALSE(slot->has_value());
      *slot = std::move(response);
    });
    return asked;
  }

  Asked ask(const std::string& method, const std::string& path, const std::string& body = {},
            std::map<std::string, std::string> headers = {}) {
    Asked asked = send(method, path, body, std::move(headers));
    REQUIRE(until([&] { return asked.answered(); }));
    return asked;
  }

  // A session of both sites, in draft.
  std::string draft() {
    import();
    auto made = ask("POST", "/api/v1/sessions",
                    R"({"title":"Họp giao ban","scheduled_start_us":"1800003600000000",
                        "feeds":[{"id":"main","uri":"test://"},{"id":"backup","uri":"test://"}],
                        "selection":{"everyone":true}})");
    CAPTURE(made.answer().body);
    REQUIRE(made.answer().status == 201);
    return made.json()["session"]["id"];
  }
};

}  // namespace diemcau::api
