#include "table.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <thread>

#include "peers.h"

namespace quality {

namespace {
using Numbers = std::vector<double>;

std::string yes(bool is) { return is ? "yes" : "no"; }

std::optional<double> median(Numbers values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}

std::optional<double> least(const Numbers& values) {
  if (values.empty()) return {};
  return *std::min_element(values.begin(), values.end());
}

std::string one_decimal(std::optional<double> value) {
  return value ? fmt::format("{:.1f}", *value) : "–";
}

std::string db(const ClipScore* score) { return score ? one_decimal(score->psnr) : "–"; }

constexpr const char* columns[] = {"floor",      "oracle",     "ours fill",     "ours propagate",
                                   "ours told",  "ours blind", "ours template", "delogo",
                                   "removelogo", "telea",      "navier-stokes", "untouched"};

std::string psnr_table(const Results& results) {
  std::string out =
      "| case | floor | oracle | ours fill | ours propagate | ours told | ours blind | found | "
      "ours "
      "template | delogo | removelogo | telea | navier-stokes | untouched |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const CaseResult& c : results.cases) {
    if (!c.error.empty()) {
      out += fmt::format("| {} | {} |\n", c.name, c.error);
      continue;
    }
    out += fmt::format("| {} |", c.name);
    for (const char* column : columns) {
      out += fmt::format(" {} |", db(c.of(column)));
      if (std::string_view(column) == "ours blind")
        out +=
            fmt::format(" {}{} |", yes(c.blind.found),
                        c.blind.false_finds ? fmt::format(" +{} false", c.blind.false_finds) : "");
    }
    out += "\n";
  }
  return out;
}

std::string residue_table(const Results& results) {
  std::string out =
      "| case | method | PSNR | to floor | chroma | \\|ρ\\| median | 99th pct | mean ρ | flashes | "
      "flicker |\n|---|---|---|---|---|---|---|---|---|---|\n";
  for (const CaseResult& c : results.cases) {
    const ClipScore* floor = c.of("floor");
    if (!floor) continue;
    const MethodScore* peer = c.best_peer(true);
    for (const MethodScore& m : c.scores) {
      const bool shown = m.method == "floor" || m.method == "oracle" || m.method == "ours told" ||
                         m.method == "ours blind" || m.method == "ours template" ||
                         (peer && m.method == peer->method);
      if (!shown) continue;
      const ClipScore& s = m.score;
      const OursOutcome* ours = m.method == "ours told"       ? &c.told
                                : m.method == "ours blind"    ? &c.blind
                                : m.method == "ours template" ? &c.master
                                                              : nullptr;
      const std::string by =
          ours ? " (" + (ours->methods.empty() ? "nothing" : ours->methods) + ")" : "";
      out += fmt::format(
          "| {} | {}{} | {:.1f} | {:.1f} | {:.1f} | {:.3f} | {:.3f} | {:+.3f} | {}/{} | {:.2f} |\n",
          c.name, m.method, by, s.psnr, floor->psnr - s.psnr, s.chroma_psnr, s.residue_median,
          s.residue_p99, s.residue_mean, s.flashes, s.measured, s.flicker);
    }
  }
  return out;
}

/// The place against the ring round it: of the truth, of ours and of each peer.
std::string texture_table(const Results& results) {
  constexpr const char* shown[] = {"truth",  "ours told",  "ours blind", "ours template",
                                   "delogo", "removelogo", "telea",      "navier-stokes"};
  std::string out = "| case |", line = "\n|---|";
  for (const char* method : shown) out += fmt::format(" {} |", method), line += "---|";
  out += line + "\n";
  for (const CaseResult& c : results.cases) {
    if (!c.error.empty()) continue;
    out += fmt::format("| {} |", c.name);
    for (const char* method : shown) {
      const ClipScore* score = c.of(method);
      if (!score) {
        out += " – |";
        continue;
      }
      const TextureScore& t = score->texture;
      out += fmt::format(" {:.2f}, {:.2f}, {:.2f} |", t.variance, t.gradients,
                         t.ring_change > 0 ? t.place_change / t.ring_change : 1);
    }
    out += "\n";
  }
  return out;
}

/// Medians of one kind of overlay.
struct Summary {
  std::map<std::string, Numbers> psnr;
  Numbers above_ffmpeg, above_any, below_oracle, above_fill, flicker, floor_flicker;
  int cases = 0, found = 0, flashes = 0, false_finds = 0;
};

/// The better of our own without un-blending; 0: not run.
double own_fill(const CaseResult& c) {
  double best = 0;
  for (const char* layer : {"ours fill", "ours propagate"})
    if (const ClipScore* score = c.of(layer)) best = std::max(best, score->psnr);
  return best;
}

Summary summary_of(const Results& results, const std::string& kind) {
  Summary s;
  for (const CaseResult& c : results.cases) {
    if (c.kind != kind || !c.error.empty()) continue;
    ++s.cases;
    s.found += c.blind.found;
    s.false_finds += c.blind.false_finds;
    s.flashes += c.told.score.flashes;
    for (const MethodScore& m : c.scores) s.psnr[m.method].push_back(m.score.psnr);
    if (!c.of("ours told")) continue;
    if (const auto* peer = c.best_peer(false))
      s.above_ffmpeg.push_back(c.told.score.psnr - peer->score.psnr);
    if (const auto* peer = c.best_peer(true))
      s.above_any.push_back(c.told.score.psnr - peer->score.psnr);
    if (const auto* oracle = c.of("oracle"))
      s.below_oracle.push_back(oracle->psnr - c.told.score.psnr);
    if (const double best = own_fill(c); best > 0) s.above_fill.push_back(c.told.score.psnr - best);
    s.flicker.push_back(c.told.score.flicker);
    s.floor_flicker.push_back(c.of("floor")->flicker);
  }
  return s;
}

std::string summary_table(const Results& results) {
  std::string out =
      "| kind | cases | floor | oracle | ours fill | ours propagate | ours told | ours blind | "
      "ours "
      "template | delogo | removelogo | telea | navier-stokes | untouched | told − better FFmpeg "
      "peer | told − best peer | oracle − told | told − own fill, worst | "
      "found | false | told flashes | told flicker (floor's) |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const char* kind : {"seethrough", "opaque", "timecode"}) {
    const Summary s = summary_of(results, kind);
    if (!s.cases) continue;
    out += fmt::format("| {} | {} |", kind, s.cases);
    for (const char* column : columns) {
      const auto at = s.psnr.find(column);
      out +=
          fmt::format(" {} |", one_decimal(at == s.psnr.end() ? std::nullopt : median(at->second)));
    }
    out += fmt::format(" {} | {} | {} | {} | {}/{} | {} | {} | {:.2f} ({:.2f}) |\n",
                       one_decimal(median(s.above_ffmpeg)), one_decimal(median(s.above_any)),
                       one_decimal(median(s.below_oracle)), one_decimal(least(s.above_fill)),
                       s.found, s.cases, s.false_finds, s.flashes, median(s.flicker).value_or(0),
                       median(s.floor_flicker).value_or(0));
  }
  return out;
}

std::string checks(const Results& results) {
  int frames = 0, times = 0, sound = 0, runs = 0, outside = 0, outside_wrong = 0;
  std::string failures;
  std::set<std::string> degradations;
  for (const CaseResult& c : results.cases) {
    if (!c.error.empty()) continue;
    for (const auto& [way, o] : {std::pair{"ours told", &c.told}, {"ours blind", &c.blind}}) {
      if (!c.of(way)) continue;
      ++runs;
      degradations.insert(o->degradations.begin(), o->degradations.end());
      frames += o->same.frames && o->frames == c.frames;
      times += o->same.times, sound += o->same.sound;
      if (!o->error.empty()) failures += fmt::format("- {}: {}\n", c.name, o->error);
    }
    if (!c.outside.error.empty())
      failures += fmt::format("- {}: lossless: {}\n", c.name, c.outside.error), ++outside_wrong;
    if (c.outside.compared) ++outside, outside_wrong += c.outside.different != 0;
  }
  for (const std::string& d : degradations) failures += fmt::format("- less than all: {}\n", d);
  std::string out =
      fmt::format("Runs of ours: {}; with equal frame count {}, equal times {}, equal sound {}.\n",
                  runs, frames, times, sound);
  if (outside + outside_wrong)
    out +=
        fmt::format("Lossless, outside the told region: {} clips compared, {} with a difference.\n",
                    outside, outside_wrong);
  if (!results.bare.empty()) {
    int kept = 0;
    for (const BareResult& b : results.bare) {
      kept += b.nothing_found && !b.output_written;
      if (!b.nothing_found)
        failures += fmt::format("- {} without an overlay: {} taken for one {}\n", b.clip,
                                b.accepted, b.error);
    }
    out +=
        fmt::format("Clips without an overlay left alone: {} of {}.\n", kept, results.bare.size());
  }
  return failures.empty() ? out : out + "\n" + failures;
}

nlohmann::json json_of(const ClipScore& s) {
  return {{"psnr", s.psnr},
          {"chroma_psnr", s.chroma_psnr},
          {"worst_psnr", s.worst_psnr},
          {"residue_median", s.residue_median},
          {"residue_p99", s.residue_p99},
          {"residue_mean", s.residue_mean},
          {"flashes", s.flashes},
          {"measured", s.measured},
          {"flicker", s.flicker},
          {"frames", s.frames},
          {"texture_variance", s.texture.variance},
          {"texture_gradients", s.texture.gradients},
          {"place_change", s.texture.place_change},
          {"ring_change", s.texture.ring_change}};
}

nlohmann::json json_of(const OursOutcome& o) {
  return {{"error", o.error},
          {"methods", o.methods},
          {"reasons", o.reasons},
          {"covered", o.covered},
          {"beside", o.beside},
          {"nothing_found", o.nothing_found},
          {"found", o.found},
          {"iou", o.iou},
          {"false_finds", o.false_finds},
          {"seconds", o.seconds},
          {"frames_equal", o.same.frames},
          {"times_equal", o.same.times},
          {"sound_equal", o.same.sound}};
}
}  // namespace

std::string machine() {
  std::ifstream info("/proc/cpuinfo");
  std::string line, model = "unknown processor";
  while (std::getline(info, line))
    if (line.rfind("model name", 0) == 0) {
      model = line.substr(line.find(':') + 2);
      break;
    }
  std::string out = fmt::format("{}, {} cores; FFmpeg {}", model,
                                std::thread::hardware_concurrency(), av_version_info());
  if (!filter_version().empty()) out += ", libavfilter " + filter_version();
  if (!opencv_version().empty()) out += "; OpenCV " + opencv_version();
  return out;
}

std::string to_markdown(const Results& results) {
  return fmt::format(
      "Machine: {}.\nMeasured {}. PSNR of luma in the support, dB, against the clean clip.\n\n"
      "## Medians\n\n{}\n{}\n## PSNR by case\n\n{}\n## Residue and flicker\n\n{}\n"
      "## Texture: variance, gradients (0 as the ring's), change (1 as the ring's)\n\n{}",
      machine(),
      results.before_encoder ? "before the encoder, ours and peers alike"
                             : "after the same encode, ours and peers alike",
      summary_table(results), checks(results), psnr_table(results), residue_table(results),
      texture_table(results));
}

nlohmann::json to_json(const Results& results) {
  nlohmann::json all = {{"version", 1},
                        {"machine", machine()},
                        {"before_encoder", results.before_encoder},
                        {"cases", nlohmann::json::array()},
                        {"bare", nlohmann::json::array()}};
  for (const CaseResult& c : results.cases) {
    nlohmann::json scores = nlohmann::json::object();
    for (const MethodScore& m : c.scores) scores[m.method] = json_of(m.score);
    all["cases"].push_back({{"name", c.name},
                            {"clip", c.clip},
                            {"logo", c.logo},
                            {"kind", c.kind},
                            {"frames", c.frames},
                            {"error", c.error},
                            {"scores", scores},
                            {"told", json_of(c.told)},
                            {"blind", json_of(c.blind)},
                            {"outside",
                             {{"compared", c.outside.compared},
                              {"different", c.outside.different},
                              {"error", c.outside.error}}}});
  }
  for (const BareResult& b : results.bare)
    all["bare"].push_back({{"clip", b.clip},
                           {"nothing_found", b.nothing_found},
                           {"output_written", b.output_written},
                           {"accepted", b.accepted},
                           {"error", b.error}});
  return all;
}

}  // namespace quality
