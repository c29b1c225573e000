// Pictures in a card's memory where there is no card: tests/cuda_fake has those with one.
#include <cleanplate/device_frame.h>

#include <catch2/catch.hpp>

#include "device/cuda_facts.h"
#include "device/host_device.h"
#include "device/strict_device.h"

using namespace cleanplate;

TEST_CASE("a device that is no card says so of a card's picture, and lets its memory go once") {
  DevicePicture picture;
  picture.format = {Layout::nv12, 8};
  picture.size = {16, 8};
  picture.planes[0] = {0x1000, 16};
  picture.planes[1] = {0x2000, 16};
  for (const Device& device : {Device(std::make_shared<HostDevice>(Simd::baseline, 1, 1 << 20)),
                               Device(std::make_shared<StrictDevice>(StrictOptions{}))}) {
    int released = 0;
    const auto in = from_device(
        device, picture, std::shared_ptr<const void>(&released, [&](const void*) { ++released; }));
    REQUIRE_FALSE(in);
    REQUIRE(released == 1);
    REQUIRE(in.error().code == Code::device);
    REQUIRE(in.error().message.find("no CUDA card") != std::string::npos);
    REQUIRE((in.error().message.find("CLEANPLATE_CUDA=ON") != std::string::npos) ==
            !cuda_facts().built);
    const auto frame = Frame::allocate(picture.format, picture.size);
    REQUIRE(frame);
    const auto out = to_device(device, *frame, picture);
    REQUIRE_FALSE(out);
    REQUIRE(out.error().code == Code::device);
  }
}
