// The live view's readers. One tick for all, and one at once when there is news: readers at the same version
// get the same bytes, encoded once; a reader whose socket is not free is passed over until it is, and then
// gets one update that holds everything since. So a slow reader costs one frame, whatever happens meanwhile;
// one that takes nothing at all is shown out, because there is room for so many only. Private to this folder.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "coordinator/api/desk.hpp"
#include "coordinator/api/view_budget.hpp"
#include "coordinator/core/scoped_view.hpp"

namespace diemcau::api {

class ViewReader;

class ViewHub {
 public:
  ViewHub(Ports& ports, const ApiSettings& settings, ApiCounters& counters, Gate& gate);

  std::vector<net::WebSocketRoute> routes();
  void tick();
  void news();  // as soon as the budget allows

 private:
  friend class ViewReader;
  // Session, version that an update starts from, and the scope that it is cut to.
  using Group = std::tuple<std::string, std::uint64_t, std::string>;
  using Bytes = std::shared_ptr<const std::string>;

  std::unique_ptr<net::PeerHandler> open(const net::HttpRequest& request);
  void add(ViewReader& reader);
  void remove(ViewReader& reader);
  void make(const Group& group, const core::Scope& scope, std::vector<std::uint64_t> readers);
  void soon();
  void tickIn(Micros wait);
  bool letsOrdersGo(Micros now);
  void turnOut();  // those who are not signed in any more, or have other roles now
  void deliver(const std::vector<std::uint64_t>& readers, std::uint64_t version, const Bytes& bytes);
  void settled(std::function<void()> then);

  Ports& ports_;
  const ApiSettings& settings_;
  ApiCounters& counters_;
  std::map<std::uint64_t, ViewReader*> readers_;
  Gate& gate_;
  std::uint64_t last_id_ = 0;
  Micros looked_ = 0;       // steady
  Micros let_go_from_ = 0;  // steady; since when updates wait for orders; 0: they do not
  ViewBudget budget_;
  std::uint64_t news_version_ = 0;  // readers before it are told at once
  Timer soon_;
};

class ViewReader final : public net::PeerHandler {
 public:
  ViewReader(ViewHub& hub, std::string session_id, core::Identity who, core::Scope scope)
      : hub_(hub), session_(std::move(session_id)), who_(std::move(who)), scope_(std::move(scope)) {}
  ~ViewReader() override;

  void onOpen(net::Peer& peer) override;
  void onMessage(std::string_view bytes) override;
  bool next(net::Frame& frame) override;
  void onClose(std::uint16_t code, std::string_view reason) override;

 private:
  friend class ViewHub;
  ViewHub& hub_;
  const std::string session_;
  const core::Identity who_;
  const core::Scope scope_;
  net::Peer* peer_ = nullptr;
  std::uint64_t id_ = 0, version_ = 0;
  bool fresh_ = true;                           // has nothing yet
  bool busy_ = false;                           // an update is being made for it
  std::shared_ptr<const std::string> waiting_;  // made, not yet taken by the socket
  Micros sent_ = 0, waits_since_ = 0;           // steady
};

}  // namespace diemcau::api
