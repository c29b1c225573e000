/// @file
/// What a benchmark found: for people as tables and charts, for programs as JSON.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "setup/interval.h"
#include "setup/machine.h"

namespace bench {

/// A figure that later runs are held against.
struct Metric {
  std::string name;  ///< unique in its program, the same from run to run
  std::string unit;  ///< "s", "ratio", "MiB", "GB/s", …
  Interval value;
  bool lower_is_better = true;
  /// A ratio of two things measured side by side: holds on another machine too.
  bool relative = false;
  std::optional<double> goal;  ///< what it should reach, on its better side
};

struct Table {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

struct Bar {
  std::string label;
  Interval value;
  bool ours = false;
};
struct Chart {
  std::string name;  ///< of its file, after the program's
  std::string title, unit;
  std::vector<Bar> bars;
  std::optional<double> line;  ///< a value that the bars are held against
};

struct Results {
  static constexpr int version = 1;
  std::string program;
  Machine machine;
  std::string material;  ///< what was worked on, in words
  std::vector<Metric> metrics;
  std::vector<Table> tables;
  std::vector<Chart> charts;
  std::vector<std::string> notes;
  std::vector<std::string> failures;  ///< wrong answers, whose times say nothing
};

[[nodiscard]] nlohmann::json to_json(const Results& results);
/// @throws std::runtime_error: another version, something missing.
[[nodiscard]] Results results_from(const nlohmann::json& json);

/// Tables, the metrics that have goals, notes, failures. @param heading  "##" and the like.
[[nodiscard]] std::string to_markdown(const Results& results, const std::string& heading);

enum class Standing { met, missed, unsure };
/// `unsure`: the goal lies inside the interval. Only where there is a goal.
[[nodiscard]] Standing standing(const Metric& metric);

/// Prints the markdown with machine and material; writes the JSON unless `path` is empty.
/// @return the program's exit status: 1 after a failure.
[[nodiscard]] int finish(const Results& results, const std::string& path);

}  // namespace bench
