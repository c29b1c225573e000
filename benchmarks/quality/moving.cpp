#include "moving.h"

#include <cleanplate/pipeline.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>

#include "clip_reader.h"
#include "metrics.h"
#include "ours.h"
#include "peers.h"
#include "scratch.h"

namespace quality {

namespace {

constexpr double flash = .25;         // |ρ|
constexpr double least_pattern = 2.;  // levels; ρ means nothing under it

/// Squared errors over the support of all frames.
struct Sum {
  double error = 0, samples = 0;
  void add(const FrameScore& s) {
    error += s.squared_error * static_cast<double>(s.support);
    samples += static_cast<double>(s.support);
  }
  [[nodiscard]] double decibels() const { return samples > 0 ? psnr(error / samples) : 0; }
};

/// What of a frame's luma changed, and what was covered.
class Judged {
 public:
  /// @param scratch  a folder for the peers; empty: they are left out.
  Judged(const MovingCase& made, std::string scratch, MovingResult& result)
      : made_(made), scratch_(std::move(scratch)), result_(result) {}

  /// @param before  the decoded input's frame; the same one.
  void add(const cleanplate::Frame& after, const AVFrame& before) {
    if (frame_ >= made_.frames()) return;
    const auto& truth = made_.truth(frame_);
    bool seen = false, left = false;
    for (std::size_t k = 0; k < truth.size(); ++k) {
      const CropBoxes& boxes = made_.boxes(frame_)[k];
      const Crop& clean = made_.clean(frame_)[k];
      const FrameScore score = quality::score(cut(after, boxes), clean, truth[k]);
      ours_.add(score);
      untouched_.add(quality::score(cut(before, boxes), clean, truth[k]));
      demo::FramePtr copy(av_frame_clone(&before));
      demo::checked(av_frame_make_writable(copy.get()), "Copying a frame");
      for (const demo::Overlay& overlay : truth) demo::take_off(*copy, overlay);
      oracle_.add(quality::score(cut(*copy, boxes), clean, truth[k]));
      if (score.pattern_rms < least_pattern) continue;
      seen = true;
      left = left || std::fabs(score.residue) > flash;
    }
    compare(after, before, truth);
    if (!scratch_.empty() && !truth.empty()) add_peers(before);
    result_.there += seen;
    result_.flashes += left;
    ++frame_;
  }
  void finish() {
    result_.frames = frame_;
    result_.psnr = ours_.decibels();
    result_.oracle = oracle_.decibels();
    result_.untouched = untouched_.decibels();
    for (const auto& [name, sum] : peers_) result_.peers[name] = sum.decibels();
    if (covered_ > 0) result_.iou = iou_ / covered_;
  }

 private:
  /// Each is made anew for the frame, as it knows one place only.
  void add_peers(const AVFrame& before) {
    const auto& truth = made_.truth(frame_);
    for (std::size_t k = 0; k < truth.size(); ++k) {
      const demo::Layer& layer = truth[k].layers[0];
      Told told{{}, {}, made_.boxes(frame_)[k], before, scratch_};
      told.support.resize(static_cast<std::size_t>(before.width * before.height));
      int l = before.width, t = before.height, r = 0, b = 0;
      for (int y = std::max(0, layer.y); y < std::min(before.height, layer.y + layer.height); ++y)
        for (int x = std::max(0, layer.x); x < std::min(before.width, layer.x + layer.width); ++x) {
          if (layer.alpha_at(x, y) <= support_alpha) continue;
          told.support[static_cast<std::size_t>(y * before.width + x)] = 255;
          l = std::min(l, x), r = std::max(r, x + 1), t = std::min(t, y), b = std::max(b, y + 1);
        }
      if (r == 0) continue;
      told.box = {l, t, r - l, b - t};
      auto peers = filter_peers(told);
      for (auto& peer : opencv_peers(told)) peers.push_back(std::move(peer));
      for (const auto& peer : peers)
        peers_[peer->name()].add(quality::score(cut(*peer->restore(before, frame_), told.boxes),
                                                made_.clean(frame_)[k], truth[k]));
    }
  }

  /// A changed sample lends its neighbours: un-blending leaves what already has the mark's colour.
  void compare(const cleanplate::Frame& after, const AVFrame& before,
               const std::vector<demo::Overlay>& truth) {
    const auto [w, h] = demo::size_of(before, 0);
    const cleanplate::ComponentView view = after.component(0);
    const auto bytes = static_cast<std::size_t>(w * after.format().bytes_per_sample());
    bool changed = false;
    for (int y = 0; y < h && !changed; ++y)
      changed = std::memcmp(view.data + y * view.stride,
                            before.data[0] + static_cast<std::ptrdiff_t>(y) * before.linesize[0],
                            bytes) != 0;
    if (truth.empty()) {
      ++result_.away;
      result_.touched += changed;
      return;
    }
    const CropBoxes whole{{{0, 0, w, h}, {0, 0, 0, 0}, {0, 0, 0, 0}}};
    const Crop a = cut(after, whole), b = cut(before, whole);
    double both = 0, any = 0;
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        bool covered = false;
        for (const demo::Overlay& o : truth)
          covered = covered || o.layers[0].alpha_at(x, y) > support_alpha;
        bool differs = false;
        for (int j = std::max(0, y - 1); j <= std::min(h - 1, y + 1) && !differs; ++j)
          for (int i = std::max(0, x - 1); i <= std::min(w - 1, x + 1) && !differs; ++i)
            differs = a[0].at(i, j) != b[0].at(i, j) && (covered || (i == x && j == y));
        both += covered && differs;
        any += covered || differs;
      }
    iou_ += any > 0 ? both / any : 0;
    ++covered_;
  }

  const MovingCase& made_;
  std::string scratch_;
  MovingResult& result_;
  std::map<std::string, Sum> peers_;
  Sum ours_, oracle_, untouched_;
  int frame_ = 0, covered_ = 0;
  double iou_ = 0;
};

/// What stays at one place, though not always there: no times are told.
bool still(const std::string& kind) { return kind == "blink" || kind == "fade" || kind == "part"; }
bool followed(const std::string& kind) { return kind == "bounce" || kind == "drift"; }

double best_peer(const MovingResult& r) {
  double best = 0;
  for (const auto& [name, decibels] : r.peers) best = std::max(best, decibels);
  return best;
}

}  // namespace

MovingResult run_moving(const MovingOrder& order, MovingHint hint, bool peers) {
  MovingResult result;
  result.clip = std::filesystem::path(order.clip).stem();
  result.kind = order.kind;
  const Scratch scratch;
  const std::string input = scratch / "input.mp4";
  const MovingCase made(order, input);
  cleanplate::Options options;
  options.encoder_options = "preset=ultrafast";
  options.always = true;
  if (hint == MovingHint::master && !order.logo.empty()) options.templates = {order.logo};
  const bool told = hint == MovingHint::region || hint == MovingHint::place;
  const bool all = still(order.kind) || (hint == MovingHint::place && !followed(order.kind));
  if (const auto box = made.first_box(); told && !box.empty())
    options.region = {
        fmt::format("{},{},{},{}{}", box.x, box.y, box.width, box.height, all ? "" : "@0-0.01")};
  if (followed(order.kind)) options.track = "moving";
  ClipReader reader(input);
  demo::FramePtr before = demo::new_frame();
  Judged judged(made, peers ? scratch.path() : "", result);
  cleanplate::Callbacks callbacks;
  callbacks.restored = [&](const cleanplate::Frame& after) {
    if (reader.next(*before)) judged.add(after, *before);
  };
  const auto begin = std::chrono::steady_clock::now();
  auto pipeline = cleanplate::Pipeline::create(options);
  if (!pipeline) {
    result.error = pipeline.error().message;
    return result;
  }
  const auto report = pipeline->run(input, scratch / "output.mp4", callbacks);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  judged.finish();
  if (!report) {
    result.error = report.error().message;
    return result;
  }
  for (const auto& method : report->methods)
    result.methods +=
        fmt::format("{}{} {}", result.methods.empty() ? "" : ", ", method.method, method.frames);
  return result;
}

std::string moving_table(const std::vector<MovingResult>& results) {
  std::string out =
      "| kind | clip | frames | there | flashes | away | touched | IoU | ours | oracle | untouched "
      "| best peer | s | methods |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const MovingResult& r : results)
    out +=
        r.error.empty()
            ? fmt::format(
                  "| {} | {} | {} | {} | {} | {} | {} | {:.2f} | {:.1f} | {:.1f} | {:.1f} | "
                  "{} | {:.1f} | {} |\n",
                  r.kind, r.clip, r.frames, r.there, r.flashes, r.away, r.touched, r.iou, r.psnr,
                  r.oracle, r.untouched, r.peers.empty() ? "" : fmt::format("{:.1f}", best_peer(r)),
                  r.seconds, r.methods)
            : fmt::format("| {} | {} | {} | | | | | | | | | | | |\n", r.kind, r.clip, r.error);
  return out;
}

}  // namespace quality
