// The site staff's page and its small API, on loopback only. Everything runs on the loop's thread.
//
//   GET  /                     the page (/desk.css, /desk.js)
//   GET  /api/desk[?have=V]    the state, see desk_state.hpp; without the delegates when the reader holds
//   version V of them POST /api/desk/confirm     a Record in protobuf's JSON with `by` and `sign_off` POST
//   /api/desk/headcount   ... with `by`, `headcount`, and `session_id`, `sitting_id` if not the present ones
//   POST /api/desk/checkin     ... with `by`, `check_in`, likewise
//   POST /api/desk/help        ... with `help`, and `by` if known
//   POST /api/desk/received    {"id": ID of a text from the centre}
//
// A POST must be application/json and is answered 200 {"id": ...} once the record is on the disk, or an RFC
// 9457 problem with `detail` (English) and `detail_vi`. Microseconds are numbers at the top level and strings
// inside messages, as protobuf's JSON mapping has them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "agent/desk/desk_state.hpp"
#include "base/loop.hpp"
#include "base/result.hpp"
#include "base/settings.hpp"
#include "diemcau/v1/record.pb.h"

namespace diemcau::agent {

struct DeskPorts {
  std::function<DeskView()> view;
  std::function<Done(v1::Record&)>
      append;  // on the disk when it returned; gives the record its id and number
  std::function<Done(const std::string& text_id)> received;
};

class Desk {
 public:
  virtual ~Desk() = default;
  virtual std::uint16_t port() const = 0;
};

// Refuses an address that is not loopback.
Result<std::unique_ptr<Desk>> openDesk(Loop& loop, const ListenAddress& listen, DeskPorts ports);

}  // namespace diemcau::agent
