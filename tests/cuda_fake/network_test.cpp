// Other software's work in a card's stream: CudaStream::call, and the user's networks by it.
#include <cleanplate/detector.h>

#include <cstring>
#include <fstream>

#include "cuda_fake/failing_calls.h"
#include "cuda_fake/late_network.h"
#include "frame/device_frames.h"
#include "path/device_job.h"

using namespace cleanplate;

namespace {

Device host() { return Device(std::make_shared<HostDevice>(Simd::baseline, 1, 1 << 30)); }
const std::vector<std::string> nothing;

/// The job's holes filled by a network, several frames at once.
struct NetworkJob : Job {
  NetworkJob() {
    fake::load_late_network();
    options.inpaint_model = folder / "any.pt";
    options.inpaint_batch = 3;
    std::ofstream(options.inpaint_model) << "any";
  }
};

/// Those of the scan are left out: it would ask a network of our own, which is not made up here.
std::vector<Degradation> steps_of(const Report& report) {
  std::vector<Degradation> steps = report.degradations;
  std::erase_if(steps, [](const Degradation& d) { return d.stage == "scan"; });
  return steps;
}

/// What a detector of the user's sees of eight frames, each lighter than the one before.
struct Seen {
  std::vector<double> scores;
  std::vector<Degradation> degradations;
};
Seen look(const Options& options, const Device& device, bool there) {
  VideoInfo video;
  video.format = {Layout::yuv420, 8};
  video.size = {160, 90};
  video.time_base = {1, 25};
  auto detector = must(Detector::create(options, video, device));
  const DeviceFrames frames = must(DeviceFrames::create(device, {Layout::nv12, 8}, video.size));
  Seen out;
  const auto take = [&] {
    for (Detections d; must(detector->pull(d)) == Flow::ok;)
      for (const Detection& seen : d.seen) out.scores.push_back(seen.score);
  };
  for (int n = 0; n < 8; ++n) {
    Frame frame = must(Frame::allocate(video.format, video.size));
    for (int c = 0; c < 3; ++c) {
      const auto v = frame.writable(c);
      for (int y = 0; y < v.height; ++y)
        std::memset(v.data + y * v.stride, c ? 128 : 60 + 20 * n,
                    static_cast<std::size_t>(v.width));
    }
    frame.pts = n;
    must(detector->push(there ? must(frames.copy(frame)) : frame));
    take();
  }
  must(detector->flush());
  take();
  out.degradations = detector->degradations();
  return out;
}

}  // namespace

TEST_CASE("fake: other software's work has its turn in a card's stream, and its failure is told") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    fake::Card machine;
    machine.seed = seed;
    fake::set(machine);
    {
      const Device device = card();
      Stream stream = must(device.core().stream());
      constexpr int n = 64;
      std::vector<std::uint16_t> in(n, 20), out(n);
      const Buffer buffer = must(device.core().allocate(2 * n));
      const auto view = buffer.view<std::uint16_t>(n, 1);
      std::uint16_t* const there = view.first.address();
      must(stream.upload(view, in.data(), 2 * n));
      must(stream.call(
          "adding one",
          [there](void* native) -> Result<void> {
            REQUIRE(native);
            const auto code = cudaLaunchHostFunc(
                static_cast<cudaStream_t>(native),
                [](void* values) {
                  for (int i = 0; i < n; ++i) ++static_cast<std::uint16_t*>(values)[i];
                },
                there);
            REQUIRE(code == cudaSuccess);
            return {};
          },
          writes(view)));
      must(stream.download(out.data(), 2 * n, view));
      must(stream.wait());
      REQUIRE(out == std::vector<std::uint16_t>(n, 21));
      const auto refused = stream.call(
          "failing",
          [](void*) -> Result<void> {
            return Error{Code::network, "infer", "It does not go."};
          },
          writes(view));
      REQUIRE(refused.error().message == "It does not go.");
      must(stream.wait());
      fake::fail_after(0, cudaErrorIllegalAddress, true);
      const auto dead = stream.call(
          "unreached",
          [](void*) -> Result<void> {
            FAIL("It was called.");
            return {};
          },
          writes(view));
      REQUIRE(dead.error().code == Code::device);
    }
    CAPTURE(seed);
    REQUIRE(fake::complaints() == nothing);
  }
}

TEST_CASE("fake: the user's network fills on the card, in our stream, with the host's samples") {
  const NetworkJob job;
  const auto plain = job.run(host());
  REQUIRE(steps_of(plain.report).empty());
  REQUIRE(plain.report.stages[2].batch == 3);
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    fake::Card machine;
    machine.seed = seed;
    fake::set(machine);
    const int before = fake::passes_on_card();
    const auto ran = job.run(card());
    CAPTURE(seed);
    REQUIRE(fake::passes_on_card() > before + 8);
    REQUIRE(steps_of(ran.report).empty());
    REQUIRE((ran.frames == plain.frames));
    REQUIRE(fake::complaints() == nothing);
  }
}

TEST_CASE("fake: whichever call fails while the user's network is at work, no frame is lost") {
  const NetworkJob job;
  const auto plain = job.run(host());
  constexpr int tries = 48;  // some of them while room is made for a batch
  int fewer = 0, on_host = 0;
  with_each_call_failing([&](const Device& device) { return job.run(device); },
                         [&](const Job::Ran& ran, const FailingCall& failing) {
                           REQUIRE((ran.frames == plain.frames));
                           const auto steps = steps_of(ran.report);
                           if (steps.empty()) REQUIRE(failing.while_given_back());
                           for (const Degradation& d : steps) {
                             REQUIRE(d.stage == "inpaint");
                             fewer += d.to.ends_with("in a pass");
                             on_host += d.to.starts_with("cpu");
                           }
                         },
                         tries);
  REQUIRE(fewer > 0);
  REQUIRE(on_host > 10);
}

TEST_CASE("fake: the user's detector works on the card, and the host goes on where that fails") {
  fake::load_late_network();
  const clips::Folder folder;
  Options options = quick_options();
  options.detect = "network";
  options.detector_model = folder / "any.pt";
  options.detector_size = 64;
  options.detect_batch = 3;
  std::ofstream(options.detector_model) << "any";
  const Seen plain = look(options, host(), false);
  REQUIRE(plain.scores.size() == 8);
  REQUIRE(plain.scores[7] > plain.scores[0] + .2);
  for (const bool there : {false, true}) {
    CAPTURE(there);
    fake::set({});
    const int before = fake::passes_on_card();
    const Seen seen = look(options, card(), there);
    REQUIRE(seen.scores == plain.scores);
    REQUIRE(seen.degradations.empty());
    REQUIRE(fake::passes_on_card() == before + 3);
    REQUIRE(fake::complaints() == nothing);
  }
  constexpr int all = 10000;
  with_each_call_failing([&](const Device& device) { return look(options, device, false); },
                         [&](const Seen& seen, const FailingCall& failing) {
                           REQUIRE(seen.scores == plain.scores);
                           REQUIRE(fake::complaints() == nothing);
                           for (const Degradation& d : seen.degradations)
                             REQUIRE(d.stage == "detect");
                           if (seen.degradations.empty())
                             REQUIRE(failing.number > failing.of - 16);  // given back
                         },
                         all);
}
