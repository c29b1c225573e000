// A see-through mark and an opaque one through the inpaint stage, with a device that fails at any
// launch and any allocation; frames in the host's memory, or on the device.
#include <algorithm>

#include "../reference/every_device.h"
#include "frame/card_format.h"
#include "frame/device_frames.h"
#include "pipeline/fallback_inpainter.h"

using namespace cleanplate;

namespace {
constexpr Size size{64, 48};
constexpr int frames = 36;
const PixelFormat format{Layout::yuv420, 8};

Mask block(Box box) {
  return {box, std::vector<std::uint8_t>(static_cast<std::size_t>(box.area()), 255)};
}

/// Overlay 0 is un-blended, in all frames; overlay 1 is filled, in frames 5 to 29.
/// @param followed  overlay 0's gain is measured, frame by frame.
Plan plan(bool followed) {
  Plan plan;
  PlannedOverlay seen;
  seen.support = std::make_shared<Mask>(block({8, 8, 16, 12}));
  auto model = std::make_shared<OverlayModel>();
  for (std::size_t c = 0; c < 3; ++c) {
    Matte& matte = model->mattes[c];
    matte.box = c ? Box{4, 4, 8, 6} : Box{8, 8, 16, 12};
    const auto n = static_cast<std::size_t>(matte.box.area());
    matte.alpha.assign(n, .4F);
    matte.colour.assign(n, 200);
    matte.trust.assign(n, c ? 1.F : .6F);  // luma is mixed with a fill
  }
  model->confidence = .9;
  seen.model = model;
  seen.method = Method::unblend;
  if (followed) seen.appearance = model, seen.gain.measured = seen.gain.varies = true;
  PlannedOverlay filled;
  filled.support = std::make_shared<Mask>(block({41, 23, 11, 9}));
  plan.overlays = {seen, filled};
  return plan;
}

Frame picture(int n) {
  Frame frame = must(Frame::allocate(format, size));
  Random random(static_cast<std::uint64_t>(n));
  for (int c = 0; c < 3; ++c) {
    const MutableComponentView v = frame.writable(c);
    for (int y = 0; y < v.height; ++y)
      for (int x = 0; x < v.width; ++x)
        v.data[y * v.stride + x] =
            static_cast<std::byte>(90 + ((x + n) * (x + n) / 7 + 3 * y) % 60 + random.below(5));
  }
  frame.pts = n * 2;
  return frame;
}

struct Ran {
  std::vector<std::byte> samples;
  int count = 0, on_device = 0;
  std::vector<MethodReport> methods;
  std::vector<Degradation> degradations;
  std::string device;
};

void take(FallbackInpainter& inpainter, Ran& ran) {
  for (Frame given;;) {
    const Flow flow = must(inpainter.pull(given));
    if (flow != Flow::ok) return;
    ran.on_device += given.on_device();
    const Frame frame = must(given.to_host());
    REQUIRE(frame.pts == 2 * ran.count);
    ++ran.count;
    for (int c = 0; c < 3; ++c) {
      const ComponentView v = frame.component(c);
      for (int y = 0; y < v.height; ++y)
        ran.samples.insert(ran.samples.end(), v.data + y * v.stride,
                           v.data + y * v.stride + v.width);
    }
  }
}

/// @param there  frames lie on the device, those that it has memory for.
Ran run(const Device& device, bool there = false, bool followed = false) {
  const Plan planned = plan(followed);
  const DeviceFrames ring = must(DeviceFrames::create(device, *card_format(format), size));
  VideoInfo video;
  video.format = format;
  video.size = size;
  Options options;
  options.threads = 1;
  Ran ran;
  const auto inpainter = must(FallbackInpainter::create(options, video, planned, device));
  for (int n = 0; n < frames; ++n) {
    FrameMask mask{n * 2, {{0, planned.overlays[0].support, 0, 0}}};
    if (n >= 5 && n < 30) mask.overlays.push_back({1, planned.overlays[1].support, 0, 0});
    Frame frame = picture(n);
    if (there)
      if (auto up = ring.copy(frame)) frame = *std::move(up);
    REQUIRE(must(inpainter->push(frame, mask)) == Flow::ok);
    take(*inpainter, ran);
  }
  must(inpainter->flush());
  take(*inpainter, ran);
  ran.methods = inpainter->methods();
  ran.degradations = inpainter->degradations();
  ran.device = inpainter->device_name();
  return ran;
}

Ran run_strictly(const StrictOptions& options, std::vector<std::string>& violations,
                 bool there = false) {
  const auto core = std::make_shared<StrictDevice>(options);
  Ran ran = run(Device(core), there);
  violations = core->violations();
  return ran;
}

void same(const Ran& ran, const Ran& plain) {
  REQUIRE(ran.count == frames);
  REQUIRE(ran.samples == plain.samples);
  REQUIRE(ran.methods.size() == 2);
  REQUIRE(ran.methods[0].frames == frames);
  REQUIRE(ran.methods[1].frames == 25);
}
}  // namespace

TEST_CASE("the inpaint stage is redone on the host from whichever step a device fails at") {
  const Ran plain = run(Device(std::make_shared<HostDevice>(Simd::baseline, 1, 1 << 30)));
  REQUIRE(plain.degradations.empty());
  const auto counted = std::make_shared<StrictDevice>();
  same(run(Device(counted)), plain);
  REQUIRE(counted->violations() == std::vector<std::string>{});
  std::vector<std::string> violations;
  std::int64_t last = -1;
  for (int k = 0; k < counted->launches(); k += 11) {
    StrictOptions options;
    options.seed = static_cast<std::uint64_t>(k);
    options.fail_launch = k;
    CAPTURE(k);
    const Ran ran = run_strictly(options, violations);
    same(ran, plain);
    REQUIRE(violations == std::vector<std::string>{});
    REQUIRE(ran.degradations.size() == 1);
    REQUIRE(ran.degradations[0].first_frame >= last);
    last = ran.degradations[0].first_frame;
    REQUIRE(ran.device.find("cpu") != std::string::npos);
  }
  REQUIRE(last >= frames - 2);
  for (int k = 0; k < counted->allocations(); ++k) {
    StrictOptions options;
    options.fail_allocation = k;
    CAPTURE(k);
    const Ran ran = run_strictly(options, violations);
    same(ran, plain);
    REQUIRE(violations == std::vector<std::string>{});
    REQUIRE(ran.degradations.size() == 1);
  }
}

TEST_CASE("frames on a device are restored there, and brought to the host where it fails") {
  const Device host(std::make_shared<HostDevice>(Simd::baseline, 1, 1 << 30));
  for (const bool followed : {false, true}) {
    CAPTURE(followed);
    const Ran plain = run(host, false, followed);
    const auto strict = std::make_shared<StrictDevice>();
    const Ran ran = run(Device(strict), true, followed);
    REQUIRE(ran.samples == plain.samples);
    REQUIRE(ran.on_device == frames);
    REQUIRE(strict->violations() == std::vector<std::string>{});
    REQUIRE(ran.degradations.empty());
  }
  const Ran plain = run(host);
  const auto counted = std::make_shared<StrictDevice>();
  same(run(Device(counted), true), plain);
  std::vector<std::string> violations;
  for (int k = 0; k < counted->launches(); k += 17) {
    StrictOptions options;
    options.seed = static_cast<std::uint64_t>(k);
    options.fail_launch = k;
    CAPTURE(k);
    same(run_strictly(options, violations, true), plain);
    REQUIRE(violations == std::vector<std::string>{});
  }
  for (int k = 0; k < counted->allocations(); ++k) {
    StrictOptions options;
    options.fail_allocation = k;
    CAPTURE(k);
    same(run_strictly(options, violations, true), plain);
    REQUIRE(violations == std::vector<std::string>{});
  }
}

TEST_CASE("an order that no device can carry out is not tried again on the host") {
  const auto core = std::make_shared<StrictDevice>();
  VideoInfo video;
  video.format = format;
  video.size = size;
  const auto inpainter = must(FallbackInpainter::create(Options{}, video, Plan{}, Device(core)));
  REQUIRE(must(inpainter->push(picture(3), {6, {}})) == Flow::ok);
  const auto wrong = inpainter->push(picture(2), {4, {}});
  REQUIRE_FALSE(wrong);
  REQUIRE(wrong.error().code == Code::bad_order);
  REQUIRE(inpainter->degradations().empty());
  REQUIRE(must(inpainter->push(picture(4), {8, {}})) == Flow::ok);
}
