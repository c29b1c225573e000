// Devices, and pictures in a card's memory where there is no card; with one: tests/cuda_fake.
#include <cstddef>

#include "capi/files.h"

using namespace capi_test;

namespace {

cleanplate_device* cpu() {
  cleanplate_options* options = told_options();
  cleanplate_device* device = nullptr;
  C_OK(cleanplate_device_open(options, &device, error));
  REQUIRE(cleanplate_options_destroy(options) == CLEANPLATE_OK);
  return device;
}

cleanplate_device_memory memory_of(int& released) {
  auto memory = sized<cleanplate_device_memory>();
  for (int p = 0; p < 3; ++p) {
    memory.planes[p] = reinterpret_cast<void*>(std::uintptr_t{0x10000});
    memory.strides[p] = 96;
  }
  memory.release = [](void* user) { ++*static_cast<int*>(user); };
  memory.user = &released;
  return memory;
}

}  // namespace

TEST_CASE("a device is opened by the options, has a name, and a wrong one is told") {
  cleanplate_device* device = cpu();
  char name[64];
  C_OK(cleanplate_device_name(device, name, sizeof name, nullptr, error));
  REQUIRE(std::string(name).rfind("cpu (", 0) == 0);
  cleanplate_options* options = told_options();
  C_OK(cleanplate_options_set(options, "device", "cuda:77", error));
  cleanplate_device* none = nullptr;
  Err e;
  REQUIRE(cleanplate_device_open(options, &none, &e) == CLEANPLATE_ERROR_DEVICE);
  REQUIRE(std::string(e.message).find("device=cpu") != std::string::npos);
  REQUIRE(none == nullptr);
  REQUIRE(cleanplate_device_open(options, nullptr, nullptr) == CLEANPLATE_ERROR_INVALID_ARGUMENT);
  REQUIRE(cleanplate_options_destroy(options) == CLEANPLATE_OK);
  REQUIRE(cleanplate_device_destroy(device) == CLEANPLATE_OK);
  REQUIRE(cleanplate_device_destroy(device) == CLEANPLATE_ERROR_BAD_HANDLE);
}

TEST_CASE("a card's picture given to the CPU is an error, and its memory is given back once") {
  cleanplate_device* device = cpu();
  int released = 0;
  const auto memory = memory_of(released);
  const auto info = frame_info(0);
  cleanplate_frame* frame = nullptr;
  Err e;
  REQUIRE(cleanplate_frame_from_device(device, &info, &memory, &frame, &e) ==
          CLEANPLATE_ERROR_DEVICE);
  REQUIRE(std::string(e.message).find("no CUDA card") != std::string::npos);
  REQUIRE(released == 1);
  REQUIRE(frame == nullptr);
  cleanplate_frame* host = picture(0);
  REQUIRE(cleanplate_frame_to_device(host, device, &memory, nullptr) == CLEANPLATE_ERROR_DEVICE);
  REQUIRE(released == 1);
  REQUIRE(cleanplate_frame_destroy(host) == CLEANPLATE_OK);
  REQUIRE(cleanplate_device_destroy(device) == CLEANPLATE_OK);
}

TEST_CASE("each wrong call with a card's picture lets its memory go, but for a struct's size") {
  cleanplate_device* device = cpu();
  cleanplate_frame* frame = nullptr;
  int released = 0;
  auto memory = memory_of(released);
  const auto info = frame_info(0);
  const auto gives = [&](const cleanplate_device* d, const cleanplate_frame_info* i,
                         const cleanplate_device_memory* m, cleanplate_frame** out) {
    released = 0;
    return cleanplate_frame_from_device(d, i, m, out, nullptr);
  };
  REQUIRE(gives(nullptr, &info, &memory, &frame) == CLEANPLATE_ERROR_BAD_HANDLE);
  REQUIRE(released == 1);
  REQUIRE(gives(device, nullptr, &memory, &frame) == CLEANPLATE_ERROR_INVALID_ARGUMENT);
  REQUIRE(released == 1);
  REQUIRE(gives(device, &info, &memory, nullptr) == CLEANPLATE_ERROR_INVALID_ARGUMENT);
  REQUIRE(released == 1);
  REQUIRE(gives(device, &info, nullptr, &frame) == CLEANPLATE_ERROR_INVALID_ARGUMENT);
  REQUIRE(released == 0);
  auto wrong = info;
  wrong.width = 0;
  REQUIRE(gives(device, &wrong, &memory, &frame) == CLEANPLATE_ERROR_INVALID_ARGUMENT);
  REQUIRE(released == 1);
  wrong.struct_size = 8;
  REQUIRE(gives(device, &wrong, &memory, &frame) == CLEANPLATE_ERROR_STRUCT_SIZE);
  REQUIRE(released == 0);
  Err e;
  e.struct_size = 8;
  REQUIRE(cleanplate_frame_from_device(device, &info, &memory, &frame, &e) ==
          CLEANPLATE_ERROR_STRUCT_SIZE);
  REQUIRE(released == 0);

  struct Newer {
    cleanplate_device_memory memory;
    std::int64_t more;
  } newer{memory, 5};
  newer.memory.struct_size = sizeof newer;
  REQUIRE(gives(device, &info, &newer.memory, &frame) == CLEANPLATE_ERROR_STRUCT_SIZE);
  REQUIRE(released == 0);
  newer.more = 0;
  REQUIRE(gives(device, &info, &newer.memory, &frame) == CLEANPLATE_ERROR_DEVICE);
  REQUIRE(released == 1);
  // Shorter, without a release: not called; shorter yet: no place in the card's work.
  memory.struct_size = offsetof(cleanplate_device_memory, release);
  REQUIRE(gives(device, &info, &memory, &frame) == CLEANPLATE_ERROR_DEVICE);
  REQUIRE(released == 0);
  memory.struct_size = offsetof(cleanplate_device_memory, event);
  REQUIRE(gives(device, &info, &memory, &frame) == CLEANPLATE_ERROR_STRUCT_SIZE);
  cleanplate_frame* host = picture(0);
  REQUIRE(cleanplate_frame_to_device(host, device, &memory, nullptr) ==
          CLEANPLATE_ERROR_STRUCT_SIZE);
  REQUIRE(cleanplate_frame_to_device(host, device, nullptr, nullptr) ==
          CLEANPLATE_ERROR_INVALID_ARGUMENT);
  REQUIRE(cleanplate_frame_to_device(host, nullptr, &memory, nullptr) ==
          CLEANPLATE_ERROR_BAD_HANDLE);
  REQUIRE(frame == nullptr);
  REQUIRE(cleanplate_frame_destroy(host) == CLEANPLATE_OK);
  REQUIRE(cleanplate_device_destroy(device) == CLEANPLATE_OK);
}
