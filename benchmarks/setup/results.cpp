#include "setup/results.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace bench {

using Json = nlohmann::json;

void to_json(Json& j, const Interval& i) {
  j = {{"median", i.median},
       {"low", i.low},
       {"high", i.high},
       {"coverage", i.coverage},
       {"runs", i.runs}};
}
void from_json(const Json& j, Interval& i) {
  i = {j.at("median"), j.at("low"), j.at("high"), j.at("coverage"), j.at("runs")};
}
void to_json(Json& j, const Machine& m) {
  j = {{"processor", m.processor},   {"system", m.system},       {"cores", m.cores},
       {"memory_mib", m.memory_mib}, {"load", m.load},           {"compiler", m.compiler},
       {"build", m.build},           {"libraries", m.libraries}, {"date", m.date}};
}
void from_json(const Json& j, Machine& m) {
  m = {j.at("processor"), j.at("system"), j.at("cores"),     j.at("memory_mib"), j.at("load"),
       j.at("compiler"),  j.at("build"),  j.at("libraries"), j.at("date")};
}
void to_json(Json& j, const Metric& m) {
  j = {{"name", m.name},
       {"unit", m.unit},
       {"value", m.value},
       {"lower_is_better", m.lower_is_better},
       {"relative", m.relative}};
  if (m.goal) j["goal"] = *m.goal;
}
void from_json(const Json& j, Metric& m) {
  m = {j.at("name"), j.at("unit"), j.at("value"), j.at("lower_is_better"), j.at("relative"), {}};
  if (j.contains("goal")) m.goal = j["goal"].get<double>();
}
void to_json(Json& j, const Table& t) {
  j = {{"title", t.title}, {"columns", t.columns}, {"rows", t.rows}};
}
void from_json(const Json& j, Table& t) { t = {j.at("title"), j.at("columns"), j.at("rows")}; }
void to_json(Json& j, const Bar& b) {
  j = {{"label", b.label}, {"value", b.value}, {"ours", b.ours}};
}
void from_json(const Json& j, Bar& b) { b = {j.at("label"), j.at("value"), j.at("ours")}; }
void to_json(Json& j, const Chart& c) {
  j = {{"name", c.name}, {"title", c.title}, {"unit", c.unit}, {"bars", c.bars}};
  if (c.line) j["line"] = *c.line;
}
void from_json(const Json& j, Chart& c) {
  c = {j.at("name"), j.at("title"), j.at("unit"), j.at("bars"), {}};
  if (j.contains("line")) c.line = j["line"].get<double>();
}

Json to_json(const Results& r) {
  return {{"version", Results::version}, {"program", r.program}, {"machine", r.machine},
          {"material", r.material},      {"metrics", r.metrics}, {"tables", r.tables},
          {"charts", r.charts},          {"notes", r.notes},     {"failures", r.failures}};
}

Results results_from(const Json& j) try {
  if (j.at("version") != Results::version)
    throw std::runtime_error("it is of version " + j.at("version").dump() + ", not " +
                             std::to_string(Results::version));
  return {j.at("program"), j.at("machine"), j.at("material"), j.at("metrics"),
          j.at("tables"),  j.at("charts"),  j.at("notes"),    j.at("failures")};
} catch (const std::exception& failure) {
  throw std::runtime_error(std::string("A benchmark's results cannot be read: ") + failure.what() +
                           ".");
}

namespace {
int decimals_of(const Metric& m) {
  const double size = std::abs(m.value.median);
  return size >= 100 ? 0 : size >= 10 ? 1 : 3;
}

std::string row(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const std::string& cell : cells) out += " " + cell + " |";
  return out + "\n";
}

std::string table(const Table& t, const std::string& heading) {
  std::string out = t.title.empty() ? "" : heading + "# " + t.title + "\n\n";
  out += row(t.columns) + "|";
  for (std::size_t i = 0; i < t.columns.size(); ++i) out += "---|";
  out += "\n";
  for (const auto& cells : t.rows) out += row(cells);
  return out + "\n";
}

const char* word(Standing s) {
  return s == Standing::met ? "met" : s == Standing::missed ? "missed" : "within the noise";
}
}  // namespace

Standing standing(const Metric& m) {
  const double goal = m.goal.value_or(m.value.median);
  const double worst = m.lower_is_better ? m.value.high : m.value.low;
  const double best = m.lower_is_better ? m.value.low : m.value.high;
  const auto reached = [&](double v) { return m.lower_is_better ? v <= goal : v >= goal; };
  return reached(worst) ? Standing::met : reached(best) ? Standing::unsure : Standing::missed;
}

std::string to_markdown(const Results& r, const std::string& heading) {
  std::string out;
  for (const Table& t : r.tables) out += table(t, heading);
  Table goals{"Against the goals", {"figure", "measured", "goal", ""}, {}};
  for (const Metric& m : r.metrics)
    if (m.goal)
      goals.rows.push_back({m.name, text_of(m.value, decimals_of(m)) + " " + m.unit,
                            fmt::format("{} {:g}", m.lower_is_better ? "≤" : "≥", *m.goal),
                            word(standing(m))});
  if (!goals.rows.empty()) out += table(goals, heading);
  for (const std::string& note : r.notes) out += note + "\n\n";
  for (const std::string& failure : r.failures) out += "**Failed:** " + failure + "\n\n";
  return out;
}

int finish(const Results& r, const std::string& path) {
  fmt::print("# {}\n\nMachine: {}.\n{}\n{}", r.program, text_of(r.machine),
             r.material.empty() ? "" : "Material: " + r.material + ".\n", to_markdown(r, "#"));
  if (!path.empty()) {
    std::ofstream file(path);
    file << to_json(r).dump(1) << '\n';
    if (!file.flush()) throw std::runtime_error(path + " could not be written.");
  }
  return r.failures.empty() ? 0 : 1;
}

}  // namespace bench
