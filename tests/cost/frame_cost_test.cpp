// What a frame costs in memory once all is warm: whole copies and allocations.
#include <cleanplate/restorer.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "../reference/every_device.h"
#include "cost/counters.h"
#include "cost/counting_device.h"
#include "media_clips.h"
#include "pipeline/path.h"

using namespace cleanplate;

namespace {

constexpr Size small{320, 180}, large{640, 360};
constexpr Box mark{200, 60, 80, 32};     // the same in both
constexpr int warm = 48, measured = 64;  // frames

Frame picture(int n, Size size) {
  Frame frame = must(Frame::allocate({Layout::yuv420, 8}, size));
  for (int c = 0; c < 3; ++c) {
    const auto to = frame.writable(c);
    for (int y = 0; y < to.height; ++y)
      for (int x = 0; x < to.width; ++x)
        to.data[y * to.stride + x] = static_cast<std::byte>(
            std::lround(120 + 50 * std::sin((x + 2 * n) / 9.) + 30 * std::sin(y / 7. + c)));
  }
  return frame;
}

double bytes_of(Size size) { return 1.5 * size.width * size.height; }

/// One overlay of 40 % white over the mark's box.
Plan plan_of(const char* method) {
  auto support = std::make_shared<Mask>();
  support->box = mark;
  support->values.assign(static_cast<std::size_t>(mark.area()), 255);
  auto model = std::make_shared<OverlayModel>();
  for (int c = 0; c < 3; ++c) {
    Matte& matte = model->mattes[static_cast<std::size_t>(c)];
    matte.box = c ? Box{mark.x / 2, mark.y / 2, mark.width / 2, mark.height / 2} : mark;
    const auto count = static_cast<std::size_t>(matte.box.area());
    matte.alpha.assign(count, .4F);
    matte.colour.assign(count, c ? 128.F : 235.F);
    matte.trust.assign(count, 1.F);
  }
  model->alpha_peak = .4, model->alpha_error = 0, model->confidence = 1;
  PlannedOverlay overlay;
  overlay.detection.box = mark;
  overlay.detection.score = 1;
  overlay.support = support;
  if (std::string_view(method) == "unblend") overlay.model = model;
  overlay.method = std::string_view(method) == "unblend"     ? Method::unblend
                   : std::string_view(method) == "propagate" ? Method::propagate
                                                             : Method::fill;
  Plan plan;
  plan.overlays.push_back(overlay);
  return plan;
}

/// A frame's share of what was counted after the warm-up.
struct PerFrame {
  double allocations = 0;  ///< calls
  double pages = 0;        ///< of these, of a page or more
  double copied = 0;       ///< bytes
  double passed = 0;       ///< samples under kernels and device copies
  double on_device = 0;    ///< device allocations
};

PerFrame cost_of(const Plan& plan, const char* method, Size size) {
  Options options;
  options.method = method;
  options.threads = 1;
  VideoInfo video;
  video.size = size;
  video.time_base = {1, 25};
  video.frame_rate = {25, 1};
  auto counting = std::make_shared<cost::CountingDevice>();
  Restorer restorer = must(Restorer::create(options, video, plan, {}, Device(counting)));
  std::vector<Frame> shown;
  for (int n = 0; n < 16; ++n) shown.push_back(picture(n, size));
  cost::Counts before;
  std::int64_t passed = 0, on_device = 0, out = 0;
  for (int n = 0; n < warm + measured; ++n) {
    if (n == warm) {
      before = cost::counts();
      passed = counting->samples(), on_device = counting->allocations();
    }
    Frame frame = shown[static_cast<std::size_t>(n % 16)];
    frame.pts = n;
    must(restorer.push(frame));
    for (Frame done; must(restorer.pull(done)) == Flow::ok; done = {}) out += n >= warm;
  }
  const cost::Counts spent = cost::counts() - before;
  REQUIRE(out == measured);
  const auto share = [](std::int64_t all) { return static_cast<double>(all) / measured; };
  return {share(spent.allocations), share(spent.large), share(spent.copied),
          share(counting->samples() - passed), share(counting->allocations() - on_device)};
}

/// What grows with the picture while the mark stays: whole pictures, and nothing else.
double whole_pictures(double at_small, double at_large) {
  return (at_large - at_small) / (bytes_of(large) - bytes_of(small));
}

struct Way {
  const char* method;
  /// Allocations a frame, counted on 2026-11-25 and rounded up; to be brought down, not up. Of the
  /// pages one is the copy of the frame that has the overlay.
  double allocations, pages;
};
constexpr Way ways[] = {{"unblend", 17, 1}, {"fill", 20, 4}, {"propagate", 39, 19}};
}  // namespace

TEST_CASE("a frame without an overlay is not copied, and no kernel passes over it") {
  const PerFrame cost = cost_of({}, "auto", large);
  CHECK(cost.copied < 64);
  CHECK(cost.passed == 0);
  CHECK(cost.pages == 0);
  CHECK(cost.allocations <= 5);
}

TEST_CASE("a frame with an overlay is copied once, and kernels stay in the overlay's place") {
  for (const Way& way : ways) {
    CAPTURE(way.method);
    const Plan plan = plan_of(way.method);
    const PerFrame few = cost_of(plan, way.method, small), many = cost_of(plan, way.method, large);
    CHECK(whole_pictures(few.copied, many.copied) == Approx(1).margin(.01));
    CHECK(many.passed == few.passed);
  }
}

TEST_CASE("once warm, a frame asks the device for no memory and the host for no more than it did") {
  for (const Way& way : ways) {
    CAPTURE(way.method);
    const PerFrame cost = cost_of(plan_of(way.method), way.method, large);
    CHECK(cost.on_device == 0);
    CHECK(cost.allocations <= way.allocations);
    CHECK(cost.pages <= way.pages);
  }
}

TEST_CASE("from file to file a frame is copied once with an overlay, and not without") {
  const auto copied = [](Size size, int frames, double until) {
    clips::Folder folder;
    clips::Clip clip;
    clip.width = size.width, clip.height = size.height;
    clip.sound = nullptr;
    for (int i = 0; i < frames; ++i) clip.times.push_back(i * 3600);
    clips::make(folder / "in.mkv", clip);
    Options options;
    options.method = "fill";
    options.threads = 2;
    options.encoder_options = "preset=ultrafast";
    Plan plan = plan_of("fill");
    plan.overlays[0].when.to = until;
    const Device device = must(Device::open(options));
    const cost::Counts before = cost::counts();
    const Report report =
        must(restore(folder / "in.mkv", folder / "out.mkv", options, plan, device, {}, {}));
    const cost::Counts spent = cost::counts() - before;
    REQUIRE(report.frames_out == frames);
    REQUIRE(spent.pictures == 0);
    return static_cast<double>(spent.copied);
  };
  // Between a longer and a shorter clip lies nothing but frames.
  const auto pictures = [&](double until) {
    const double few = copied(small, 60, until) - copied(small, 20, until);
    const double many = copied(large, 60, until) - copied(large, 20, until);
    return whole_pictures(few, many) / 40;
  };
  CHECK(pictures(1e300) == Approx(1).margin(.02));
  CHECK(pictures(.1) == Approx(0).margin(.02));
}
