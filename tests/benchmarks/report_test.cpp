#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "report/against.h"
#include "report/foreign.h"
#include "report/svg.h"
#include "setup/results.h"

using namespace bench;

namespace {
Metric metric(const char* name, std::vector<double> values, bool lower = true,
              bool relative = false) {
  return {name, "s", interval_of(std::move(values)), lower, relative, {}};
}

Results results(std::vector<Metric> metrics, int cores = 2) {
  Results r;
  r.program = "file";
  r.machine.processor = "some processor";
  r.machine.cores = cores;
  r.metrics = std::move(metrics);
  return r;
}

Verdict verdict(const Metric& before, const Metric& now, int cores = 2) {
  const auto all = compare({results({before})}, {results({now}, cores)}, {});
  REQUIRE(all.size() == 1);
  return all[0].verdict;
}

const std::vector<double> slow{10.9, 11, 11, 11.1, 11.1, 11.2, 11.3};
const std::vector<double> fast{9.8, 9.9, 10, 10, 10.1, 10.1, 10.2};
}  // namespace

TEST_CASE("slower outside the noise is worse, within it is the same") {
  CHECK(verdict(metric("t", fast), metric("t", slow)) == Verdict::worse);
  CHECK(verdict(metric("t", slow), metric("t", fast)) == Verdict::better);
  CHECK(verdict(metric("t", fast), metric("t", fast)) == Verdict::same);
  // A tenth more, but the runs lie all over the place.
  CHECK(verdict(metric("t", {8, 9, 9.5, 10, 10.5, 11, 12}),
                metric("t", {9, 10, 10.5, 11, 11.5, 12, 13})) == Verdict::same);
  // As clear as can be, and of no account.
  CHECK(verdict(metric("t", std::vector<double>(7, 10.)),
                metric("t", std::vector<double>(7, 10.1))) == Verdict::same);
}

TEST_CASE("a rate that falls is worse") {
  CHECK(verdict(metric("r", fast, false), metric("r", slow, false)) == Verdict::better);
  CHECK(verdict(metric("r", slow, false), metric("r", fast, false)) == Verdict::worse);
}

TEST_CASE("few runs prove no small change") {
  CHECK(verdict(metric("t", {10, 10.1}), metric("t", {11, 11.1})) == Verdict::same);
  CHECK(verdict(metric("t", {10, 10.1}), metric("t", {14, 14.1})) == Verdict::worse);
}

TEST_CASE("seconds of two machines are not compared, ratios are") {
  CHECK(verdict(metric("t", fast), metric("t", slow), 8) == Verdict::not_comparable);
  CHECK(verdict(metric("t", fast, true, true), metric("t", slow, true, true), 8) == Verdict::worse);
  const auto all = compare({results({metric("t", fast)})}, {results({metric("t", slow)}, 8)}, {});
  CHECK(!any_worse(all));
}

TEST_CASE("the comparison names what changed, worst first") {
  const auto all =
      compare({results({metric("a", slow), metric("b", fast), metric("c", fast)})},
              {results({metric("a", fast), metric("b", slow), metric("c", fast)})}, {});
  const std::string text = to_markdown(all);
  CHECK(text.find("**worse** | file | b") < text.find("better | file | a"));
  CHECK(text.find("3 figures compared: 2 changed outside the noise, 1 did not.") !=
        std::string::npos);
  CHECK(any_worse(all));
}

TEST_CASE("a goal is met, missed, or lies within the noise") {
  Metric m = metric("t", fast);
  m.goal = 10.5;
  CHECK(standing(m) == Standing::met);
  m.goal = 9;
  CHECK(standing(m) == Standing::missed);
  m.goal = 10;
  CHECK(standing(m) == Standing::unsure);
  m.lower_is_better = false;
  m.goal = 9;
  CHECK(standing(m) == Standing::met);
}

TEST_CASE("results come back from JSON as they were") {
  Results r = results({metric("t", fast)});
  r.metrics[0].goal = 1.08;
  r.machine = this_machine();
  r.tables.push_back({"title", {"a", "b"}, {{"1", "2"}}});
  r.charts.push_back({"name", "title", "×", {{"bar", interval_of({1, 2}), true}}, 1});
  r.notes = {"note"}, r.failures = {"failure"};
  const Results back = results_from(to_json(r));
  CHECK(to_json(back) == to_json(r));
  CHECK(to_markdown(back, "#") == to_markdown(r, "#"));
  CHECK(alike(back.machine, r.machine));
  CHECK_THROWS_WITH(results_from(nlohmann::json{{"version", 99}}), Catch::Contains("version 99"));
  CHECK_THROWS(results_from(nlohmann::json::array()));
}

TEST_CASE("a chart escapes what it is told and draws a bar a value") {
  const std::string svg =
      to_svg({"n",
              "a < b & c",
              "×",
              {{"<one>", interval_of({1, 2, 3}), true}, {"two", exactly(0), false}},
              1});
  CHECK(svg.find("a &lt; b &amp; c") != std::string::npos);
  CHECK(svg.find("<one>") == std::string::npos);
  std::size_t bars = 0;
  for (auto at = svg.find("<rect"); at != std::string::npos; at = svg.find("<rect", at + 1)) ++bars;
  CHECK(bars == 2);
  CHECK(svg.find("nan") == std::string::npos);
}

TEST_CASE("Google Benchmark's repetitions become one figure, a wrong answer a failure") {
  const auto run = [](double rate) {
    return nlohmann::json{{"run_name", "K/8 bit/1080p/avx2/manual_time"},
                          {"run_type", "iteration"},
                          {"real_time", 1.},
                          {"time_unit", "us"},
                          {"GB/s", rate},
                          {"memcpy GB/s", 20.},
                          {"of memcpy", rate / 20}};
  };
  const nlohmann::json json = {
      {"benchmarks",
       {run(8),
        run(10),
        run(9),
        {{"run_name", "W"}, {"error_occurred", true}, {"error_message", "wrong answer, no time"}},
        {{"run_name", "K"}, {"run_type", "aggregate"}}}}};
  const Results r = from_google_benchmark(json);
  REQUIRE(r.metrics.size() == 2);
  CHECK(r.metrics[0].name == "K/8 bit/1080p/avx2");
  CHECK(r.metrics[0].value.median == 9);
  CHECK(r.metrics[1].value.median == Approx(.45));
  CHECK(r.failures.size() == 1);
}
