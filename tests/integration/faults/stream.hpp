// Sites that enter records without a pause, so that at nearly every instant a commit is on its way: what a
// kill must meet. They live on the test's own loop.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/integration/test_site.hpp"

namespace diemcau::test {

class Stream {
 public:
  // Sites PREFIX0, PREFIX1, ...
  Stream(Loop& loop, std::string url, const std::string& prefix, std::size_t sites);

  void begin(const std::string& session);  // a record of each site every few milliseconds
  void stop() { writer_.reset(); }
  bool gone();     // after a kill: they have read all that was sent to them, and seen the end
  bool settled();  // everything is acknowledged
  const std::vector<std::unique_ptr<TestSite>>& sites() const { return sites_; }
  int present() const { return static_cast<int>(count_); }  // the newest headcount of each

 private:
  void reconnect();

  Loop& loop_;
  const std::string url_;
  std::unique_ptr<net::ClientContext> context_;
  std::vector<std::unique_ptr<TestSite>> sites_;
  std::uint32_t count_ = 0;
  Timer writer_, dialler_;
};

}  // namespace diemcau::test
