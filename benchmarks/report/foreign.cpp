#include "report/foreign.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

namespace bench {

using Json = nlohmann::json;

namespace {
/// Every repetition of one benchmark.
struct Repeated {
  std::string name, unit, error;
  std::vector<double> time, rate, memcpy_rate, share;
};

std::vector<Repeated> repetitions(const Json& json) {
  std::vector<Repeated> all;
  for (const Json& b : json.at("benchmarks")) {
    if (b.value("run_type", "iteration") != "iteration") continue;
    const std::string name = b.at("run_name");
    auto it = std::find_if(all.begin(), all.end(), [&](const auto& r) { return r.name == name; });
    if (it == all.end()) {
      all.push_back({name, "", "", {}, {}, {}, {}});
      it = all.end() - 1;
    }
    if (b.value("error_occurred", false)) {
      it->error = b.value("error_message", "failed");
      continue;
    }
    it->unit = b.at("time_unit");
    it->time.push_back(b.at("real_time"));
    if (!b.contains("of memcpy")) continue;
    it->rate.push_back(b.at("GB/s"));
    it->memcpy_rate.push_back(b.at("memcpy GB/s"));
    it->share.push_back(b.at("of memcpy"));
  }
  return all;
}

/// "ReadSample/8 bit/1080p/avx2/manual_time" without its end.
std::string plain_name(const std::string& name) {
  for (const char* end : {"/manual_time", "/real_time"})
    if (const auto at = name.find(end); at != std::string::npos) return name.substr(0, at);
  return name;
}

/// "ReadSample/8 bit/1080p/avx2" in its parts.
std::vector<std::string> parts_of(const std::string& name) {
  std::vector<std::string> parts;
  std::istringstream in(name);
  for (std::string part; std::getline(in, part, '/');) parts.push_back(part);
  return parts;
}

/// Rows: kernel, format, instruction set; a column a size, in the order in which they come.
class Pivot {
 public:
  void add(const std::vector<std::string>& parts, const std::string& cell) {
    const std::string row = parts[0] + ", " + parts[1] + ", " + parts[3];
    place(sizes_, parts[2]);
    place(rows_, row);
    cells_[row][parts[2]] = cell;
  }
  [[nodiscard]] Table table() {
    Table out{"GB/s, and the share of memcpy's", {"kernel"}, {}};
    out.columns.insert(out.columns.end(), sizes_.begin(), sizes_.end());
    std::sort(rows_.begin(), rows_.end());
    for (const std::string& row : rows_) {
      out.rows.push_back({row});
      for (const std::string& size : sizes_) out.rows.back().push_back(cells_[row][size]);
    }
    return out;
  }

 private:
  static void place(std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  std::vector<std::string> sizes_, rows_;
  std::map<std::string, std::map<std::string, std::string>> cells_;
};
}  // namespace

Results from_google_benchmark(const Json& json) {
  Results out;
  out.program = "kernels";
  out.machine = this_machine();
  Pivot pivot;
  Table others{"Others", {"pass", "time", "GB/s", "memcpy GB/s", "of memcpy"}, {}};
  Chart chart{"1080p", "Bytes a second against memcpy's, 1080p, one thread", "×", {}, 1};
  for (const Repeated& r : repetitions(json)) {
    const std::string name = plain_name(r.name);
    if (r.time.empty()) {
      // A kernel that this build or processor has not got is no failure; a wrong answer is.
      if (r.error.find("wrong") != std::string::npos) out.failures.push_back(name + ": " + r.error);
      others.rows.push_back({name, r.error, "", "", ""});
      continue;
    }
    const Interval time = interval_of(r.time);
    if (r.share.empty()) {
      others.rows.push_back({name, text_of(time, 2) + " " + r.unit, "", "", ""});
      out.metrics.push_back({name, r.unit, time, true, false, {}});
      continue;
    }
    const Interval rate = interval_of(r.rate), share = interval_of(r.share);
    const auto parts = parts_of(name);
    if (parts.size() == 4)
      pivot.add(parts, fmt::format("{:.1f} ({:.2f})", rate.median, share.median));
    else
      others.rows.push_back({name, text_of(time, 1) + " " + r.unit, text_of(rate, 1),
                             text_of(interval_of(r.memcpy_rate), 1), text_of(share, 2)});
    out.metrics.push_back({name, "GB/s", rate, false, false, {}});
    out.metrics.push_back({name + " of memcpy", "×", share, false, true, {}});
    if (name.find("/8 bit/1080p") != std::string::npos) chart.bars.push_back({name, share, true});
  }
  std::sort(chart.bars.begin(), chart.bars.end(),
            [](const Bar& a, const Bar& b) { return a.label < b.label; });
  out.tables = {pivot.table(), std::move(others)};
  if (!chart.bars.empty()) out.charts.push_back(std::move(chart));
  out.notes.push_back(
      "On one thread; bytes that a kernel reads and writes once; memcpy over as many, measured "
      "right after each.");
  return out;
}

Results from_quality(const Json& json) {
  Results out;
  out.program = "quality";
  out.machine = this_machine();
  for (const Json& c : json.at("cases")) {
    const std::string name = c.at("name");
    const Json& scores = c.at("scores");
    for (const char* way : {"ours told", "ours blind"}) {
      if (!scores.contains(way)) continue;
      const Json& s = scores[way];
      out.metrics.push_back({name + " " + way, "dB", exactly(s.at("psnr")), false, true, {}});
      out.metrics.push_back(
          {name + " " + way + " flashes", "frames", exactly(s.at("flashes")), true, true, {}});
    }
  }
  return out;
}

}  // namespace bench
