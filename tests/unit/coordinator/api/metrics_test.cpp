// The text format of Prometheus.
#include "coordinator/api/metrics.hpp"

#include <limits>

#include "tests/support/catch.hpp"

using namespace diemcau::api;

TEST_CASE("a family is announced once, before its samples") {
  MetricsText out;
  out.gauge("a_now", "What is now.", 1.5, {{"x", "1"}})
      .gauge("a_now", "What is now.", 2, {{"x", "2"}, {"y", "z"}})
      .counter("b_total", "What was.", 1e15);
  CHECK(out.take() ==
        "# HELP a_now What is now.\n"
        "# TYPE a_now gauge\n"
        "a_now{x=\"1\"} 1.5\n"
        "a_now{x=\"2\",y=\"z\"} 2\n"
        "# HELP b_total What was.\n"
        "# TYPE b_total counter\n"
        "b_total 1000000000000000\n");
}

TEST_CASE("label values are escaped") {
  MetricsText out;
  out.gauge("a", "A.", 0, {{"x", "q\"b\\n\nend"}});
  CHECK(out.take().find("a{x=\"q\\\"b\\\\n\\nend\"} 0\n") != std::string::npos);
}

TEST_CASE("numbers that are none have their own words") {
  MetricsText out;
  out.gauge("a", "A.", std::numeric_limits<double>::infinity())
      .gauge("a", "A.", -std::numeric_limits<double>::infinity())
      .gauge("a", "A.", std::numeric_limits<double>::quiet_NaN());
  const std::string text = out.take();
  CHECK(text.find("a +Inf\na -Inf\na NaN\n") != std::string::npos);
}
