// Where requests and answers pass: reads bodies and actors, carries out commands, and lets an answer out only
// when what it tells is durable. Private to this folder.
#pragma once

#include <google/protobuf/message.h>

#include <list>
#include <memory>
#include <string>

#include "coordinator/api/api.hpp"
#include "coordinator/api/gate.hpp"
#include "coordinator/api/router.hpp"
#include "coordinator/api/worker.hpp"
#include "diemcau/v1/command.pb.h"

namespace diemcau::api {

struct ApiCounters {
  std::uint64_t requests = 0, problems = 0, commands = 0, commands_failed = 0, unanswered = 0;
  std::uint64_t view_updates = 0, view_encoded = 0, view_refused = 0, view_stuck = 0;
  std::uint64_t view_encode_us = 0;  // spent on updates of the live view
  std::size_t view_readers = 0;
};

class AnswerDesk {
 public:
  AnswerDesk(Ports& ports, const ApiSettings& settings, Worker& worker, Gate& gate);

  // Through here once per request: counts it, and answers 503 when nothing else did in time.
  net::Respond watched(net::Respond respond, Micros patience);
  void expire();  // often: gives up on answers that are overdue

  // After the commits before it.
  void answer(net::Respond respond, net::HttpResponse response);
  // The message as JSON; large ones are written on the worker.
  void answer(net::Respond respond, std::shared_ptr<const google::protobuf::Message> message,
              net::HttpResponse head = {});
  template <class Message>
  void answer(net::Respond respond, Result<Message> message) {
    if (!message) return answer(std::move(respond), refused(message.error()));
    answer(std::move(respond), std::make_shared<const Message>(std::move(*message)));
  }
  net::HttpResponse refused(const Error& error);

  // The body as `message`, empty allowed when `optional`. False: already answered.
  bool body(Call& call, google::protobuf::Message& message, bool optional = false);
  // Who asks, from X-Diemcau-Actor; "operator" when nobody says.
  static Result<std::string> actor(const net::HttpRequest& request);

  // Carries it out in the name of who calls, if they may for all sites that it concerns; `head` gives status
  // and headers of the answer.
  using Shape = std::function<net::HttpResponse(const v1::CommandReply&)>;
  void command(Call call, v1::Command command, Shape shape = {});

  ApiCounters& counters() { return counters_; }

 private:
  struct Pending {
    net::Respond respond;
    Micros deadline;
  };
  void settled(std::function<void()> then);
  Done mayReach(const Call& call, const v1::Command& command) const;

  Ports& ports_;
  const ApiSettings& settings_;
  Worker& worker_;
  Gate& gate_;
  ApiCounters counters_;
  std::list<std::shared_ptr<Pending>> pending_;
};

std::string percentDecode(std::string_view text);

}  // namespace diemcau::api
