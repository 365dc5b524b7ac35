// The arithmetic under every figure of the bench.
#include "tests/bench/figures.hpp"

#include "tests/support/catch.hpp"

using namespace diemcau::bench;

TEST_CASE("the median is in the middle, whatever the order") {
  CHECK(median({}) == 0);
  CHECK(median({7}) == 7);
  CHECK(median({9, 1, 5}) == 5);
  CHECK(median({4, 1, 3, 100}) == 3.5);
}

TEST_CASE("a percentile is a value that was seen, by nearest rank") {
  struct Row {
    double share, is;
  };
  std::vector<double> hundred;
  for (int i = 100; i >= 1; --i) hundred.push_back(i);
  for (const auto& row :
       {Row{0, 1}, Row{0.01, 1}, Row{0.5, 50}, Row{0.501, 51}, Row{0.99, 99}, Row{1, 100}}) {
    CAPTURE(row.share);
    CHECK(percentile(hundred, row.share) == row.is);
  }
  CHECK(percentile({3, 8}, 0.99) == 8);
  CHECK(percentile({}, 0.5) == 0);
}

TEST_CASE("a spread names the least, the middle and the most") {
  const auto spread = spreadOf({5, 2, 9, 4});
  CHECK(spread.median == 4.5);
  CHECK(spread.least == 2);
  CHECK(spread.most == 9);
  CHECK(spread.count == 4);
  CHECK(spreadOf({}).count == 0);
}

TEST_CASE("a ratio to nothing says nothing") {
  CHECK(ratio(6, 4) == 1.5);
  CHECK(ratio(6, 0) == 0);
}

TEST_CASE("numbers are as short as three digits allow") {
  struct Row {
    double value;
    const char* text;
  };
  for (const auto& row : {Row{0, "0"}, Row{0.01234, "0.0123"}, Row{0.5, "0.500"}, Row{1.234, "1.23"},
                          Row{12.34, "12.3"}, Row{99.96, "100"}, Row{123.4, "123"}, Row{999.6, "1,000"},
                          Row{1234567, "1,234,567"}, Row{-1234, "-1,234"}, Row{-123456, "-123,456"}}) {
    CHECK(shortNumber(row.value) == row.text);
  }
}

TEST_CASE("growth is the exponent: 1 for a straight line, 2 for a square") {
  const std::vector<double> x = {100, 766, 4000, 16000};
  std::vector<double> line, square;
  for (const double one : x) {
    line.push_back(3 * one);
    square.push_back(0.1 * one * one);
  }
  CHECK(growth(x, line) == Approx(1));
  CHECK(growth(x, square) == Approx(2));
  CHECK(growth({100, 100}, {1, 2}) == 0);
  CHECK(growth({100, 0, 200}, {5, 5, 10}) == Approx(1));  // what is not above 0 is left out
}
