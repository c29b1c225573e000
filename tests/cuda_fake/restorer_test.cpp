// Another program's pictures on a card through a Restorer, without leaving it.
#include <cleanplate/restorer.h>

#include <algorithm>
#include <optional>

#include "cuda_fake/card_pictures.h"
#include "cuda_fake/failing_calls.h"
#include "device/host_device.h"

using namespace card_pictures;

namespace {

constexpr int frames = 20;
constexpr Size size{320, 180};
constexpr Box covered{40, 30, 24, 16};
const std::vector<std::string> nothing;

Options options_of(const char* device) {
  Options options = quick_options();
  options.device = device;
  options.threads = 1;
  return options;
}
Device host() { return Device(std::make_shared<HostDevice>(Simd::baseline, 1, 1 << 30)); }

constexpr PixelFormat nv12{Layout::nv12, 8};

VideoInfo video_of(PixelFormat format) {
  VideoInfo video;
  video.format = format;
  video.size = size;
  video.time_base = {1, 25};
  return video;
}

/// A place to fill in all frames but some.
Plan one_place() {
  Plan plan;
  PlannedOverlay overlay;
  overlay.detection = {covered, 1, "region", nullptr, true};
  overlay.support = std::make_shared<Mask>(
      Mask{covered, std::vector<std::uint8_t>(static_cast<std::size_t>(covered.area()), 255)});
  overlay.when = {.1, .6};
  plan.overlays = {overlay};
  return plan;
}

Restorer restorer_of(const Options& options, PixelFormat format, bool planned,
                     const Device& device) {
  return must(planned ? Restorer::create(options, video_of(format), one_place(), {}, device)
                      : Restorer::create(options, video_of(format), {}, device));
}

/// What comes out of frames in the host's memory.
std::vector<Samples> plainly(const Options& options, PixelFormat format, bool planned) {
  Restorer restorer = restorer_of(options, format, planned, host());
  std::vector<Samples> out;
  const auto take = [&] {
    for (Frame done; must(restorer.pull(done)) == Flow::ok;) out.push_back(samples_of(done));
  };
  for (int n = 0; n < frames; ++n) {
    Frame frame = Picture(format, size, static_cast<std::uint64_t>(10 * n)).frame();
    frame.pts = n;
    must(restorer.push(frame));
    take();
  }
  must(restorer.flush());
  take();
  return out;
}

/// The same way, with pictures that a stream of this program's writes late on the card.
struct Passed {
  std::vector<Samples> out;
  int on_card = 0;
  std::optional<Error> failed;
  Report report;
};
Passed on_card(const Options& options, PixelFormat format, bool planned, const Device& device) {
  Passed passed;
  std::optional<fake::Others> ours(std::in_place);
  const TheirStream theirs;
  const TheirEvent written, handed;
  Picture target(format, size, 1);
  ours.reset();
  target.picture.stream = theirs.native;
  target.picture.event = handed.native;
  // A card that is short of memory for once is asked again.
  const auto twice = [&](auto&& call) {
    auto done = call();
    if (!done && done.error().code == Code::out_of_memory) done = call();
    if (!done) passed.failed = done.error();
    return done;
  };
  Restorer restorer = restorer_of(options, format, planned, device);
  const DevicePictures pictures = must(DevicePictures::create(device, format, size));
  const auto take = [&] {
    for (Frame done; !passed.failed;) {
      const auto pulled = restorer.pull(done);
      if (!pulled) passed.failed = pulled.error();
      if (!pulled || *pulled != Flow::ok) return;
      passed.on_card += done.on_device();
      if (!twice([&] { return to_device(device, done, target.picture); })) return;
      done = {};
      const fake::Others reading;
      sure(cudaEventSynchronize(handed.native));
      Samples samples;
      for (std::size_t p = 0; p < rows_of(format, size).size(); ++p) {
        const Rows rows = rows_of(format, size)[p];
        const auto* at = reinterpret_cast<const std::byte*>(target.picture.planes[p].address);
        for (int y = 0; y < rows.rows; ++y, at += rows.stride)
          samples.insert(samples.end(), at, at + rows.bytes);
      }
      passed.out.push_back(std::move(samples));
    }
  };
  for (int n = 0; n < frames && !passed.failed; ++n) {
    ours.emplace();
    Picture picture(format, size, static_cast<std::uint64_t>(10 * n));
    picture.write(theirs.native);
    sure(cudaEventRecord(written.native, theirs.native));
    ours.reset();
    picture.picture.event = written.native;
    bool released = false;
    auto frame = twice([&] {
      return pictures.take_in(picture.picture,
                              std::shared_ptr<const void>(&released, [](const void* flag) {
                                *static_cast<bool*>(const_cast<void*>(flag)) = true;
                              }));
    });
    REQUIRE(released);
    if (!frame) break;
    REQUIRE(frame->on_device());
    frame->pts = n;
    const auto pushed = restorer.push(*frame);
    if (!pushed) passed.failed = pushed.error();
    take();
  }
  if (!passed.failed) {
    const auto flushed = restorer.flush();
    if (!flushed) passed.failed = flushed.error();
    take();
  }
  passed.report = restorer.report();
  return passed;
}

/// Copies of a picture's luma.
long whole(cudaMemcpyKind kind, PixelFormat format = nv12) {
  const std::size_t luma = std::size_t{320} * 180 * (format.bits > 8 ? 2 : 1);
  const auto all = fake::copies(kind);
  return std::count_if(all.begin(), all.end(), [&](std::size_t n) { return n >= luma; });
}

}  // namespace

TEST_CASE("fake: frames on the card go through a restorer there, and come out as the host's do") {
  for (const PixelFormat format :
       {nv12, PixelFormat{Layout::nv12, 10}, PixelFormat{Layout::yuv444, 8},
        PixelFormat{Layout::yuv444_msb, 10}}) {
    const auto plain = plainly(options_of("cpu"), format, true);
    REQUIRE(plain.size() == frames);
    const int whole_planes = format.layout == Layout::nv12 ? 1 : 3;  // of luma's size
    for (const std::uint64_t seed : {1, 2, 3, 4}) {
      CAPTURE(static_cast<int>(format.layout), format.bits, seed);
      fake::Card machine;
      machine.seed = seed;
      fake::set(machine);
      const Passed passed = on_card(options_of("cuda"), format, true, card());
      REQUIRE_FALSE(passed.failed);
      REQUIRE((passed.out == plain));
      REQUIRE(passed.on_card == frames);
      REQUIRE(passed.report.degradations.empty());
      REQUIRE(passed.report.frames_changed > 5);
      REQUIRE(passed.report.frames_changed < frames);
      // Up went what this program wrote, and nothing whole of ours; down nothing whole.
      REQUIRE(whole(cudaMemcpyHostToDevice, format) == whole_planes * frames);
      REQUIRE(whole(cudaMemcpyDeviceToHost, format) == 0);
      REQUIRE(fake::complaints() == nothing);
    }
  }
}

TEST_CASE("fake: frames on the card wait there for a first window, which comes down to be seen") {
  Options options = options_of("cuda");
  options.region = {"40,30,24,16"};
  options.accumulation_seconds = .5;
  Options plainer = options;
  plainer.device = "cpu";
  const auto plain = plainly(plainer, nv12, false);
  fake::set({});
  const Passed passed = on_card(options, nv12, false, card());
  REQUIRE_FALSE(passed.failed);
  REQUIRE((passed.out == plain));
  REQUIRE(passed.on_card == frames);
  REQUIRE(whole(cudaMemcpyHostToDevice) == frames);
  REQUIRE(whole(cudaMemcpyDeviceToHost) > 0);
  REQUIRE(whole(cudaMemcpyDeviceToHost) < frames);
  REQUIRE(fake::complaints() == nothing);
}

TEST_CASE("fake: whichever call fails, frames on the card all come out, or an error says why") {
  const Options options = options_of("cuda");
  const auto plain = plainly(options_of("cpu"), nv12, true);
  int fell = 0;
  with_each_call_failing(
      [&](const Device& device) { return on_card(options, nv12, true, device); },
      [&](const Passed& passed, const FailingCall& failing) {
        if (passed.failed) {
          REQUIRE(passed.failed->message.size() > 30);
          REQUIRE(passed.failed->code == (failing.for_good ? Code::device : Code::out_of_memory));
        } else {
          REQUIRE((passed.out == plain));
        }
        for (const Degradation& d : passed.report.degradations) {
          REQUIRE(d.stage == "inpaint");
          ++fell;
        }
        // This program's own stream dies with work in it.
        if (!failing.for_good) REQUIRE(fake::complaints() == nothing);
      },
      90);
  REQUIRE(fell > 3);
}

TEST_CASE("fake: what cannot stay on the card is refused with a sentence, its memory given back") {
  fake::set({});
  {
    const Device device = card();
    const auto refused = [](const Error& e, Code code, const char* words) {
      CAPTURE(e.message);
      REQUIRE(e.code == code);
      REQUIRE(e.message.find(words) != std::string::npos);
    };
    refused(DevicePictures::create(device, {Layout::yuv420, 8}, size).error(),
            Code::invalid_argument, "NV12, P010 or 4:4:4");
    refused(DevicePictures::create(device, {Layout::nv12, 17}, size).error(),
            Code::invalid_argument, "17");
    refused(DevicePictures::create(device, {Layout::nv12, 8}, {0, 9}).error(),
            Code::invalid_argument, "0x9");
    refused(DevicePictures::create(host(), {Layout::nv12, 8}, size).error(), Code::device,
            "no CUDA card");
    refused(DevicePictures::create({}, {Layout::nv12, 8}, size).error(), Code::invalid_argument,
            "empty Device");
    const DevicePictures pictures = must(DevicePictures::create(device, {Layout::nv12, 8}, size));
    int released = 0;
    const auto owner = [&] {
      return std::shared_ptr<const void>(&released, [&](const void*) { ++released; });
    };
    Picture other({Layout::nv12, 10}, size, 1), right({Layout::nv12, 8}, size, 1);
    refused(pictures.take_in(other.picture, owner()).error(), Code::invalid_argument,
            "format and size");
    right.picture.card = 1;
    refused(pictures.take_in(right.picture, owner()).error(), Code::invalid_argument, "cuda:1");
    REQUIRE(released == 2);
    right.picture.card = 0;
    const Frame frame = must(pictures.take_in(right.picture, owner()));
    REQUIRE(released == 3);
    const Device second = card();
    refused(to_device(second, frame, right.picture).error(), Code::invalid_argument,
            "another Device");
    Restorer elsewhere = restorer_of(options_of("cpu"), nv12, true, host());
    const auto pushed = elsewhere.push(frame);
    REQUIRE_FALSE(pushed);
    refused(pushed.error(), Code::invalid_argument, "create it with that device");
  }
  REQUIRE(fake::complaints() == nothing);
}
