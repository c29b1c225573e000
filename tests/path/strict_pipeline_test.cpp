// The whole pipeline on the strict device: a missing wait, a use after free, a failure that is not
// handled shows here without a GPU.
#include <cstdint>

#include "path/device_job.h"

using namespace cleanplate;

namespace {

struct Strict {
  std::shared_ptr<StrictDevice> core;
  explicit Strict(const StrictOptions& options = {})
      : core(std::make_shared<StrictDevice>(options)) {}
};

}  // namespace

TEST_CASE("the pipeline orders all it does on a device, and gives the plain device's samples") {
  const Job job;
  const auto plain = job.run(Device(std::make_shared<HostDevice>(Simd::baseline, 1, 1 << 30)));
  REQUIRE(plain.frames.size() == 40);
  REQUIRE(plain.report.frames_changed == 40);
  REQUIRE(plain.report.degradations.empty());
  for (const std::uint64_t seed : {1, 2, 3}) {
    StrictOptions options;
    options.seed = seed;
    options.in_place = seed == 3;
    const Strict strict(options);
    const auto ran = job.run(Device(strict.core));
    CAPTURE(seed);
    REQUIRE(strict.core->violations() == std::vector<std::string>{});
    REQUIRE(strict.core->launches() > 40);
    REQUIRE(ran.frames == plain.frames);
    REQUIRE(ran.report.degradations.empty());
    REQUIRE(ran.report.stages[2].device.starts_with("strict"));
  }
}

TEST_CASE("a wait taken out of the pipeline is caught") {
  const Job job;
  const Strict whole;
  static_cast<void>(job.run(Device(whole.core)));
  const int waits = whole.core->waits();
  REQUIRE(waits > 80);
  // The last quarter: frames are cut out and written back there, no buffers are set up any more.
  int caught = 0, tried = 0;
  for (int k = waits * 3 / 4; k < waits - 2; k += waits / 24, ++tried) {
    StrictOptions options;
    options.drop_wait = k;
    const Strict strict(options);
    static_cast<void>(job.run(Device(strict.core)));
    CAPTURE(k);
    CHECK_FALSE(strict.core->violations().empty());
    caught += !strict.core->violations().empty();
  }
  REQUIRE(tried > 4);
  REQUIRE(caught == tried);
}

TEST_CASE("each allocation of a device fails once: all frames come out, the same, and it is said") {
  const Job job;
  const auto plain = job.run(Device(std::make_shared<HostDevice>(Simd::baseline, 1, 1 << 30)));
  const Strict whole;
  static_cast<void>(job.run(Device(whole.core)));
  REQUIRE(whole.core->allocations() > 10);
  for (const int k : spread(whole.core->allocations())) {
    StrictOptions options;
    options.fail_allocation = k;
    const Strict strict(options);
    CAPTURE(k);
    whole_but_degraded(job.run(Device(strict.core)), plain, "strict", "told to fail");
    REQUIRE(strict.core->violations() == std::vector<std::string>{});
  }
}

TEST_CASE("a device that fails in the middle of a frame loses none") {
  const Job job;
  const auto plain = job.run(Device(std::make_shared<HostDevice>(Simd::baseline, 1, 1 << 30)));
  const Strict whole;
  static_cast<void>(job.run(Device(whole.core)));
  for (const int k : spread(whole.core->launches())) {
    StrictOptions options;
    options.fail_launch = k;
    const Strict strict(options);
    CAPTURE(k);
    const auto ran = job.run(Device(strict.core));
    whole_but_degraded(ran, plain, "strict", "told to fail");
    REQUIRE(strict.core->violations() == std::vector<std::string>{});
  }
}

TEST_CASE("a device that has room for nothing leaves the job to the host; strict refuses that") {
  Job job;
  StrictOptions small;
  small.capacity = 1000;
  const Strict strict(small);
  const auto ran = job.run(Device(strict.core));
  REQUIRE(ran.report.frames_out == 40);
  REQUIRE(ran.report.degradations.size() == 1);
  REQUIRE(ran.report.degradations[0].first_frame == 0);
  job.options.strict = true;
  Pipeline pipeline = must(Pipeline::create(job.options, Device(strict.core)));
  const auto refused = pipeline.run(job.folder / "in.mkv", job.folder / "out.mkv");
  REQUIRE_FALSE(refused);
  REQUIRE(refused.error().code == Code::degraded);
}
