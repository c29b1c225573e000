// The user's own inpainting network. In this file, so that it comes after the tests that
// want a process without libtorch.
#include <cleanplate/restorer.h>

#include "../reference/every_device.h"
#include "composite/hole_filler.h"
#include "inpaint/network_fill.h"
#include "pipeline/fallback_inpainter.h"

using namespace cleanplate;

#ifdef CLEANPLATE_INFER_OBJECT
namespace {

const std::string folder = CLEANPLATE_INFER_TEST_FOLDER;
constexpr PixelFormat format{Layout::yuv420, 8};
constexpr int width = 44, height = 36;  // no multiples of 8

std::size_t at(int x, int y, int w) { return static_cast<std::size_t>(y * w + x); }

HoleMasks holes() {
  HoleMasks out;
  for (std::size_t c = 0; c < 3; ++c) {
    const int w = c ? width / 2 : width, h = c ? height / 2 : height;
    out[c] = {w, h, std::vector<std::uint8_t>(at(0, h, w))};
    for (int y = h / 3; y < h / 2; ++y)
      for (int x = w / 4; x < w / 2; ++x) out[c].values[at(x, y, w)] = 255;
  }
  return out;
}

/// One colour, and another one in the hole.
Crop crop_of(int luma, int cb, int cr) {
  const HoleMasks masks = holes();
  Crop crop;
  const int values[3] = {luma, cb, cr};
  for (std::size_t c = 0; c < 3; ++c) {
    crop.planes[c] = {masks[c].width, masks[c].height, {}};
    for (const std::uint8_t hole : masks[c].values)
      crop.planes[c].samples.push_back(static_cast<std::uint16_t>(hole ? 200 : values[c]));
  }
  return crop;
}

NetworkFillOptions options_of(const char* model, int batch, const Device& device) {
  NetworkFillOptions options;
  options.model = folder + "/" + model;
  REQUIRE(network_library({"cpu", CLEANPLATE_INFER_OBJECT}));
  auto network = Network::load({options.model});
  REQUIRE(network);
  options.network = std::make_shared<Network>(std::move(*network));
  options.device = device;
  options.batch = batch;
  options.rows = 1080;
  return options;
}

/// A place on a device, where the frames' crops lie one after another.
class Place {
 public:
  explicit Place(const Device& device) : device_(device), stream_(must(device.core().stream())) {
    const HoleMasks masks = holes();
    for (std::size_t c = 0; c < 3; ++c)
      there_[c] = must(device.core().allocate(masks[c].values.size() * sizeof(std::uint16_t)));
  }
  CropThere send(const Crop& crop) {
    CropThere out;
    for (std::size_t c = 0; c < 3; ++c) {
      const CropPlane& p = crop.planes[c];
      const auto view = there_[c].view<std::uint16_t>(p.width, p.height);
      must(stream_.upload(view, p.samples.data(), view.stride));
      out[c] = view;
    }
    must(stream_.wait());
    for (const CropPlane& p : crop.planes)  // it may go now
      device_.core().host_touches(p.samples.data(), p.samples.size() * 2, Touch::write);
    return out;
  }
  Stream& stream() { return stream_; }
  [[nodiscard]] const Device& device() const { return device_; }

 private:
  Device device_;
  Stream stream_;
  std::array<Buffer, 3> there_;
};

/// The fill and where it works.
struct Opened {
  Place place;
  NetworkFillOptions options;
  NetworkFill fill;
  std::int64_t number = 0;  // of the next crop's frame
  Opened(const char* model, int batch, const Device& device = plain_device())
      : place(device),
        options(options_of(model, batch, device)),
        fill(must(NetworkFill::create(options, format, holes()))) {}
  Result<void> push(const Crop& crop) {
    return fill.push(place.stream(), crop, place.send(crop), number++);
  }
  /// What comes out of it after these.
  std::vector<Crop> filled(const std::vector<Crop>& crops) {
    for (const Crop& crop : crops) must(push(crop));
    must(fill.flush(place.stream()));
    std::vector<Crop> out;
    while (auto filled = fill.pull()) out.push_back(std::move(filled->crop));
    return out;
  }
};

std::vector<Crop> ramp(int frames) {
  std::vector<Crop> crops;
  for (int n = 0; n < frames; ++n) crops.push_back(crop_of(60 + 20 * n, 128, 100 + 5 * n));
  return crops;
}

void same(const std::vector<Crop>& a, const std::vector<Crop>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t n = 0; n < a.size(); ++n)
    for (std::size_t c = 0; c < 3; ++c) REQUIRE((a[n].planes[c].samples == b[n].planes[c].samples));
}

}  // namespace

TEST_CASE("a network fills the hole in the clip's own colours, and nothing else") {
  for (const Device& device : every_device()) {
    CAPTURE(device.name());
    Opened one("inpaint.pt", 1, device);
    const Crop seen = crop_of(90, 110, 150);
    must(one.push(seen));
    const auto filled = one.fill.pull();
    REQUIRE(filled);
    const HoleMasks masks = holes();
    const int values[3] = {90, 110, 150};
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t i = 0; i < masks[c].values.size(); ++i) {
        if (masks[c].values[i])
          REQUIRE(std::abs(filled->crop.planes[c].samples[i] - values[c]) <= 1);
        else
          REQUIRE(filled->crop.planes[c].samples[i] == seen.planes[c].samples[i]);
      }
    REQUIRE(violations(device) == std::vector<std::string>{});
  }
}

TEST_CASE("crops go through the network together, with the answers that each has alone") {
  Opened together("inpaint.pt", 4), alone("inpaint.pt", 1);
  const auto in = ramp(6);
  for (const Crop& crop : in) must(together.push(crop));
  REQUIRE(together.fill.passes() == 1);
  same(together.filled({}), alone.filled(in));
  REQUIRE(together.fill.passes() == 2);
  REQUIRE(alone.fill.passes() == 6);
}

TEST_CASE("on a device that works late the network has its turn, and each wait taken out shows") {
  const auto in = ramp(9);
  const auto plain = Opened("inpaint.pt", 4).filled(in);
  int waits = 0, before = 0;
  for (const std::uint64_t seed : {1, 2, 3}) {
    StrictOptions options;
    options.seed = seed;
    const auto strict = std::make_shared<StrictDevice>(options);
    Opened late("inpaint.pt", 4, Device(strict));
    before = strict->waits();
    same(late.filled(in), plain);
    REQUIRE(strict->violations() == std::vector<std::string>{});
    waits = strict->waits();
    // Neither pictures nor answers cross: three bytes a pixel do, and a flag a row.
    const std::uint64_t samples = width * height * 3 / 2 * 2;
    REQUIRE(strict->copied(Copy::Way::download) <= 9 * (samples + 3 * 40));
  }
  REQUIRE(waits > before + 9);
  for (int k = before; k < waits; ++k) {
    StrictOptions options;
    options.drop_wait = k;
    const auto strict = std::make_shared<StrictDevice>(options);
    static_cast<void>(Opened("inpaint.pt", 4, Device(strict)).filled(in));
    CAPTURE(k, before, waits);
    CHECK_FALSE(strict->violations().empty());
  }
}

TEST_CASE("where a device has no room for a batch of pictures, fewer go through at a time") {
  const auto in = ramp(6);
  const auto plain = Opened("inpaint.pt", 8).filled(in);
  for (const int k : {3, 4, 5, 6, 9, 12}) {  // the first three are where the crops lie
    StrictOptions options;
    options.fail_allocation = k;
    const auto strict = std::make_shared<StrictDevice>(options);
    Opened tight("inpaint.pt", 8, Device(strict));
    CAPTURE(k);
    same(tight.filled(in), plain);
    REQUIRE(tight.fill.passes() == 2);
    const NetworkUse& use = *tight.options.use;
    REQUIRE(use.batch == 4);
    REQUIRE(use.steps.size() == 1);
    REQUIRE((use.steps[0].stage == "inpaint" && use.steps[0].from == "8 crops in a pass" &&
             use.steps[0].to == "4 in a pass" && use.steps[0].first_frame == 0));
    REQUIRE_FALSE(use.steps[0].reason.empty());
    REQUIRE(strict->violations() == std::vector<std::string>{});
  }
}

TEST_CASE("a batch that a network has no memory for is halved, told of once with its first frame") {
  const auto in = ramp(6);
  Opened tight("inpaint_two.pt", 4);
  tight.number = 100;
  same(tight.filled(in), Opened("inpaint.pt", 4).filled(in));
  NetworkUse& use = *tight.options.use;
  REQUIRE(use.batch == 2);
  REQUIRE(use.steps.size() == 1);
  REQUIRE((use.steps[0].from == "4 crops in a pass" && use.steps[0].to == "2 in a pass"));
  REQUIRE(use.steps[0].first_frame == 100);
  REQUIRE(use.steps[0].reason.find("out of memory") != std::string::npos);
  // Another place of the same clip comes to it later.
  NetworkFill second = must(NetworkFill::create(tight.options, format, holes()));
  for (int n = 0; n < 4; ++n) {
    const Crop crop = crop_of(90 + 20 * n, 128, 128);
    must(second.push(tight.place.stream(), crop, tight.place.send(crop), n));
  }
  REQUIRE(use.steps.size() == 1);
  for (int n = 0; n < 4; ++n) REQUIRE(second.pull()->number == n);
}

TEST_CASE("a device that fails at any step of a network's pass gives its error, not a wrong fill") {
  const auto in = ramp(4);
  const auto whole = std::make_shared<StrictDevice>();
  static_cast<void>(Opened("inpaint.pt", 4, Device(whole)).filled(in));
  for (int k = 0; k < whole->launches(); ++k) {
    StrictOptions options;
    options.fail_launch = k;
    const auto strict = std::make_shared<StrictDevice>(options);
    Opened failing("inpaint.pt", 4, Device(strict));
    Result<void> done;
    for (const Crop& crop : in)
      if (done) done = failing.push(crop);
    if (done) done = failing.fill.flush(failing.place.stream());
    CAPTURE(k);
    REQUIRE_FALSE(done);
    REQUIRE(done.error().code == Code::device);
    must(failing.place.stream().wait());
    REQUIRE(strict->violations() == std::vector<std::string>{});
  }
}

TEST_CASE("a whole batch is one pass") {
  Opened one("inpaint_counts.pt", 4);
  for (int n = 0; n < 4; ++n) must(one.push(crop_of(60 + 20 * n, 128, 128)));
  REQUIRE(one.fill.passes() == 1);
  const auto filled = one.fill.pull();
  REQUIRE(filled);
  const HoleMasks masks = holes();  // 4 pictures: grey of 0.2, that is 16 + 219 / 5
  for (std::size_t i = 0; i < masks[0].values.size(); ++i)
    if (masks[0].values[i]) REQUIRE(std::abs(filled->crop.planes[0].samples[i] - 60) <= 1);
}

TEST_CASE("a still scene is asked for once") {
  Opened one("inpaint.pt", 2);
  std::vector<Crop> in;
  for (int n = 0; n < 9; ++n) in.push_back(crop_of(n < 7 ? 90 : 140, 128, 128));
  const auto out = one.filled(in);
  REQUIRE(one.fill.passes() == 2);
  REQUIRE(out.size() == 9);
  for (int n = 0; n < 9; ++n) {
    const auto* filled = &out[static_cast<std::size_t>(n)];
    REQUIRE(std::abs(filled->planes[0].samples[at(width / 3, height / 2 - 1, width)] -
                     (n < 7 ? 90 : 140)) <= 1);
  }
}

TEST_CASE("a network that is no inpainter gets a sentence") {
  for (const char* model : {"inpaint_mask.pt", "inpaint_nan.pt", "itself.pt", "number.pt"}) {
    Opened one(model, 1);
    const auto done = one.push(crop_of(90, 128, 128));
    REQUIRE(!done);
    CHECK(done.error().code == Code::network);
    CHECK(done.error().message.find(model) != std::string::npos);
  }
}

TEST_CASE("what the network made goes through the propagation, frame for frame") {
  HoleOrder order;
  Place place(plain_device());
  order.network = options_of("inpaint.pt", 4, place.device());
  auto filler = HoleFiller::create(order, place.device(), format, holes());
  REQUIRE(filler);
  constexpr int frames = 30;
  int given = 0;
  const auto take = [&] {
    for (; filler->ready(); filler->pop(), ++given)
      REQUIRE(std::abs(filler->front().planes[0].samples[at(width / 3, height / 2 - 1, width)] -
                       (60 + given)) <= 6);
  };
  for (int n = 0; n < frames; ++n) {
    const Crop crop = crop_of(60 + n, 128, 128);
    REQUIRE(filler->look(place.stream(), crop, place.send(crop), n));
    take();
  }
  REQUIRE(given < frames);
  REQUIRE(filler->flush(place.stream()));
  take();
  REQUIRE(given == frames);
}

namespace {
/// Takes itself for the first card.
class CardLike final : public StrictDevice {
 public:
  [[nodiscard]] std::optional<int> card() const override { return 0; }
};

constexpr Box covering{20, 16, 12, 8};

VideoInfo small_video() {
  VideoInfo video;
  video.format = format;
  video.size = {64, 48};
  video.time_base = {1, 25};
  return video;
}

Options filled_by(const char* model) {
  Options options;
  options.threads = 1;
  options.inpaint_model = folder + "/" + model;
  return options;
}

Plan one_place() {
  Plan plan;
  PlannedOverlay overlay;
  overlay.detection = {covering, 1, "region", nullptr, true};
  overlay.support = std::make_shared<Mask>(
      Mask{covering, std::vector<std::uint8_t>(static_cast<std::size_t>(covering.area()), 255)});
  plan.overlays = {overlay};
  return plan;
}

/// Of one grey, and lighter where it is covered.
Frame covered(int pts, int grey) {
  Frame frame = *Frame::allocate(format, {64, 48});
  frame.pts = pts;
  for (int c = 0; c < 3; ++c) {
    const MutableComponentView v = frame.writable(c);
    for (int y = 0; y < v.height; ++y)
      for (int x = 0; x < v.width; ++x)
        v.data[y * v.stride + x] =
            static_cast<std::byte>(c == 0 && covering.contains(x, y) ? 230 : grey);
  }
  return frame;
}
}  // namespace

TEST_CASE("a report tells how many frames a network filled in one pass, and from where on fewer") {
  REQUIRE(network_library({"cpu", CLEANPLATE_INFER_OBJECT}));
  struct Case {
    bool tight;
    int segment_frames, batch;
  };
  for (const auto& [tight, segment_frames, batch] :
       {Case{false, 300, 4}, Case{true, 300, 2}, Case{false, 3, 3}}) {
    CAPTURE(tight, segment_frames);
    Options options = filled_by(tight ? "inpaint_two.pt" : "inpaint.pt");
    options.inpaint_batch = 4;
    options.segment_frames = segment_frames;
    Restorer restorer =
        must(Restorer::create(options, small_video(), one_place(), {}, plain_device()));
    int out = 0;
    const auto take = [&] {
      for (Frame done; must(restorer.pull(done)) == Flow::ok;) ++out;
    };
    for (int n = 0; n < 9; ++n) {
      must(restorer.push(covered(n, 60 + 15 * n)));
      take();
    }
    must(restorer.flush());
    take();
    REQUIRE(out == 9);
    const Report report = restorer.report();
    REQUIRE(report.stages[0].batch == 1);
    REQUIRE(report.stages[1].batch == batch);
    REQUIRE(report.degradations.size() == (tight ? 1 : 0));
    if (tight) REQUIRE(report.degradations[0].to == "2 in a pass");
  }
}

TEST_CASE("where libtorch has no card the user's network fills on the host, and that is said") {
  const auto library = network_library({"cpu", CLEANPLATE_INFER_OBJECT});
  REQUIRE(library);
  if (library->cuda_devices > 0) return;
  const VideoInfo video = small_video();
  const Plan plan = one_place();
  Options options = filled_by("inpaint.pt");
  options.device = "cuda";
  const Device card(std::make_shared<CardLike>());
  const auto made = FallbackInpainter::create(options, video, plan, card);
  INFO((made ? "" : made.error().message));
  REQUIRE(made);
  FallbackInpainter& inpainter = **made;
  REQUIRE(inpainter.degradations().size() == 1);
  REQUIRE(inpainter.degradations()[0].stage == "inpaint");
  REQUIRE(inpainter.degradations()[0].reason.find("no CUDA card") != std::string::npos);
  int out = 0;
  const auto take = [&] {
    for (Frame done;; ++out) {
      const auto flow = inpainter.pull(done);
      REQUIRE(flow);
      if (*flow != Flow::ok) return;
      const ComponentView v = done.component(0);
      REQUIRE(std::abs(std::to_integer<int>(v.data[20 * v.stride + 26]) - 90) <= 1);
    }
  };
  for (int n = 0; n < 5; ++n) {
    const Frame frame = covered(n, 90);
    REQUIRE(inpainter.push(frame, {n, {{0, plan.overlays[0].support, 0, 0}}}));
    take();
  }
  REQUIRE(inpainter.flush());
  take();
  REQUIRE(out == 5);
}
#endif
