#include "setup/interval.h"

#include <catch2/catch.hpp>
#include <random>

using namespace bench;

TEST_CASE("the interval holds the true median as often as it says") {
  std::mt19937 random(1);
  std::exponential_distribution<double> skewed(1);  // median ln 2
  for (const int runs : {2, 3, 6, 7, 12, 25}) {
    CAPTURE(runs);
    int held = 0;
    constexpr int trials = 4000;
    for (int t = 0; t < trials; ++t) {
      std::vector<double> values;
      for (int n = 0; n < runs; ++n) values.push_back(skewed(random));
      const Interval i = interval_of(values);
      held += i.low <= std::log(2.) && std::log(2.) <= i.high;
    }
    const double share = static_cast<double>(held) / trials;
    CHECK(share == Approx(coverage_of(runs)).margin(.02));
    CHECK((runs < 6 || coverage_of(runs) >= .95));
  }
}

TEST_CASE("one run is a median without an interval") {
  const Interval one = interval_of({3.});
  CHECK(one.median == 3);
  CHECK(one.coverage == 0);
  CHECK(text_of(one, 1) == "3.0");
  CHECK(text_of(interval_of({1, 2, 3, 4}), 1) == "2.5 (1.0…4.0)");
}
