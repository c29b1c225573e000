// The user's own detector. In this file, so that it comes after the tests that want a process
// without libtorch.
#include <cleanplate/detector.h>
#include <cleanplate/pipeline.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "detect/auto_detector.h"
#include "detect/letterbox.h"
#include "detect/place_votes.h"
#include "device/strict_device.h"
#include "media_clips.h"

using namespace cleanplate;

TEST_CASE("a letterboxed picture is centred, whole, and grey round it") {
  Picture rgb({200, 100}, 3);
  for (auto& s : rgb.samples) s = 255;
  const Letterbox box = letterbox(rgb.size, 64);
  REQUIRE((box.width == 64 && box.height == 32 && box.left == 0 && box.top == 16));
  std::vector<float> planes(3 * 64 * 64);
  fill_letterbox(rgb, box, planes.data());
  for (std::size_t y = 0; y < 64; ++y)
    for (std::size_t x = 0; x < 64; ++x)
      REQUIRE(planes[64 * 64 + y * 64 + x] ==
              Approx(y < 16 || y >= 48 ? 114. / 255 : 1.).margin(1e-5));
  REQUIRE(box.picture_x(32) == Approx(100));
  REQUIRE(box.picture_y(32) == Approx(50));
}

TEST_CASE("a picture smaller than the square is enlarged without a shift") {
  Picture rgb({8, 8}, 3);
  for (int y = 0; y < 8; ++y)
    for (int x = 0; x < 8; ++x) rgb.at(x, y)[0] = static_cast<std::uint8_t>(x * 30);
  std::vector<float> planes(3 * 32 * 32);
  fill_letterbox(rgb, letterbox(rgb.size, 32), planes.data());
  for (std::size_t x = 2; x < 30; ++x)  // x' = (x + .5) / 4 - .5 in the picture
    REQUIRE(planes[10 * 32 + x] * 255 ==
            Approx(30 * ((static_cast<double>(x) + .5) / 4 - .5)).margin(.01));
}

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

/// What is said of each of `count` frames.
Result<std::vector<Detections>> look(const Options& options, Size size, const Box& white,
                                     int count) {
  if (auto library = network_library(library_here); !library) return library.error();
  auto made = Detector::create(options, video_of(size), Device());
  if (!made) return made.error();
  std::vector<Detections> out;
  const auto drain = [&]() -> Result<Flow> {
    for (Detections d;;) {
      auto flow = (*made)->pull(d);
      if (!flow || *flow != Flow::ok) return flow;
      out.push_back(d);
    }
  };
  for (int n = 0; n < count; ++n) {
    if (auto pushed = (*made)->push(frame_with(size, white, n)); !pushed) return pushed.error();
    if (auto flow = drain(); !flow) return flow.error();
  }
  if (auto flushed = (*made)->flush(); !flushed) return flushed.error();
  auto flow = drain();
  if (!flow) return flow.error();
  REQUIRE(*flow == Flow::end);
  return out;
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
