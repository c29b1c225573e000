// Pictures in the card's memory, up and down again, in streams of this program's own.
#include <cleanplate/device_frame.h>
#include <cuda_runtime_api.h>

#include "frame/card_format.h"
#include "path/device_job.h"

using namespace cleanplate;

TEST_CASE("a frame goes to the card's memory and back bit for bit, ordered by events alone") {
  Options options;
  options.device = "cuda";
  const Device device = must(Device::open(options));
  for (const PixelFormat format : {PixelFormat{Layout::yuv420, 8}, PixelFormat{Layout::nv12, 10},
                                   PixelFormat{Layout::yuv444_msb, 10}})
    for (const Size size : {Size{641, 37}, Size{4096, 2300}}) {
      Frame frame = must(Frame::allocate(format, size));
      Random random{1};
      DevicePicture picture;
      picture.format = format;
      picture.size = size;
      for (int p = 0; p < format.planes(); ++p) {
        const auto to = frame.writable(p);
        const auto row = static_cast<std::size_t>(to.width * to.step * format.bytes_per_sample());
        for (int y = 0; y < to.height; ++y)
          for (std::size_t x = 0; x < row; ++x)
            to.data[y * to.stride + static_cast<std::ptrdiff_t>(x)] =
                static_cast<std::byte>(random.below(256));
        void* memory = nullptr;
        std::size_t pitch = 0;
        REQUIRE(cudaMallocPitch(&memory, &pitch, row, static_cast<std::size_t>(to.height)) ==
                cudaSuccess);
        picture.planes[static_cast<std::size_t>(p)] = {reinterpret_cast<std::uintptr_t>(memory),
                                                       static_cast<std::ptrdiff_t>(pitch)};
      }
      cudaStream_t up = nullptr, down = nullptr;
      cudaEvent_t there = nullptr;
      REQUIRE(cudaStreamCreateWithFlags(&up, cudaStreamNonBlocking) == cudaSuccess);
      REQUIRE(cudaStreamCreateWithFlags(&down, cudaStreamNonBlocking) == cudaSuccess);
      REQUIRE(cudaEventCreateWithFlags(&there, cudaEventDisableTiming) == cudaSuccess);
      picture.event = there;
      for (int n = 0; n < 20; ++n) {
        for (int p = 0; p < format.planes(); ++p) {  // what the last round left is gone first
          const DevicePlane& plane = picture.planes[static_cast<std::size_t>(p)];
          const auto stride = static_cast<std::size_t>(plane.stride);
          const auto rows = static_cast<std::size_t>(frame.component(p).height);
          REQUIRE(cudaMemset2DAsync(reinterpret_cast<void*>(plane.address), stride, n, stride, rows,
                                    up) == cudaSuccess);
        }
        picture.stream = up;
        must(to_device(device, frame, picture));
        picture.stream = down;
        bool released = false;
        const Frame back = must(from_device(
            device, picture,
            std::shared_ptr<const void>(&released, [&](const void*) { released = true; })));
        REQUIRE(released);
        REQUIRE(samples_of(back) == samples_of(frame));
        if (card_format(format) != format) continue;
        // And by way of memory of ours on the card.
        const DevicePictures pictures = must(DevicePictures::create(device, format, size));
        const Frame kept = must(pictures.take_in(picture, nullptr));
        REQUIRE(kept.on_device());
        for (int p = 0; p < format.planes(); ++p) {
          const DevicePlane& plane = picture.planes[static_cast<std::size_t>(p)];
          const auto stride = static_cast<std::size_t>(plane.stride);
          REQUIRE(cudaMemset2DAsync(reinterpret_cast<void*>(plane.address), stride, n, stride,
                                    static_cast<std::size_t>(frame.component(p).height),
                                    down) == cudaSuccess);
        }
        must(to_device(device, kept, picture));
        REQUIRE(samples_of(must(from_device(device, picture, nullptr))) == samples_of(frame));
      }
      for (const DevicePlane& plane : picture.planes)
        cudaFree(reinterpret_cast<void*>(plane.address));
      cudaEventDestroy(there);
      for (cudaStream_t stream : {up, down}) cudaStreamDestroy(stream);
    }
}
