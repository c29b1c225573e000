#include "run_case.h"

#include <cleanplate/pipeline.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "clip_reader.h"
#include "peers.h"
#include "scratch.h"
#include "side_by_side.h"

namespace quality {

namespace {
/// A peer with where its frames go: to the judge at once, or through the encoder first.
struct Line {
  std::unique_ptr<Peer> peer;
  std::unique_ptr<demo::ClipWriter> writer;
  std::string file;
  Judge judge;
};

std::vector<Line> lines_of(std::vector<std::unique_ptr<Peer>> peers, const Case& made) {
  std::vector<Line> lines;
  for (auto& peer : peers) lines.push_back({std::move(peer), nullptr, {}, Judge(made)});
  return lines;
}

/// All peers in one pass over the input; "untouched" is the input itself, so it is never encoded.
std::vector<Line> run_peers(const Case& made, const CaseOrder& order, const std::string& input,
                            const Scratch& scratch, const RunSetting& setting) {
  const bool before_encoder = setting.before_encoder;
  std::vector<Line> lines;
  ClipReader reader(input);
  demo::FramePtr frame = demo::new_frame();
  const auto settings = settings_like(reader.video(), order.preset, order.crf);
  for (int number = 0; reader.next(*frame); ++number) {
    if (lines.empty()) {
      const Told told = told_of(made, *frame, scratch.path());
      auto peers = reference_peers(made, order.kind != "seethrough");
      if (setting.wants("peers")) {
        for (auto& peer : filter_peers(told)) peers.push_back(std::move(peer));
        for (auto& peer : opencv_peers(told)) peers.push_back(std::move(peer));
      }
      lines = lines_of(std::move(peers), made);
      for (Line& line : lines) {
        if (before_encoder || line.peer->name() == "untouched") continue;
        line.file = scratch / (line.peer->name() + ".mp4");
        line.writer = std::make_unique<demo::ClipWriter>(line.file, *frame, settings);
      }
    }
    for (Line& line : lines) {
      const demo::FramePtr restored = line.peer->restore(*frame, number);
      if (line.writer)
        line.writer->push(*restored);
      else
        line.judge.add(cut(*restored, made.boxes()));
    }
  }
  for (Line& line : lines) {
    if (!line.writer) continue;
    line.writer->finish();
    judge_file(line.file, made, line.judge);
  }
  return lines;
}

OursOutcome ours(const Case& made, const CaseOrder& order, const std::string& input,
                 const std::string& output, Hint hint, const std::string& method,
                 bool before_encoder) {
  OursSetting setting;
  setting.options.method = method;
  setting.hint = hint;
  setting.logo = order.logo;
  setting.before_encoder = before_encoder;
  setting.preset = order.preset;
  setting.crf = order.crf;
  return run_ours(made, input, output, setting);
}

/// What was changed of the mark's luma, and beside it.
void judge_place(const Case& made, const Crop& input, OursOutcome& ours) {
  const Patch &before = input[0], &after = ours.kept[0];
  if (before.samples.size() != after.samples.size()) return;
  const auto support = made.support_map();
  const auto row = static_cast<std::size_t>(made.size().width);
  double all = 0, covered = 0, beside = 0;
  for (int y = before.y; y < before.y + before.height; ++y)
    for (int x = before.x; x < before.x + before.width; ++x) {
      const bool in = support[static_cast<std::size_t>(y) * row + static_cast<std::size_t>(x)] > 0;
      const bool changed = before.at(x, y) != after.at(x, y);
      all += in, covered += in && changed, beside += !in && changed;
    }
  if (all > 0) ours.covered = covered / all, ours.beside = beside / all;
}
}  // namespace

bool RunSetting::wants(std::string_view way) const {
  return std::find(ways.begin(), ways.end(), way) != ways.end();
}

const ClipScore* CaseResult::of(const std::string& method) const {
  for (const MethodScore& s : scores)
    if (s.method == method) return &s.score;
  return nullptr;
}

const MethodScore* CaseResult::best_peer(bool with_opencv) const {
  const MethodScore* best = nullptr;
  for (const MethodScore& s : scores) {
    const bool ffmpeg = s.method == "delogo" || s.method == "removelogo";
    const bool opencv = s.method == "telea" || s.method == "navier-stokes";
    if ((ffmpeg || (opencv && with_opencv)) && (!best || s.score.psnr > best->score.psnr))
      best = &s;
  }
  return best;
}

CaseResult run_case(const CaseOrder& order, const RunSetting& setting) {
  CaseResult result;
  result.name = setting.name;
  result.clip = std::filesystem::path(order.clip).stem();
  result.logo = order.kind == "timecode" ? "" : std::filesystem::path(order.logo).stem().string();
  result.kind = order.kind;
  const Scratch scratch;
  const std::string input = scratch / "input.mp4", clean = scratch / "clean.mp4";
  const Case made(order, input, clean);
  result.frames = made.frames();

  Judge floor(made);
  judge_file(clean, made, floor);
  result.scores.push_back({"floor", floor.score()});
  Judge truth(made);
  for (int n = 0; n < made.frames(); ++n) truth.add(made.clean(n));
  result.scores.push_back({"truth", truth.score()});
  std::vector<Line> lines = run_peers(made, order, input, scratch, setting);
  const auto run = [&](const std::string& way, Hint hint, const std::string& method = "auto") {
    const OursOutcome out =
        ours(made, order, input, scratch / (way + ".mp4"), hint, method, setting.before_encoder);
    result.scores.push_back({"ours " + way, out.score});
    return out;
  };
  for (const char* layer : {"fill", "propagate"})
    if (setting.wants(layer)) run(layer, Hint::region, layer);
  if (setting.wants("told")) result.told = run("told", Hint::region);
  if (setting.wants("blind")) result.blind = run("blind", Hint::none);
  if (setting.wants("template") && !order.logo.empty() && order.kind != "timecode")
    result.master = run("template", Hint::master);
  for (const Line& line : lines) {
    result.scores.push_back({line.peer->name(), line.judge.score()});
    if (line.peer->name() != "untouched") continue;
    for (OursOutcome* out : {&result.told, &result.blind, &result.master})
      judge_place(made, line.judge.kept(), *out);
  }

  if (!setting.pictures.empty() && setting.wants("told")) {
    Strip strip(made.luma_weights(), made.bits());
    const MethodScore* best = result.best_peer(true);
    for (const Line& line : lines)
      if (line.peer->name() == "untouched") strip.add(line.judge.kept());
    strip.add(result.told.kept);
    strip.add(made.clean(made.frames() / 2));
    for (const Line& line : lines)
      if (best && line.peer->name() == best->method) strip.add(line.judge.kept());
    strip.write(setting.pictures + "/" + setting.name + ".png");
  }
  if (setting.outside) {
    CaseOrder brief = order;
    brief.frames = 24;
    const Case small(brief, scratch / "brief.mp4", "");
    result.outside = check_outside(small, scratch / "brief.mp4", scratch / "lossless.mp4");
  }
  return result;
}

BareResult run_bare(const CaseOrder& order) {
  BareResult result;
  result.clip = std::filesystem::path(order.clip).stem();
  const Scratch scratch;
  CaseOrder any = order;
  any.kind = "timecode";  // needs no logo; its marked file is not used
  const Case made(any, scratch / "marked.mp4", scratch / "clean.mp4");
  auto pipeline = cleanplate::Pipeline::create({});
  if (!pipeline) {
    result.error = pipeline.error().message;
    return result;
  }
  const auto report = pipeline->run(scratch / "clean.mp4", scratch / "out.mp4");
  result.output_written = std::filesystem::exists(scratch / "out.mp4");
  if (!report) {
    result.error = report.error().message;
    return result;
  }
  result.nothing_found = report->nothing_found;
  for (const auto& candidate : report->candidates) result.accepted += candidate.accepted;
  return result;
}

}  // namespace quality
