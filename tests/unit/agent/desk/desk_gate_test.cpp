// The door for other devices: PIN, key, sessions, and what guessing costs.
#include "agent/desk/desk_gate.hpp"

#include <fmt/format.h>

#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::agent;

namespace {

// Every random number is the next one.
struct Door {
  std::uint32_t numbers = 123'455;
  int words = 0;
  DeskGate gate{{.below = [this](std::uint32_t) { return ++numbers; },
                 .hex = [this](std::size_t bytes) { return fmt::format("{:0{}x}", ++words, bytes * 2); }}};
  ErrorCode wrong(const std::string& address, Micros now, const char* secret = "999999") {
    return gate.enter(address, secret, now).error().code;
  }
};

std::string cookieOf(const std::string& token) {
  return "other=1; " + std::string(DeskGate::kCookie) + "=" + token;
}

}  // namespace

TEST_CASE("the PIN and the key let in, for a day") {
  Door door;
  CHECK(door.gate.access(kSecond).pin == "123456");
  const auto by_pin = door.gate.enter("10.0.0.5", " 123-456 ", kSecond).value();
  const auto by_key = door.gate.enter("10.0.0.6", door.gate.access(kSecond).key, kSecond).value();
  CHECK(by_pin != by_key);
  CHECK(door.gate.access(kSecond).devices == 2);
  for (const auto& token : {by_pin, by_key}) CHECK(door.gate.admits(cookieOf(token), kHour));
  for (const auto& token : {by_pin, by_key})
    CHECK_FALSE(door.gate.admits(cookieOf(token), kSecond + DeskGate::kSessionLives));
  CHECK_FALSE(door.gate.admits(cookieOf("123456"), kHour));
  CHECK_FALSE(door.gate.admits("", kHour));
}

TEST_CASE("a PIN is a day old at most; who is in stays in") {
  Door door;
  const auto old = door.gate.access(0);
  CHECK(door.gate.access(23 * kHour).pin == old.pin);
  const auto token = door.gate.enter("10.0.0.5", old.pin, 23 * kHour).value();
  CHECK(door.gate.access(24 * kHour).pin != old.pin);
  CHECK(door.wrong("10.0.0.6", 24 * kHour, old.pin.c_str()) == ErrorCode::kDenied);
  CHECK(door.wrong("10.0.0.6", 24 * kHour, old.key.c_str()) == ErrorCode::kDenied);
  CHECK(door.gate.admits(cookieOf(token), 25 * kHour));
}

TEST_CASE("a new PIN on demand: everybody enters again") {
  Door door;
  const auto old = door.gate.access(0);
  const auto token = door.gate.enter("10.0.0.5", old.pin, 0).value();
  door.gate.renew(kSecond);
  CHECK(door.gate.access(kSecond).pin != old.pin);
  CHECK_FALSE(door.gate.admits(cookieOf(token), kSecond));
}

TEST_CASE("five wrong ones from one address, then ten minutes of nothing; others are not kept out") {
  Door door;
  for (int i = 0; i < DeskGate::kMostFromOne; ++i)
    CHECK(door.wrong("10.0.0.5", i * kSecond) == ErrorCode::kDenied);
  CHECK(door.wrong("10.0.0.5", kMinute, "123456") == ErrorCode::kTooMany);
  CHECK(door.gate.enter("10.0.0.6", "123456", kMinute));
  // The key cannot be guessed, so it is never in question.
  CHECK(door.gate.enter("10.0.0.5", door.gate.access(kMinute).key, kMinute));
  CHECK(door.wrong("10.0.0.7", kMinute) == ErrorCode::kDenied);
  CHECK(door.gate.enter("10.0.0.5", "123456", kMinute));
}

TEST_CASE("the ten minutes pass") {
  Door door;
  for (int i = 0; i < DeskGate::kMostFromOne; ++i) door.wrong("10.0.0.5", 0);
  CHECK(door.wrong("10.0.0.5", DeskGate::kWindow - 1, "123456") == ErrorCode::kTooMany);
  CHECK(door.gate.enter("10.0.0.5", "123456", DeskGate::kWindow));
}

TEST_CASE("from many addresses: the PIN is void after fifty wrong ones, until there is a new one") {
  Door door;
  for (int i = 0; i < DeskGate::kMostWrong; ++i)
    CHECK(door.wrong(fmt::format("10.0.1.{}", i), i) == ErrorCode::kDenied);
  CHECK(door.gate.access(kMinute).void_);
  CHECK(door.wrong("10.0.0.5", kHour, "123456") == ErrorCode::kTooMany);
  CHECK(door.gate.enter("10.0.0.5", door.gate.access(kHour).key, kHour));
  door.gate.renew(kHour);
  CHECK_FALSE(door.gate.access(kHour).void_);
  CHECK(door.gate.enter("10.0.0.5", door.gate.access(kHour).pin, kHour));
}

TEST_CASE("memory is bounded: the oldest session goes first") {
  Door door;
  const auto pin = door.gate.access(0).pin;
  const auto oldest = door.gate.enter("10.0.0.5", pin, 1).value();
  for (std::size_t i = 0; i < DeskGate::kMostSessions; ++i) CHECK(door.gate.enter("10.0.0.5", pin, 2));
  CHECK(door.gate.access(2).devices == DeskGate::kMostSessions);
  CHECK_FALSE(door.gate.admits(cookieOf(oldest), 2));
}

TEST_CASE("who leaves is out, and the cookie goes") {
  Door door;
  const auto token = door.gate.enter("a", door.gate.access(0).pin, 0).value();
  door.gate.leave(cookieOf(token));
  CHECK_FALSE(door.gate.admits(cookieOf(token), 1));
  CHECK(DeskGate::cookie("").find("Max-Age=0") != std::string::npos);
  CHECK(DeskGate::cookie(token).find("HttpOnly; SameSite=Strict; Max-Age=86400") != std::string::npos);
}
