// The CUDA device over a made-up runtime: its copies, events, memory and failures. What a card and
// its driver do themselves, tests/gpu alone can show.
#include "cuda_fake/failing_calls.h"
#include "cuda_fake/fake_cudart.h"
#include "cuda_fake/recorded_ranges.h"
#include "device/cuda_facts.h"
#include "device/open_device.h"
#include "frame/read_sample.h"
#include "path/device_job.h"

using namespace cleanplate;

namespace {
Options on_cuda() {
  Options options = quick_options();
  options.device = "cuda";
  return options;
}
const std::vector<std::string> nothing;
}  // namespace

TEST_CASE("fake: each thing that keeps a card from being used is said, with what to do") {
  struct Case {
    fake::Card machine;
    const char* device;
    const char* says;
  };
  std::vector<Case> cases(6);
  cases[0] = {{}, "cuda", "No NVIDIA driver was found"};
  cases[0].machine.driver = 0;
  cases[1] = {{}, "cuda", "too old: it offers CUDA 12.4; install version 580"};
  cases[1].machine.driver = 12040;
  cases[2] = {{}, "cuda", "gives no card: no CUDA-capable device is detected"};
  cases[2].machine.cards = 0;
  cases[3] = {{}, "cuda:2", "cuda:2 was asked for, but there is one card"};
  cases[4] = {{}, "cuda", "older than what the kernels are built for"};
  cases[4].machine.capability = 61;
  cases[5] = {{}, "cuda", "gives other numbers than the host"};
  cases[5].machine.wrong_numbers = true;
  for (const Case& c : cases) {
    fake::set(c.machine);
    Options options = on_cuda();
    options.device = c.device;
    CAPTURE(c.says);
    const auto opened = Device::open(options);
    REQUIRE_FALSE(opened);
    REQUIRE(opened.error().code == Code::device);
    REQUIRE(opened.error().message.find(c.says) != std::string::npos);
    REQUIRE(opened.error().message.find("device=cpu") != std::string::npos);
    const auto instead = must(open_device(options));
    REQUIRE(instead.device.name().starts_with("cpu"));
    REQUIRE(instead.instead->reason == opened.error().message);
    REQUIRE(instead.instead->from == c.device);
    options.device = "auto";
    REQUIRE(must(open_device(options)).device.name().starts_with(c.device[4] ? "cuda:0" : "cpu"));
    REQUIRE(fake::complaints() == nothing);
  }
}

TEST_CASE("fake: a copy sees what one before it in the stream wrote, whoever is late") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    fake::Card machine;
    machine.seed = seed;
    machine.pools = seed % 2 != 0;
    fake::set(machine);
    {
      const Device device = card();
      Stream stream = must(device.core().stream()), other = must(device.core().stream());
      constexpr int w = 300, h = 200;
      std::vector<std::uint16_t> in(w * h), between(w * h), out(w * h);
      for (std::size_t i = 0; i < in.size(); ++i) in[i] = static_cast<std::uint16_t>(i);
      const Buffer a = must(device.core().allocate(2 * w * h)),
                   b = must(device.core().allocate(2 * w * h));
      const auto av = a.view<std::uint16_t>(w, h), bv = b.view<std::uint16_t>(w, h);
      must(stream.upload(av, in.data(), 2 * w));
      must(stream.download(between.data(), 2 * w, av));
      must(stream.upload(bv, between.data(), 2 * w));  // without a wait
      must(other.wait_for(must(stream.record())));
      must(other.launch({w, h}, ReadSample<std::uint16_t, 1>{bv, av, 1}, reads(bv), writes(av)));
      must(other.copy(bv, av));
      // The host's rows from the bottom up.
      must(other.download(out.data() + w * (h - 1), -2 * w, bv));
      must(other.wait());
      must(stream.wait());
      for (int y = 0; y < h; y += 17)
        for (int x = 0; x < w; x += 13)
          REQUIRE(out[static_cast<std::size_t>((h - 1 - y) * w + x)] ==
                  in[static_cast<std::size_t>(y * w + x)] >> 1);
    }
    CAPTURE(seed);
    REQUIRE(fake::complaints() == nothing);
  }
}

TEST_CASE("fake: many copies in flight share few slots and stay right") {
  fake::set({});
  {
    const Device device = card();
    Stream stream = must(device.core().stream());
    constexpr int w = 4096, h = 2048;  // 16 MiB each; 64 may be pinned
    const Buffer buffer = must(device.core().allocate(2 * w * h));
    std::vector<std::vector<std::uint16_t>> in, out;
    const auto view = buffer.view<std::uint16_t>(w, h);
    for (std::uint16_t k = 0; k < 7; ++k) {
      in.emplace_back(w * h, k);
      out.emplace_back(w * h);
    }
    for (std::size_t k = 0; k < in.size(); ++k) {
      must(stream.upload(view, in[k].data(), 2 * w));
      must(stream.download(out[k].data(), 2 * w, view));
    }
    must(stream.wait());
    REQUIRE((in == out));
  }
  REQUIRE(fake::complaints() == nothing);
}

TEST_CASE("fake: the card's share of memory is a limit, and given back memory counts again") {
  fake::Card machine;
  machine.memory = 10 << 20;
  fake::set(machine);
  Options options = on_cuda();
  options.gpu_memory_fraction = 0.5;
  const Device device = must(Device::open(options));
  REQUIRE(device.core().memory().total == 5 << 20);
  REQUIRE(device.core().memory().card == 10 << 20);
  {
    const Buffer most = must(device.core().allocate(4 << 20));
    const auto more = device.core().allocate(2 << 20);
    REQUIRE_FALSE(more);
    REQUIRE(more.error().code == Code::out_of_memory);
    REQUIRE(more.error().message.find("gpu_memory_fraction") != std::string::npos);
  }
  REQUIRE(device.core().memory().free == 5 << 20);
  REQUIRE(device.core().allocate(4 << 20));
  options.gpu_memory_fraction = 0.95;
  const Device rest = must(Device::open(options));
  REQUIRE(rest.core().memory().total == static_cast<std::size_t>(0.85 * (10 << 20)));
}

TEST_CASE("fake: the pipeline on a card gives the host's samples") {
  const Job job;
  const auto plain = job.run(Device(std::make_shared<HostDevice>(Simd::baseline, 1, 1 << 30)));
  for (const std::uint64_t seed : {1, 2, 3}) {
    fake::Card machine;
    machine.seed = seed;
    fake::set(machine);
    const auto ran = job.run(card());
    CAPTURE(seed);
    REQUIRE(fake::grids() > 100);
    REQUIRE(ran.frames == plain.frames);
    REQUIRE(ran.report.degradations.empty());
    REQUIRE(ran.report.stages[2].device.starts_with("cuda:0 (made-up card, 9.0, 1024 MiB)"));
    REQUIRE(fake::complaints() == nothing);
  }
}

TEST_CASE(
    "fake: a profiler is shown each stage's work by its name, and how busy each was is told") {
  const Job job;
  fake::set({});
  static_cast<void>(fake::take_ranges());
  const auto ran = job.run(card());
  const fake::Ranges ranges = fake::take_ranges();
  REQUIRE(ranges.still_open == 0);
  REQUIRE_FALSE(ranges.crossed);
  REQUIRE(ran.report.stages.size() == 4);
  double most = 0;
  for (const StageReport& stage : ran.report.stages) {
    CAPTURE(stage.stage);
    const auto opened = ranges.opened.find(stage.stage);
    REQUIRE(opened != ranges.opened.end());
    REQUIRE(opened->second >= (stage.stage == "scan" ? 1 : 40));
    REQUIRE(stage.busy_seconds > 0);
    REQUIRE(stage.busy_share == Approx(stage.busy_seconds / ran.report.seconds));
    most = std::max(most, stage.busy_share);
  }
  REQUIRE(most > .1);
  REQUIRE(most <= 1);
}

TEST_CASE("fake: whichever call into CUDA fails, for once or for good, no frame is lost") {
  const Job job;
  const auto plain = job.run(Device(std::make_shared<HostDevice>(Simd::baseline, 1, 1 << 30)));
  with_each_call_failing([&](const Device& device) { return job.run(device); },
                         [&](const Job::Ran& ran, const FailingCall& failing) {
                           REQUIRE(ran.frames == plain.frames);
                           REQUIRE(fake::complaints() == nothing);
                           if (ran.report.degradations.empty())
                             REQUIRE(failing.while_given_back());
                           else
                             whole_but_degraded(ran, plain, "cuda:0",
                                                failing.for_good ? "a made-up failure" : "card");
                         });
}

TEST_CASE("fake: a card that fails while it is opened leaves the job to the host") {
  const Job job;
  fake::set({});
  { const Device once = card(); }
  const int calls = fake::calls();
  for (int k = 0; k < calls - 6; ++k) {  // the last ones give things back
    fake::Card machine;
    machine.fail_call = k;
    fake::set(machine);
    CAPTURE(k);
    const auto opened = must(open_device(on_cuda()));
    REQUIRE(opened.device.name().starts_with("cpu"));
    REQUIRE(opened.instead->reason.size() > 20);
    REQUIRE(fake::complaints() == nothing);
  }
}
