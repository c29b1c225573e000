#include <cleanplate/options.h>

#include <type_traits>

#include "../reference/every_device.h"
#include "device/mirror.h"
#include "frame/read_sample.h"

using namespace cleanplate;

namespace {
// What host code could do with a plain pointer and must not be able to with a device's.
template <class P>
concept Followed = requires(P p) {
  *p;
};
template <class P>
concept Indexed = requires(P p) {
  p[0];
};
template <class V>
concept Called = requires(V v) {
  v(0, 0);
};
static_assert(Followed<int*> && Indexed<int*>);
static_assert(!Followed<DevicePtr<int>> && !Indexed<DevicePtr<int>>);
static_assert(!Called<DeviceView<int>> && !Indexed<DeviceView<int>>);
static_assert(!std::is_convertible_v<DevicePtr<int>, int*>);
static_assert(!std::is_convertible_v<int*, DevicePtr<int>>);
static_assert(std::is_convertible_v<DeviceView<int>, DeviceView<const int>>);
static_assert(!std::is_convertible_v<DeviceView<const int>, DeviceView<int>>);

/// Reads a few samples on the device.
void work(const Device& device) {
  Stream stream = must(device.core().stream());
  Mirror<std::uint8_t> words;
  Mirror<std::uint16_t> out;
  must(words.resize(device, 40, 30));
  must(out.resize(device, 40, 30));
  for (int i = 0; i < 40 * 30; ++i) words.host(Touch::write)[i] = static_cast<std::uint8_t>(i);
  must(words.to_device(stream));
  must(stream.launch({40, 30}, ReadSample<std::uint8_t, 1>{words.view(), out.view(), 0},
                     reads(words.view()), writes(out.view())));
  must(out.to_host(stream));
  must(stream.wait());
  for (int i = 0; i < 40 * 30; ++i) REQUIRE(out.host(Touch::read)[i] == i % 256);
}
}  // namespace

TEST_CASE("simd= decides which build of the kernels runs") {
  for (const Simd build : {Simd::baseline, Simd::avx2}) {
    if (!runs_here(build)) continue;
    Options options;
    options.simd = simd_name(build);
    options.threads = 2;
    const Device device = must(Device::open(options));
    REQUIRE(device.name() == std::string("cpu (") + simd_name(build) + ", 2 threads)");
    work(device);
    const auto& host = dynamic_cast<const HostDevice&>(device.core());
    const Simd other = build == Simd::avx2 ? Simd::baseline : Simd::avx2;
    REQUIRE(host.ranges_run(build) > 0);  // each build's loop says itself which it is
    REQUIRE(host.ranges_run(other) == 0);
  }
}

TEST_CASE("simd=auto takes AVX2 where the processor has it") {
  const Device device = must(Device::open(Options()));
  const auto& host = dynamic_cast<const HostDevice&>(device.core());
  REQUIRE(host.build() == (runs_here(Simd::avx2) ? Simd::avx2 : Simd::baseline));
}

TEST_CASE("device=cuda says that this build has none and what to do") {
  for (const char* name : {"cuda", "cuda:1"}) {
    Options options;
    options.device = name;
    const auto device = Device::open(options);
    REQUIRE_FALSE(device);
    REQUIRE(device.error().code == Code::device);
    REQUIRE(device.error().message.find("device=cpu") != std::string::npos);
  }
}

TEST_CASE("the host device keeps to max_memory and says how much there is") {
  Options options;
  options.max_memory = 64;
  const Device device = must(Device::open(options));
  DeviceCore& core = device.core();
  const std::size_t mib = 1 << 20;
  REQUIRE(core.memory().total == 64 * mib);
  {
    const Buffer most = must(core.allocate(60 * mib));
    REQUIRE(core.memory().free == 4 * mib);
    const auto more = core.allocate(5 * mib);
    REQUIRE_FALSE(more);
    REQUIRE(more.error().code == Code::out_of_memory);
    REQUIRE(core.allocate(4 * mib));
  }
  REQUIRE(core.memory().free == 64 * mib);
  REQUIRE_FALSE(core.allocate(~std::size_t{0}));
  REQUIRE(core.memory().free == 64 * mib);
}

TEST_CASE("a buffer gives no view that reaches past its end") {
  const Device device = must(Device::open(Options()));
  const Buffer buffer = must(device.core().allocate(100));
  REQUIRE(buffer.view<std::uint16_t>(10, 5).first);
  REQUIRE_FALSE(buffer.view<std::uint16_t>(10, 6).first);
  REQUIRE_FALSE(buffer.view<std::uint16_t>(10, 5, 2).first);
}

TEST_CASE("a buffer outlives every other handle to its device") {
  Buffer buffer;
  {
    const Device device = must(Device::open(Options()));
    buffer = must(device.core().allocate(100));
  }
  REQUIRE(buffer.bytes() == 100);
}

TEST_CASE("host rows and device rows agree on every device") {
  for (const Device& device : every_device()) {
    CAPTURE(device.name());
    work(device);
    REQUIRE(violations(device).empty());
  }
}
