// The desk over real HTTP, for its tests.
#pragma once

#include <functional>
#include <future>
#include <nlohmann/json.hpp>
#include <thread>

#include "net/client.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/agent/desk/desk_site.hpp"

namespace diemcau::test {

using Json = nlohmann::json;

// A desk on its own loop; the site behind it belongs to that thread once it runs.
class RunningDesk {
 public:
  explicit RunningDesk(DeskSite& site,
                       agent::DeskOptions options = {.listen = {.host = "127.0.0.1", .port = 0}}) {
    auto desk =
        agent::openDesk(loop_, options,
                        {.view = [&site] { return site.view(); },
                         .append = [&site](v1::Record& record) { return site.append(record); },
                         .received = [&site](const std::string& id) { return site.follower.received(id); },
                         .test = [&site](bool on) { return site.follower.testPicture(on, site.now); },
                         .addresses = [] { return std::vector<std::string>{"192.0.2.7"}; }});
    REQUIRE(desk);
    desk_ = std::move(*desk);
    url_ = "http://127.0.0.1:" + std::to_string(desk_->port());
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~RunningDesk() {
    loop_.post([this] {
      desk_.reset();
      loop_.stop();
    });
    thread_.join();
  }
  net::HttpAnswer get(const std::string& path,
                      std::vector<std::pair<std::string, std::string>> headers = {}) const {
    return net::httpRequest("GET", url_ + path, "", headers, 10).value();
  }
  net::HttpAnswer post(const std::string& path, const std::string& body,
                       const std::string& type = "application/json",
                       std::vector<std::pair<std::string, std::string>> headers = {}) const {
    headers.emplace_back("Content-Type", type);
    return net::httpRequest("POST", url_ + path, body, headers, 10).value();
  }
  Json state(const std::string& query = "") const { return Json::parse(get("/api/desk" + query).body); }
  const std::string& url() const { return url_; }
  void onLoop(const std::function<void()>& task) {
    std::promise<void> done;
    loop_.post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }

 private:
  Loop loop_;
  std::unique_ptr<agent::Desk> desk_;
  std::string url_;
  std::thread thread_;
};

}  // namespace diemcau::test
