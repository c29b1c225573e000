// Frames whose samples lie in a device's memory: up, copied there, down; and nobody else looks.
#include <cleanplate/detector.h>
#include <cleanplate/device_frame.h>
#include <cleanplate/preview.h>
#include <cleanplate/restorer.h>

#include <cstring>

#include "../reference/every_device.h"
#include "frame/card_format.h"
#include "frame/device_frames.h"

using namespace cleanplate;

namespace {
Frame noise(PixelFormat format, Size size) {
  Frame frame = must(Frame::allocate(format, size));
  Random random(11);
  for (int c = 0; c < 3; ++c) {
    const MutableComponentView v = frame.writable(c);
    for (int y = 0; y < v.height; ++y)
      for (int x = 0; x < v.width; ++x) {
        const auto word =
            static_cast<std::uint16_t>(random.below(1 << format.bits) << format.sample_shift());
        std::memcpy(v.data + y * v.stride + x * v.step * format.bytes_per_sample(), &word,
                    static_cast<std::size_t>(format.bytes_per_sample()));
      }
  }
  frame.pts = 77;
  frame.colour.matrix = 9;
  frame.key = true;
  return frame;
}

/// Code values, whichever way they lie.
std::vector<unsigned> values_of(const Frame& frame) {
  std::vector<unsigned> all;
  for (int c = 0; c < 3; ++c) {
    const ComponentView v = frame.component(c);
    for (int y = 0; y < v.height; ++y)
      for (int x = 0; x < v.width; ++x) {
        std::uint16_t word = 0;
        std::memcpy(&word, v.data + y * v.stride + x * v.step * frame.format().bytes_per_sample(),
                    static_cast<std::size_t>(frame.format().bytes_per_sample()));
        all.push_back(static_cast<unsigned>(word >> frame.format().sample_shift()));
      }
  }
  return all;
}

void refuses(const Error& e) {
  REQUIRE(e.code == Code::invalid_argument);
  REQUIRE(e.message.find("to_host()") != std::string::npos);
}
}  // namespace

TEST_CASE("a frame goes to a device and comes back with every sample and all that it carries") {
  for (const Device& device : every_device())
    for (const PixelFormat format :
         {PixelFormat{Layout::yuv420, 8}, PixelFormat{Layout::yuv420, 10},
          PixelFormat{Layout::nv12, 8}, PixelFormat{Layout::nv12, 10},
          PixelFormat{Layout::yuv444, 8}, PixelFormat{Layout::yuv444, 12},
          PixelFormat{Layout::yuv444_msb, 10}})
      for (const Size size : {Size{1, 1}, Size{7, 3}, Size{130, 18}}) {
        CAPTURE(device.name(), static_cast<int>(format.layout), format.bits, size.width);
        const Frame before = noise(format, size);
        const DeviceFrames ring = must(DeviceFrames::create(device, *card_format(format), size));
        const Frame there = must(ring.copy(before));
        REQUIRE(there.on_device());
        REQUIRE(ring.have(there));
        const Frame copy = must(there.writable_copy());
        REQUIRE(ring.have(copy));
        const Frame after = must(copy.to_host());
        REQUIRE_FALSE(after.on_device());
        REQUIRE(after.format() == planar_format(format));
        REQUIRE(after.format().sample_shift() == 0);
        REQUIRE(values_of(after) == values_of(before));
        REQUIRE(after.pts == 77);
        REQUIRE(after.colour == before.colour);
        REQUIRE(after.key);
        REQUIRE(violations(device) == std::vector<std::string>{});
      }
}

TEST_CASE("memory of a frame on a device is used again, and only its owner may write") {
  const auto core = std::make_shared<StrictDevice>();
  const Size size{48, 32};
  {
    const DeviceFrames ring = must(DeviceFrames::create(Device(core), {Layout::nv12, 8}, size));
    Frame frame = must(ring.take());
    REQUIRE(DeviceFrames::writable_rows(frame, 0).height == 32);
    const auto* first = DeviceFrames::rows(frame, 0).first.address();
    {
      const Frame other = frame;
      REQUIRE(DeviceFrames::writable_rows(frame, 1).height == 0);
    }
    frame = {};
    for (int n = 0; n < 5; ++n)
      REQUIRE(DeviceFrames::rows(must(ring.take()), 0).first.address() == first);
    REQUIRE(core->allocations() == 1);
  }
  REQUIRE(core->memory().free == core->memory().total);
}

TEST_CASE("who looks at frames in the host's memory refuses one on a device with a sentence") {
  const Device device(std::make_shared<StrictDevice>());
  const Size size{48, 32};
  const DeviceFrames ring = must(DeviceFrames::create(device, {Layout::nv12, 8}, size));
  Frame frame = must(ring.copy(noise({Layout::yuv420, 8}, size)));
  REQUIRE(frame.component(0).data == nullptr);
  REQUIRE(frame.component(2).data == nullptr);
  REQUIRE(frame.component(1).width == 24);
  REQUIRE(frame.writable(0).data == nullptr);
  VideoInfo video;
  video.format = {Layout::yuv420, 8};
  video.size = size;
  video.time_base = {1, 25};
  Options options;
  auto restorer = must(Restorer::create(options, video));
  refuses(restorer.push(frame).error());
  options.detect = "static";
  refuses(must(Detector::create(options, video, device))->push(frame).error());
  refuses(write_preview("preview.png", {{frame, {}}}).error());
  refuses(to_device(Device(std::make_shared<StrictDevice>()), frame, {}).error());
  const DeviceFrames other =
      must(DeviceFrames::create(Device(std::make_shared<StrictDevice>()), {Layout::nv12, 8}, size));
  refuses(other.copy(frame).error());
}
