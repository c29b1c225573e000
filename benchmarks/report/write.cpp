#include "report/write.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "report/svg.h"

namespace bench {

namespace {
void write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) throw std::runtime_error(path + " could not be written.");
}
}  // namespace

void write_json(const std::string& path, const std::vector<Results>& all) {
  nlohmann::json json = {{"version", Results::version}, {"programs", nlohmann::json::array()}};
  for (const Results& r : all) json["programs"].push_back(to_json(r));
  write(path, json.dump(1) + "\n");
}

std::vector<Results> read_json(const std::string& path) {
  std::ifstream file(path);
  const auto json = nlohmann::json::parse(file, nullptr, false);
  if (json.is_discarded() || !json.is_object())
    throw std::runtime_error(path + " is no report of this program: it holds no JSON object.");
  std::vector<Results> all;
  if (json.contains("programs"))
    for (const auto& one : json["programs"]) all.push_back(results_from(one));
  else
    all.push_back(results_from(json));  // one program's own --json
  return all;
}

void write_page(const std::string& folder, const std::vector<Results>& all,
                const std::vector<Compared>& against, const std::string& before) {
  std::string page = "# Benchmarks\n\n";
  if (!all.empty()) page += "Machine: " + text_of(all.front().machine) + ".\n\n";
  std::string goals = "| program | figure | measured | goal | |\n|---|---|---|---|---|\n";
  bool any = false;
  for (const Results& r : all)
    for (const Metric& m : r.metrics)
      if (m.goal) {
        any = true;
        const Standing s = standing(m);
        goals += fmt::format("| {} | {} | {} {} | {} {:g} | {} |\n", r.program, m.name,
                             text_of(m.value, 3), m.unit, m.lower_is_better ? "≤" : "≥", *m.goal,
                             s == Standing::met      ? "met"
                             : s == Standing::missed ? "**missed**"
                                                     : "within the noise");
      }
  if (any) page += "## Goals\n\n" + goals + "\n";
  if (!before.empty()) page += "## Against " + before + "\n\n" + to_markdown(against) + "\n";
  for (const Results& r : all) {
    page += "## " + r.program + "\n\n";
    if (!r.material.empty()) page += "Material: " + r.material + ".\n\n";
    page += fmt::format("{}; load {:.2f} before.\n\n", r.machine.date, r.machine.load);
    for (const Chart& chart : r.charts) {
      const std::string name = r.program + "_" + chart.name + ".svg";
      write(folder + "/" + name, to_svg(chart));
      page += fmt::format("![{}]({})\n\n", chart.title, name);
    }
    Results rest = r;  // goals stand above
    for (Metric& m : rest.metrics) m.goal.reset();
    page += to_markdown(rest, "##");
  }
  write(folder + "/report.md", page);
}

}  // namespace bench
