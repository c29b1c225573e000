// The user's own detector. In this file, so that it comes after the tests that want a process
// without libtorch.
#include <cleanplate/detector.h>
#include <cleanplate/pipeline.h>

#include <fstream>

#include "../reference/every_device.h"
#include "detect/auto_detector.h"
#include "detect/letterbox.h"
#include "detect/place_votes.h"
#include "frame/device_frames.h"
#include "media_clips.h"

using namespace cleanplate;

TEST_CASE("what is seen at one place again and again is an overlay, what is seen once is not") {
  PlaceVotes votes;
  for (int n = 0; n < 10; ++n) {
    Detection steady{{100 + n % 3, 50, 40, 20}, .2 + .02 * n, "class 1", nullptr, false};
    std::vector<Detection> seen{steady};
    if (n == 4) seen.push_back({{300, 50, 40, 20}, .9, "class 0", nullptr, false});
    votes.add(seen);
  }
  const auto all = votes.candidates();
  REQUIRE(all.size() == 2);
  REQUIRE((all[0].accepted && !all[1].accepted));
  REQUIRE(all[0].detection.box == Box{101, 50, 40, 20});
  REQUIRE(all[0].detection.score == Approx(.29));
  REQUIRE(all[0].reason.find("10 of 10") != std::string::npos);
  REQUIRE(all[1].reason.find("1 of 10") != std::string::npos);
}

#ifdef CLEANPLATE_INFER_OBJECT
namespace {

const std::string folder = CLEANPLATE_INFER_TEST_FOLDER;
const NetworkOptions library_here{"cpu", CLEANPLATE_INFER_OBJECT};

VideoInfo video_of(Size size) {
  VideoInfo v;
  v.size = size;
  v.format = {Layout::yuv420, 8};
  v.time_base = {1, 25};
  return v;
}

/// Grey with one white rectangle.
Frame frame_with(Size size, const Box& white, int n) {
  Frame f = *Frame::allocate({Layout::yuv420, 8}, size);
  f.pts = n;
  for (int c = 0; c < 3; ++c) {
    const MutableComponentView to = f.writable(c);
    for (int y = 0; y < to.height; ++y)
      for (int x = 0; x < to.width; ++x)
        to.data[y * to.stride + x] = static_cast<std::byte>(c                      ? 128
                                                            : white.contains(x, y) ? 235
                                                                                   : 90);
  }
  return f;
}

Options with(const std::string& model) {
  Options o;
  o.detect = "network";
  o.detector_model = folder + "/" + model + ".pt";
  o.detect_batch = 4;
  return o;
}

/// Takes itself for the first card.
class CardLike final : public StrictDevice {
 public:
  [[nodiscard]] std::optional<int> card() const override { return 0; }
};

/// A detector and what it says of each frame.
struct Looked {
  std::unique_ptr<Detector> detector;
  std::vector<Detections> seen;
};
Result<Looked> look_at(const Options& options, const std::vector<Frame>& frames,
                       const Device& device) {
  if (auto library = network_library(library_here); !library) return library.error();
  auto made = Detector::create(options, video_of(frames[0].size()), device);
  if (!made) return made.error();
  std::vector<Detections> out;
  const auto drain = [&]() -> Result<Flow> {
    for (Detections d;;) {
      auto flow = (*made)->pull(d);
      if (!flow || *flow != Flow::ok) return flow;
      out.push_back(d);
    }
  };
  for (const Frame& frame : frames) {
    if (auto pushed = (*made)->push(frame); !pushed) return pushed.error();
    if (auto flow = drain(); !flow) return flow.error();
  }
  if (auto flushed = (*made)->flush(); !flushed) return flushed.error();
  auto flow = drain();
  if (!flow) return flow.error();
  REQUIRE(*flow == Flow::end);
  return Looked{*std::move(made), std::move(out)};
}

/// What is said of each of `count` frames.
Result<std::vector<Detections>> look(const Options& options, Size size, const Box& white,
                                     int count) {
  std::vector<Frame> frames;
  for (int n = 0; n < count; ++n) frames.push_back(frame_with(size, white, n));
  auto looked = look_at(options, frames, Device());
  if (!looked) return looked.error();
  return std::move(looked->seen);
}

constexpr Size clip_size{320, 180};

/// A mark that goes along.
std::vector<Frame> moving_mark() {
  std::vector<Frame> frames;
  for (int n = 0; n < 10; ++n)
    frames.push_back(frame_with(clip_size, {20 + 24 * n, 60, 40, 30}, n));
  return frames;
}
/// The same in a device's memory.
std::vector<Frame> moving_mark_on(const Device& device) {
  const DeviceFrames there = must(DeviceFrames::create(device, {Layout::nv12, 8}, clip_size));
  std::vector<Frame> frames;
  for (const Frame& frame : moving_mark()) frames.push_back(must(there.copy(frame)));
  return frames;
}

bool same(const std::vector<Detections>& a, const std::vector<Detections>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.pts == y.pts && std::equal(x.seen.begin(), x.seen.end(), y.seen.begin(), y.seen.end(),
                                        [](const Detection& d, const Detection& e) {
                                          return d.box == e.box && d.score == e.score &&
                                                 d.kind == e.kind;
                                        });
  });
}

bool near(const Box& a, const Box& b, int by) {
  UNSCOPED_INFO(a.x << "," << a.y << "," << a.width << "," << a.height);
  return std::abs(a.x - b.x) <= by && std::abs(a.y - b.y) <= by &&
         std::abs(a.right() - b.right()) <= by && std::abs(a.bottom() - b.bottom()) <= by;
}

void refused(const Options& options, Code code, const std::string& part) {
  const auto seen = look(options, {320, 180}, {40, 40, 60, 30}, 5);
  REQUIRE_FALSE(seen);
  CAPTURE(seen.error().message);
  REQUIRE(seen.error().code == code);
  REQUIRE(seen.error().message.find(part) != std::string::npos);
  REQUIRE(seen.error().message.back() == '.');
}

}  // namespace

TEST_CASE("each layout of a YOLO export gives boxes in the picture's samples, each place once") {
  const std::string model = GENERATE("yolo8", "yolo8_masks", "yolo5", "yolo5_masks");
  const Size size = GENERATE(Size{1280, 720}, Size{360, 640}, Size{322, 242});
  const Box white{size.width / 2 + 20, size.height / 4, size.width / 5, size.height / 12};
  CAPTURE(model, size.width, size.height);
  const auto seen = look(with(model), size, white, 3);
  if (!seen) FAIL(seen.error().message);
  REQUIRE(seen->size() == 3);
  const Letterbox square = letterbox(size, 640);
  for (std::size_t n = 0; n < 3; ++n) {
    const Detections& d = (*seen)[n];
    REQUIRE(d.pts == static_cast<std::int64_t>(n));
    REQUIRE(d.seen.size() == 2);  // the one nearly the same is dropped
    // An input sample is two of the picture's at most; its edge may be cut by the threshold.
    REQUIRE(near(d.seen[0].box, white, 2));
    REQUIRE(d.seen[0].kind == "class 0");
    REQUIRE(d.seen[0].score == Approx(model == "yolo5" ? .45 : .9));
    const Box other{static_cast<int>((96 - square.left) / square.scale),
                    static_cast<int>((320 - square.top) / square.scale),
                    static_cast<int>(64 / square.scale), static_cast<int>(64 / square.scale)};
    REQUIRE(near(d.seen[1].box, other.intersect({0, 0, size.width, size.height}), 2));
    REQUIRE(d.seen[1].kind == "class 2");
    const bool masked = model.find("masks") != std::string::npos;
    REQUIRE((d.seen[1].mask != nullptr) == masked);
    if (!masked) continue;
    // The left half of the square is inside, so the second box is all of it.
    for (const std::uint8_t v : d.seen[1].mask->values) REQUIRE(v == 255);
    REQUIRE(d.seen[1].mask->box == d.seen[1].box);
  }
}

TEST_CASE("a mask follows its planes within the box") {
  const Size size{640, 360};
  const auto seen = look(with("yolo8_masks"), size, {280, 100, 80, 40}, 1);
  if (!seen) FAIL(seen.error().message);
  const Detection& d = (*seen)[0].seen[0];
  REQUIRE(d.mask);
  for (int y = d.box.y; y < d.box.bottom(); ++y)
    for (int x = d.box.x; x < d.box.right(); ++x)
      if (std::abs(x + .5 - 320) > 1) REQUIRE(d.mask->at(x, y) == (x < 320 ? 255 : 0));
}

TEST_CASE("only the named classes are reported") {
  Options o = with("yolo8");
  o.detector_classes = "1, 2";
  const auto seen = look(o, {640, 360}, {300, 100, 80, 40}, 1);
  if (!seen) FAIL(seen.error().message);
  REQUIRE((*seen)[0].seen.size() == 2);
  REQUIRE((*seen)[0].seen[0].kind == "class 1");
  REQUIRE((*seen)[0].seen[1].kind == "class 2");
  o.detector_classes = "2";
  o.min_score = .7;
  const auto none = look(o, {640, 360}, {300, 100, 80, 40}, 1);
  REQUIRE(none);
  REQUIRE((*none)[0].seen.empty());
}

TEST_CASE("as many frames as detect_batch says go through the network together") {
  Options o = with("yolo_counts");
  o.min_score = 0;
  const auto seen = look(o, {640, 360}, {300, 100, 80, 40}, 10);
  if (!seen) FAIL(seen.error().message);
  REQUIRE(seen->size() == 10);
  for (std::size_t n = 0; n < 10; ++n)
    REQUIRE((*seen)[n].seen[0].score == Approx(n < 8 ? .04 : .02));
}

TEST_CASE("a batch that the user's detector has no memory for is halved, and that is said") {
  const auto library = network_library(library_here);
  REQUIRE(library);
  for (const char* detect : {"network", "auto"}) {
    Options o = with("yolo_two");
    o.detect = detect;
    o.detect_batch = 8;
    auto made = Detector::create(o, video_of({640, 360}), Device());
    if (!made) FAIL(made.error().message);
    for (int n = 0; n < 9; ++n)
      REQUIRE((*made)->push(frame_with({640, 360}, {300, 100, 80, 40}, n)));
    REQUIRE((*made)->flush());
    CAPTURE(detect);
    REQUIRE((*made)->batch() == 2);
    const auto steps = (*made)->degradations();
    REQUIRE(steps.size() == 2);
    REQUIRE((steps[0].stage == "detect" && steps[0].from == "8 pictures in a pass" &&
             steps[0].to == "4 in a pass" && steps[1].to == "2 in a pass"));
    REQUIRE(steps[1].reason.find("out of memory") != std::string::npos);
  }
}

TEST_CASE("a report tells how many frames the user's detector was given in one pass") {
  REQUIRE(network_library(library_here));
  clips::Folder files;
  clips::Clip clip;
  clip.sound = nullptr;
  for (int i = 0; i < 20; ++i) clip.times.push_back(i * 3600);
  clips::make(files / "in.mkv", clip);
  Options o = with("yolo8");
  o.detect = GENERATE("network", "auto");
  o.always = true;
  auto pipeline = Pipeline::create(o, Device(std::make_shared<StrictDevice>()));
  REQUIRE(pipeline);
  const auto report = pipeline->run(files / "in.mkv", files / "out.mkv");
  if (!report) FAIL(report.error().message);
  REQUIRE(report->stages[0].stage == "scan");
  REQUIRE(report->stages[0].batch == 4);
  for (std::size_t i = 1; i < report->stages.size(); ++i) REQUIRE(report->stages[i].batch == 1);
}

TEST_CASE("a network made for one picture is given one at a time") {
  const auto seen = look(with("yolo_alone"), {640, 360}, {300, 100, 80, 40}, 6);
  if (!seen) FAIL(seen.error().message);
  REQUIRE(seen->size() == 6);
  for (const Detections& d : *seen) REQUIRE(near(d.seen[0].box, {300, 100, 80, 40}, 1));
}

TEST_CASE("on a device that works late the detector sees the same, and each wait taken out shows") {
  const Options o = with("yolo8");
  const auto frames = moving_mark();
  const auto plain = must(look_at(o, frames, Device())).seen;
  REQUIRE(plain.size() == 10);
  REQUIRE(near(plain[9].seen[0].box, {236, 60, 40, 30}, 1));
  int waits = 0;
  for (const std::uint64_t seed : {1, 2, 3}) {
    const bool in_place = seed == 3;
    const auto strict =
        std::make_shared<StrictDevice>(StrictOptions{.seed = seed, .in_place = in_place});
    const Looked late = must(look_at(o, frames, Device(strict)));
    REQUIRE(same(late.seen, plain));
    REQUIRE(late.detector->degradations().empty());
    REQUIRE(strict->violations() == std::vector<std::string>{});
    waits = std::max(waits, strict->waits());
    // Frames go up as they are coded; of their pictures nothing crosses, of the answer all.
    const std::uint64_t bytes = 10 * 320 * 180 * 3 / 2;
    REQUIRE(strict->copied(Copy::Way::upload) == (in_place ? 0 : bytes));
    REQUIRE(strict->copied(Copy::Way::download) == 0);
  }
  int caught = 0;
  for (int k = 0; k < waits; ++k) {
    const auto strict = std::make_shared<StrictDevice>(StrictOptions{.drop_wait = k});
    static_cast<void>(must(look_at(o, frames, Device(strict))));
    caught += !strict->violations().empty();
  }
  CAPTURE(waits);
  REQUIRE(caught == 3);          // after each pass
  REQUIRE(waits == caught + 2);  // the others are before there is memory
}

TEST_CASE("frames on a device are looked at there") {
  const Options o = with("yolo8");
  const auto plain = must(look_at(o, moving_mark(), Device())).seen;
  const auto strict = std::make_shared<StrictDevice>();
  const Device device(strict);
  const auto there = moving_mark_on(device);
  const std::uint64_t before = strict->copied(Copy::Way::upload);
  REQUIRE(same(must(look_at(o, there, device)).seen, plain));
  REQUIRE(strict->copied(Copy::Way::upload) == before);
  REQUIRE(strict->copied(Copy::Way::download) == 0);
  REQUIRE(strict->violations() == std::vector<std::string>{});
  // Another device's are brought by way of the host.
  REQUIRE(same(must(look_at(o, there, Device())).seen, plain));
}

TEST_CASE("a device that fails at any step of the detector's work leaves it to the host") {
  const Options o = with("yolo8");
  const auto frames = moving_mark();
  const auto plain = must(look_at(o, frames, Device())).seen;
  const auto whole = std::make_shared<StrictDevice>();
  static_cast<void>(must(look_at(o, frames, Device(whole))));
  REQUIRE(whole->launches() > 40);
  REQUIRE(whole->allocations() >= 3);
  for (const bool memory : {false, true})
    for (int k = 0; k < (memory ? whole->allocations() : whole->launches()); ++k) {
      StrictOptions options;
      (memory ? options.fail_allocation : options.fail_launch) = k;
      const auto strict = std::make_shared<StrictDevice>(options);
      const Device device(strict);
      const bool on_device = k % 2 && !memory;
      const Looked looked = must(look_at(o, on_device ? moving_mark_on(device) : frames, device));
      CAPTURE(memory, k);
      REQUIRE(same(looked.seen, plain));
      const auto steps = looked.detector->degradations();
      REQUIRE(steps.size() == 1);
      REQUIRE(steps[0].stage == "detect");
      REQUIRE(steps[0].from.starts_with(memory ? "4 pictures in a pass" : "strict"));
      REQUIRE(steps[0].reason.find("told to fail") != std::string::npos);
      REQUIRE(strict->violations() == std::vector<std::string>{});
    }
  // There is room for nothing.
  StrictOptions small;
  small.capacity = 1000;
  const Looked looked = must(look_at(o, frames, Device(std::make_shared<StrictDevice>(small))));
  REQUIRE(same(looked.seen, plain));
  const auto steps = looked.detector->degradations();
  REQUIRE(steps.size() == 3);
  REQUIRE((steps[1].to == "1 in a pass" && steps[2].to == "cpu"));
}

TEST_CASE("where libtorch has no card the detector works on the host, and that is said") {
  const auto library = network_library(library_here);
  REQUIRE(library);
  if (library->cuda_devices > 0) return;
  Options o = with("yolo8");
  const Device card(std::make_shared<CardLike>());
  const Size size{640, 360};
  for (const char* detect : {"network", "auto"}) {
    CAPTURE(detect);
    o.detect = detect;
    auto made = Detector::create(o, video_of(size), card);
    if (!made) FAIL(made.error().message);
    for (int n = 0; n < 9; ++n) REQUIRE((*made)->push(frame_with(size, {300, 100, 80, 40}, n)));
    REQUIRE((*made)->flush());
    const auto steps = (*made)->degradations();
    REQUIRE(steps.size() == 1);
    REQUIRE(steps[0].stage == "detect");
    REQUIRE(steps[0].from == "cuda:0");
    REQUIRE(steps[0].to == "cpu");
    REQUIRE(steps[0].reason.find("no CUDA card") != std::string::npos);
    const auto all = (*made)->candidates();
    REQUIRE(std::any_of(all.begin(), all.end(), [](const Candidate& c) {
      return c.accepted && near(c.detection.box, {300, 100, 80, 40}, 1);
    }));
  }
}

TEST_CASE("what is no YOLO is refused with a sentence") {
  refused(with("itself"), Code::network, "one tensor of three dimensions is looked for");
  refused(with("yolo_boxes_only"), Code::network, "no place for the scores");
  refused(with("yolo_logits"), Code::network, "a score of 18");
  refused(with("number"), Code::network, "Int");
  refused(with("nowhere"), Code::network, "There is no model file");
  const std::string path = folder + "/text.pt";
  std::ofstream(path) << "this is no model";
  refused(with("text"), Code::network, "could not be loaded");
  Options o = with("yolo8");
  o.detector_classes = "0,x";
  refused(o, Code::invalid_option, "detector_classes");
  o.detector_classes = "3";
  refused(o, Code::invalid_option, "has 3 (from 0)");
}

TEST_CASE("auto takes the user's detector in place of ours") {
  Options o = with("yolo8");
  o.detect = "auto";
  REQUIRE(network_library(library_here));
  const Size size{640, 360};
  auto made = Detector::create(o, video_of(size), Device());
  if (!made) FAIL(made.error().message);
  for (int n = 0; n < 9; ++n) REQUIRE((*made)->push(frame_with(size, {300, 100, 80, 40}, n)));
  REQUIRE((*made)->flush());
  const auto all = (*made)->candidates();
  REQUIRE(std::any_of(all.begin(), all.end(), [](const Candidate& c) {
    return c.accepted && near(c.detection.box, {300, 100, 80, 40}, 1);
  }));
  o.detector_model = folder + "/nowhere.pt";
  REQUIRE_FALSE(Detector::create(o, video_of(size), Device()));
}
#endif
