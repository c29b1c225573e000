#include "ours.h"

#include <cleanplate/pipeline.h>

#include <chrono>
#include <map>

#include "clip_reader.h"

namespace quality {

namespace {
constexpr int told_margin = 6;

cleanplate::Result<cleanplate::Report> run(const std::string& input, const std::string& output,
                                           const cleanplate::Options& options,
                                           const cleanplate::Callbacks& callbacks) {
  auto pipeline = cleanplate::Pipeline::create(options);
  if (!pipeline) return pipeline.error();
  return pipeline->run(input, output, callbacks);
}

/// What was accepted is laid together where it touches the truth; the rest is a false find.
void judge_finds(const std::vector<cleanplate::Candidate>& candidates, const Case& made,
                 OursOutcome& outcome) {
  cleanplate::Box there;
  for (const auto& candidate : candidates) {
    if (!candidate.accepted) continue;
    if (candidate.detection.box.intersect(made.support_box()).empty())
      ++outcome.false_finds;
    else
      there = there.unite(candidate.detection.box);
  }
  outcome.iou = cleanplate::iou(there, made.support_box());
  outcome.found = outcome.iou > .5;
}
}  // namespace

cleanplate::Box told_box(const Case& made) {
  const auto size = made.size();
  return made.support_box().grown(told_margin).intersect({0, 0, size.width, size.height});
}

std::string told_region(const Case& made) {
  const auto box = told_box(made);
  return std::to_string(box.x) + "," + std::to_string(box.y) + "," + std::to_string(box.width) +
         "," + std::to_string(box.height);
}

Crop cut(const cleanplate::Frame& frame, const CropBoxes& boxes) {
  Crop crop;
  const cleanplate::PixelFormat format = frame.format();
  for (int c = 0; c < format.components(); ++c) {
    const auto [x, y, w, h] = boxes[static_cast<std::size_t>(c)];
    const cleanplate::ComponentView view = frame.component(c);
    Patch& patch = crop[static_cast<std::size_t>(c)];
    patch = {x, y, w, h, {}};
    patch.samples.reserve(static_cast<std::size_t>(w) * static_cast<std::size_t>(h));
    for (int py = y; py < y + h; ++py) {
      const std::byte* row = view.data + py * view.stride;
      for (int px = x; px < x + w; ++px) {
        const int at = px * view.step;
        const int value = format.bits > 8 ? reinterpret_cast<const std::uint16_t*>(row)[at]
                                          : static_cast<int>(row[at]);
        patch.samples.push_back(static_cast<std::uint16_t>(value >> format.sample_shift()));
      }
    }
  }
  return crop;
}

OursOutcome run_ours(const Case& made, const std::string& input, const std::string& output,
                     const OursSetting& setting) {
  OursOutcome outcome;
  cleanplate::Options options = setting.options;
  if (setting.hint == Hint::region) options.region = {told_region(made)};
  if (setting.hint == Hint::master) options.templates = {setting.logo};
  options.quality = setting.crf;
  options.encoder_options = "preset=" + (setting.before_encoder ? "ultrafast" : setting.preset);
  Judge judge(made);
  cleanplate::Callbacks callbacks;
  if (setting.before_encoder)
    callbacks.restored = [&](const cleanplate::Frame& frame) {
      judge.add(cut(frame, made.boxes()));
    };
  const auto begin = std::chrono::steady_clock::now();
  const auto report = run(input, output, options, callbacks);
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (!report || report->nothing_found) {
    if (!report) outcome.error = report.error().message;
    outcome.nothing_found = true;
    outcome.same = {true, true, true};
    Judge untouched(made);
    judge_file(input, made, untouched);
    outcome.score = untouched.score();
    outcome.kept = untouched.kept();
    outcome.frames = untouched.frames();
    return outcome;
  }
  if (!setting.before_encoder) judge_file(output, made, judge);
  for (const auto& method : report->methods)
    outcome.methods +=
        (outcome.methods.empty() ? "" : ", ") + method.method + " " + std::to_string(method.frames);
  for (const auto& c : report->candidates)
    if (c.accepted) outcome.reasons += (outcome.reasons.empty() ? "" : " | ") + c.reason;
  for (const auto& d : report->degradations)
    if (d.stage != "encode")
      outcome.degradations.push_back(d.stage + ": " + d.to + " instead of " + d.from + " (" +
                                     d.reason + ")");
  judge_finds(report->candidates, made, outcome);
  outcome.score = judge.score();
  outcome.kept = judge.kept();
  outcome.frames = judge.frames();
  outcome.same = compare_files(input, output);
  return outcome;
}

OutsideCheck check_outside(const Case& made, const std::string& input, const std::string& output) {
  OutsideCheck check;
  cleanplate::Options options;
  options.region = {told_region(made)};
  options.lossless = true;
  options.encoder_options = "preset=ultrafast";
  options.always = true;
  if (const auto report = run(input, output, options, {}); !report) {
    check.error = report.error().message;
    return check;
  }
  ClipReader before(input), after(output);
  demo::FramePtr a = demo::new_frame(), b = demo::new_frame();
  const cleanplate::Box box = told_box(made);
  while (before.next(*a)) {
    if (!after.next(*b) || a->format != b->format || a->width != b->width ||
        a->height != b->height) {
      check.error = "The lossless output has fewer frames, or others than the input's in kind.";
      return check;
    }
    for (int c = 0; c < 3; ++c) {
      const auto [w, h] = demo::size_of(*a, c);
      const int sx = w < a->width, sy = h < a->height;
      for (int y = 0; y < h; ++y)
        for (int x = 0; x < w; ++x) {
          if (!box.intersect({x << sx, y << sy, 1 << sx, 1 << sy}).empty()) continue;
          ++check.compared;
          check.different += demo::sample(*a, c, x, y) != demo::sample(*b, c, x, y);
        }
    }
  }
  return check;
}

}  // namespace quality
