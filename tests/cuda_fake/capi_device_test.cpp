// The C functions for a card's pictures, over the made-up runtime.
#include <cleanplate.h>

#include <cstddef>

#include "capi/files.h"
#include "cuda_fake/card_pictures.h"

using namespace card_pictures;
using capi_test::sized;

namespace {

struct Released {
  int times = 0;
};

cleanplate_device_memory memory_of(const Picture& picture, Released* released) {
  auto memory = sized<cleanplate_device_memory>();
  for (std::size_t p = 0; p < 3; ++p) {
    memory.planes[p] = reinterpret_cast<void*>(picture.picture.planes[p].address);
    memory.strides[p] = picture.picture.planes[p].stride;
  }
  memory.release = [](void* user) { ++static_cast<Released*>(user)->times; };
  memory.user = released;
  return memory;
}

struct Opened {
  cleanplate_device* device = nullptr;
  Opened() {
    cleanplate_options* options = nullptr;
    C_OK(cleanplate_options_create(&options, error));
    C_OK(cleanplate_options_set(options, "device", "cuda", error));
    C_OK(cleanplate_device_open(options, &device, error));
    cleanplate_options_destroy(options);
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() { cleanplate_device_destroy(device); }
};

}  // namespace

TEST_CASE("fake: a picture goes from the card through C and back, after its event, bit for bit") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    fake::Card machine;
    machine.seed = seed;
    fake::set(machine);
    {
      const Opened opened;
      char name[96];
      C_OK(cleanplate_device_name(opened.device, name, sizeof name, nullptr, error));
      REQUIRE(std::string(name).rfind("cuda:0", 0) == 0);
      const TheirStream writes, copies, reads;
      const TheirEvent written, there;
      const PixelFormat p010{Layout::nv12, 10};
      Picture in(p010, {65, 17}, seed), out(p010, {65, 17}, seed);
      in.write(writes.native);
      sure(cudaEventRecord(written.native, writes.native));
      auto info = sized<cleanplate_frame_info>();
      info.layout = CLEANPLATE_LAYOUT_NV12, info.bits = 10;
      info.width = 65, info.height = 17;
      info.pts = 7, info.matrix = 9, info.key = 1;
      Released released;
      auto memory = memory_of(in, &released);
      memory.stream = copies.native;
      memory.event = written.native;
      cleanplate_frame* frame = nullptr;
      C_OK(cleanplate_frame_from_device(opened.device, &info, &memory, &frame, error));
      REQUIRE(released.times == 1);
      auto back = sized<cleanplate_frame_info>();
      C_OK(cleanplate_frame_get_info(frame, &back, error));
      REQUIRE(back.pts == 7);
      REQUIRE(back.matrix == 9);
      REQUIRE(back.key == 1);

      Released none;
      auto target = memory_of(out, &none);
      target.stream = copies.native;
      target.event = there.native;
      C_OK(cleanplate_frame_to_device(frame, opened.device, &target, error));
      REQUIRE(cleanplate_frame_destroy(frame) == CLEANPLATE_OK);
      sure(cudaEventSynchronize(there.native));
      CAPTURE(seed);
      REQUIRE(out.holds());
      REQUIRE(none.times == 0);
    }
    REQUIRE(fake::complaints().empty());
  }
}

TEST_CASE("fake: a card that fails under a C call gives the caller's memory back once") {
  for (const bool for_good : {false, true})
    for (int k = 0;; ++k) {
      fake::set({});
      std::int32_t code = 0;
      {
        const Opened opened;
        const TheirStream stream;
        Picture in({Layout::yuv420, 8}, {64, 48}, 1);
        in.write(stream.native);
        auto info = sized<cleanplate_frame_info>();
        info.layout = CLEANPLATE_LAYOUT_YUV420, info.bits = 8;
        info.width = 64, info.height = 48;
        Released released;
        auto memory = memory_of(in, &released);
        memory.stream = stream.native;
        fake::fail_after(k, for_good ? cudaErrorIllegalAddress : cudaErrorMemoryAllocation,
                         for_good);
        cleanplate_frame* frame = nullptr;
        capi_test::Err e;
        code = cleanplate_frame_from_device(opened.device, &info, &memory, &frame, &e);
        CAPTURE(k, for_good, code);
        REQUIRE(released.times == 1);
        if (code == CLEANPLATE_OK) {
          REQUIRE(cleanplate_frame_destroy(frame) == CLEANPLATE_OK);
        } else {
          REQUIRE(frame == nullptr);
          REQUIRE(code == (for_good ? CLEANPLATE_ERROR_DEVICE : CLEANPLATE_ERROR_OUT_OF_MEMORY));
          REQUIRE(std::string(e.message).size() > 20);
        }
      }
      REQUIRE(fake::complaints().empty());
      if (code == CLEANPLATE_OK && k > 10) break;
    }
  fake::set({});
}

TEST_CASE("fake: a picture stays on the card through C, through a restorer, and comes out there") {
  fake::set({});
  {
    const Opened opened;
    const TheirStream stream;
    const TheirEvent there;
    const PixelFormat nv12{Layout::nv12, 8};
    cleanplate_options* options = nullptr;
    C_OK(cleanplate_options_create(&options, error));
    C_OK(cleanplate_options_set(options, "region", "4,4,16,10", error));
    C_OK(cleanplate_options_set(options, "method", "fill", error));
    auto video = sized<cleanplate_video_info>();
    video.layout = CLEANPLATE_LAYOUT_NV12, video.bits = 8;
    video.width = 96, video.height = 64;
    video.time_base_num = 1, video.time_base_den = 25;
    cleanplate_restorer* restorer = nullptr;
    C_OK(cleanplate_restorer_create_on(opened.device, options, &video, nullptr, nullptr, nullptr,
                                       &restorer, error));
    cleanplate_options_destroy(options);
    auto info = sized<cleanplate_frame_info>();
    info.layout = CLEANPLATE_LAYOUT_NV12, info.bits = 8;
    info.width = 96, info.height = 64;
    const auto before = fake::copies(cudaMemcpyDeviceToHost).size();
    for (int n = 0; n < 6; ++n) {
      Picture in(nv12, {96, 64}, static_cast<std::uint64_t>(n)), out(nv12, {96, 64}, 50);
      in.write(stream.native);
      info.pts = n;
      Released released;
      auto memory = memory_of(in, &released);
      memory.stream = stream.native;
      cleanplate_frame* frame = nullptr;
      C_OK(cleanplate_frame_keep_on_device(opened.device, &info, &memory, &frame, error));
      REQUIRE(released.times == 1);
      std::int32_t on_device = 0;
      C_OK(cleanplate_frame_on_device(frame, &on_device, error));
      REQUIRE(on_device == 1);
      auto component = sized<cleanplate_component>();
      capi_test::Err e;
      REQUIRE(cleanplate_frame_read(frame, 0, &component, &e) == CLEANPLATE_ERROR_INVALID_ARGUMENT);
      REQUIRE(std::string(e.message).find("cleanplate_frame_to_host") != std::string::npos);
      C_OK(cleanplate_restorer_push(restorer, frame, error));
      REQUIRE(cleanplate_frame_destroy(frame) == CLEANPLATE_OK);
      C_OK(cleanplate_restorer_pull(restorer, &frame, error));
      C_OK(cleanplate_frame_on_device(frame, &on_device, error));
      REQUIRE(on_device == 1);
      auto target = memory_of(out, nullptr);
      target.stream = stream.native;
      target.event = there.native;
      C_OK(cleanplate_frame_to_device(frame, opened.device, &target, error));
      sure(cudaEventSynchronize(there.native));
      cleanplate_frame* host = nullptr;
      C_OK(cleanplate_frame_to_host(frame, &host, error));
      C_OK(cleanplate_frame_on_device(host, &on_device, error));
      REQUIRE(on_device == 0);
      C_OK(cleanplate_frame_read(host, 0, &component, error));
      int changed = 0;
      for (int y = 0; y < 64; ++y)
        for (int x = 0; x < 96; ++x) {
          const auto made =
              static_cast<const std::uint8_t*>(component.data)[y * component.stride + x];
          const auto at = [&](const Picture& p) {
            return reinterpret_cast<const std::uint8_t*>(
                p.picture.planes[0].address)[y * p.picture.planes[0].stride + x];
          };
          REQUIRE(made == at(out));
          if (x >= 4 && y >= 4 && x < 20 && y < 14)
            changed += made != at(in);
          else
            REQUIRE(made == at(in));
        }
      REQUIRE(changed > 100);
      REQUIRE(cleanplate_frame_destroy(frame) == CLEANPLATE_OK);
      REQUIRE(cleanplate_frame_destroy(host) == CLEANPLATE_OK);
    }
    REQUIRE(fake::copies(cudaMemcpyDeviceToHost).size() > before);
    REQUIRE(cleanplate_restorer_destroy(restorer) == CLEANPLATE_OK);
    Picture planar({Layout::yuv420, 8}, {96, 64}, 1);
    Released released;
    auto memory = memory_of(planar, &released);
    info.layout = CLEANPLATE_LAYOUT_YUV420;
    cleanplate_frame* frame = nullptr;
    capi_test::Err e;
    REQUIRE(cleanplate_frame_keep_on_device(opened.device, &info, &memory, &frame, &e) ==
            CLEANPLATE_ERROR_INVALID_ARGUMENT);
    REQUIRE(released.times == 1);
  }
  REQUIRE(fake::complaints().empty());
}
