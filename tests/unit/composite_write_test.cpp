// The road of a restored box through every device: read, un-blend, write back.
#include <cstring>

#include "../reference/every_device.h"
#include "composite/composite.h"
#include "device/mirror.h"
#include "frame/sample_reader.h"
#include "inpaint/unblend_pixel.h"

using namespace cleanplate;

namespace {
const std::vector<PixelFormat> formats = {
    {Layout::grey, 8},    {Layout::grey, 12},   {Layout::yuv420, 8},
    {Layout::yuv420, 10}, {Layout::yuv422, 10}, {Layout::yuv444, 8},
    {Layout::yuv444, 12}, {Layout::nv12, 8},    {Layout::nv12, 10},
};

/// The bytes of one component's rows, other components' words between them included.
std::vector<std::byte> bytes_of(const Frame& frame) {
  std::vector<std::byte> all;
  for (int c = 0; c < frame.format().planes(); ++c) {
    const ComponentView v = frame.component(c);
    const auto row = static_cast<std::size_t>(v.width * v.step * frame.format().bytes_per_sample());
    for (int y = 0; y < v.height; ++y)
      all.insert(all.end(), v.data + y * v.stride, v.data + y * v.stride + row);
  }
  return all;
}
unsigned word_at(const Frame& frame, int component, int x, int y) {
  const ComponentView v = frame.component(component);
  const std::byte* at = v.data + y * v.stride + x * v.step * frame.format().bytes_per_sample();
  std::uint16_t wide = 0;
  if (frame.format().bits == 8) return std::to_integer<unsigned>(*at);
  std::memcpy(&wide, at, 2);
  return wide;
}

Frame noise(PixelFormat format, Size size, Random random) {
  Frame frame = must(Frame::allocate(format, size));
  for (int c = 0; c < format.components(); ++c) {
    const MutableComponentView v = frame.writable(c);
    for (int y = 0; y < v.height; ++y)
      for (int x = 0; x < v.width; ++x) {
        const auto word = static_cast<std::uint16_t>(random.below(format.max_value() + 1)
                                                     << format.sample_shift());
        std::memcpy(v.data + y * v.stride + x * v.step * format.bytes_per_sample(), &word,
                    static_cast<std::size_t>(format.bytes_per_sample()));
      }
  }
  return frame;
}

Box middle(const Frame& frame, int component) {
  const ComponentView v = frame.component(component);
  const int x = v.width / 3, y = v.height / 3;
  return {x, y, std::max(1, v.width / 2), std::max(1, v.height / 2)};
}

/// Un-blends each component's middle with α = 1/2 and W = 0 under a random mask, in place.
Result<void> restore(const Device& device, Frame& frame, std::vector<Mirror<std::uint8_t>>& masks) {
  CP_TRY(Stream stream, device.core().stream());
  SampleReader reader(device);
  Composite composite(device);
  // All memory first, so that nothing is freed while it is in use.
  std::vector<Mirror<std::uint16_t>> samples(3);
  std::vector<Mirror<float>> mattes(6);
  const auto run = [&]() -> Result<void> {
    for (int c = 0; c < frame.format().components(); ++c) {
      const auto i = static_cast<std::size_t>(c);
      const Box box = middle(frame, c);
      auto &alpha = mattes[2 * i], &colour = mattes[2 * i + 1];
      CP_CHECK(samples[i].resize(device, box.width, box.height));
      CP_CHECK(alpha.resize(device, box.width, box.height));
      CP_CHECK(colour.resize(device, box.width, box.height));
      CP_CHECK(masks[i].resize(device, box.width, box.height));
      const auto count = static_cast<std::size_t>(box.area());
      Random random(i);
      std::fill_n(alpha.host(Touch::write), count, 0.5F);
      std::fill_n(colour.host(Touch::write), count, 0.F);
      std::generate_n(masks[i].host(Touch::write), count,
                      [&] { return static_cast<std::uint8_t>(random.below(2) ? 0 : 255); });
      CP_CHECK(alpha.to_device(stream));
      CP_CHECK(colour.to_device(stream));
      CP_CHECK(masks[i].to_device(stream));
      CP_CHECK(reader.read(stream, frame, c, box, samples[i].view()));
      const auto there = samples[i].view();
      CP_CHECK(stream.launch({box.width, box.height},
                             UnblendPixel{there, alpha.view(), colour.view(), there, 1, 0.9F,
                                          frame.format().max_value()},
                             reads(there, alpha.view(), colour.view()), writes(there)));
      CP_CHECK(composite.write(stream, frame, c, box, there, masks[i].view()));
    }
    return {};
  };
  const auto done = run();
  const auto waited = stream.wait();  // before anything goes out of scope, failed or not
  return done ? waited : done;
}
}  // namespace

TEST_CASE("a restored box changes its masked samples and not one bit elsewhere, on every device") {
  for (const PixelFormat format : formats)
    for (const Size size : {Size{1, 1}, Size{7, 3}, Size{65, 17}}) {
      const Frame before = noise(format, size, Random(5));
      for (const Device& device : every_device()) {
        CAPTURE(device.name(), static_cast<int>(format.layout), format.bits, size.width);
        Frame after = must(before.writable_copy());
        std::vector<Mirror<std::uint8_t>> masks(3);
        must(restore(device, after, masks));
        for (int c = 0; c < format.components(); ++c) {
          const Box box = middle(before, c);
          const auto* mask = masks[static_cast<std::size_t>(c)].host(Touch::read);
          const ComponentView v = before.component(c);
          for (int y = 0; y < v.height; ++y)
            for (int x = 0; x < v.width; ++x) {
              const unsigned was = word_at(before, c, x, y), is = word_at(after, c, x, y);
              const int shift = format.sample_shift();
              const bool masked =
                  box.contains(x, y) && mask[(y - box.y) * box.width + x - box.x] != 0;
              const auto top = static_cast<unsigned>(format.max_value());
              if (is != (masked ? std::min(top, (was >> shift) * 2) << shift : was))
                FAIL("component " << c << " at " << x << "," << y << ": " << was << " became "
                                  << is);
            }
        }
        REQUIRE(violations(device).empty());
      }
    }
}

TEST_CASE(
    "whichever allocation or launch fails, the frame outside the box and the device are sound") {
  const PixelFormat format{Layout::nv12, 10};
  const Frame before = noise(format, {33, 20}, Random(6));
  StrictOptions options;
  int allocations = 0, launches = 0;
  {
    const auto core = std::make_shared<StrictDevice>(options);
    Frame after = must(before.writable_copy());
    std::vector<Mirror<std::uint8_t>> masks(3);
    must(restore(Device(core), after, masks));
    allocations = core->allocations(), launches = core->launches();
  }
  REQUIRE(allocations >= 14);
  REQUIRE(launches == 9);
  for (int k = 0; k < allocations + launches; ++k) {
    options.fail_allocation = k < allocations ? k : -1;
    options.fail_launch = k < allocations ? -1 : k - allocations;
    const auto core = std::make_shared<StrictDevice>(options);
    const std::size_t free = core->memory().free;
    {
      Frame after = must(before.writable_copy());
      std::vector<Mirror<std::uint8_t>> masks(3);
      const auto failed = restore(Device(core), after, masks);
      REQUIRE_FALSE(failed);
      REQUIRE(failed.error().code == (k < allocations ? Code::out_of_memory : Code::device));
      const Box box = middle(before, 0);
      for (int y = 0; y < 20; ++y)
        for (int x = 0; x < 33; ++x)
          if (!box.contains(x, y)) REQUIRE(word_at(after, 0, x, y) == word_at(before, 0, x, y));
    }
    REQUIRE(core->violations().empty());
    REQUIRE(core->memory().free == free);
  }
}

TEST_CASE(
    "strict: looking at a frame before its stream is done is reported, after the wait it is not") {
  StrictOptions options;
  for (const bool works_in_place : {false, true}) {
    options.in_place = works_in_place;
    const auto core = std::make_shared<StrictDevice>(options);
    const Device device(core);
    Stream stream = must(core->stream());
    Composite composite(device);
    Mirror<std::uint16_t> rows;
    Mirror<std::uint8_t> mask;
    must(rows.resize(device, 4, 4));
    must(mask.resize(device, 4, 4));
    Frame frame = noise({Layout::nv12, 8}, {16, 16}, Random(9));
    host_touches(device, frame, Touch::write);
    must(composite.write(stream, frame, 1, {2, 2, 4, 4}, rows.view(), mask.view()));
    REQUIRE(core->violations().empty());
    host_touches(device, frame, Touch::read);
    REQUIRE_FALSE(core->violations().empty());
    const auto before = core->violations();
    must(stream.wait());
    host_touches(device, frame, Touch::read);
    REQUIRE(core->violations() == before);
  }
}

TEST_CASE("a second frame needs no new device memory") {
  const auto core = std::make_shared<StrictDevice>();
  const Device device(core);
  Stream stream = must(core->stream());
  SampleReader reader(device);
  Mirror<std::uint16_t> out;
  for (int i = 0; i < 3; ++i) {
    const Frame frame = noise({Layout::yuv420, 8}, {64, 48}, Random(7));
    must(out.resize(device, 20, 10));
    must(reader.read(stream, frame, 0, {3, 4, 20, 10}, out.view()));
    must(stream.wait());
    REQUIRE(core->allocations() == 2);
  }
}

TEST_CASE("what cannot be written or read is refused with a sentence and left as it was") {
  const Device device = must(Device::open(Options()));
  Stream stream = must(device.core().stream());
  Composite composite(device);
  SampleReader reader(device);
  Frame frame = noise({Layout::yuv420, 8}, {16, 16}, Random(8));
  Mirror<std::uint16_t> rows;
  Mirror<std::uint8_t> mask;
  must(rows.resize(device, 4, 4));
  must(mask.resize(device, 4, 4));
  std::fill_n(mask.host(Touch::write), 16, std::uint8_t{255});
  const auto before = bytes_of(frame);
  const auto refused = [&](Frame& to, int component, const Box& box) {
    const auto result = composite.write(stream, to, component, box, rows.view(), mask.view());
    return !result && result.error().code == Code::invalid_argument;
  };
  REQUIRE(refused(frame, 0, {13, 0, 4, 4}));
  REQUIRE(refused(frame, 0, {-1, 0, 4, 4}));
  REQUIRE(refused(frame, 1, {5, 5, 4, 4}));
  REQUIRE(refused(frame, 3, {0, 0, 4, 4}));
  REQUIRE(refused(frame, 0, {0, 0, 4, 3}));
  REQUIRE_FALSE(reader.read(stream, frame, 0, {0, 14, 4, 4}, rows.view()));
  Frame none;
  REQUIRE(refused(none, 0, {0, 0, 4, 4}));
  {
    Frame shared = frame;  // two owners: read-only
    REQUIRE(refused(shared, 0, {0, 0, 4, 4}));
  }
  REQUIRE(bytes_of(frame) == before);
  REQUIRE(composite.write(stream, frame, 0, {0, 0, 4, 4}, rows.view(), mask.view()));
  must(stream.wait());
}
