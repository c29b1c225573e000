// Devices, and pictures in a card's memory.
#include <cleanplate/device_frame.h>

#include <algorithm>

#include "call.h"
#include "objects.h"

using namespace cleanplate;
using namespace cleanplate::capi;

namespace {

constexpr std::size_t least_memory = CAPI_THROUGH(cleanplate_device_memory, event);

/// Calls the caller's function when it goes.
struct Release {
  explicit Release(const cleanplate_device_memory& m) : release(m.release), user(m.user) {}
  Release(const Release&) = delete;
  Release& operator=(const Release&) = delete;
  ~Release() {
    if (release) release(user);
  }
  void (*release)(void*);
  void* user;
};

DevicePicture picture_of(const cleanplate_device_memory& m, PixelFormat format, Size size) {
  DevicePicture picture;
  picture.format = format;
  picture.size = size;
  for (std::size_t p = 0; p < 3; ++p)
    picture.planes[p] = {reinterpret_cast<std::uintptr_t>(m.planes[p]),
                         static_cast<std::ptrdiff_t>(m.strides[p])};
  picture.card = m.card;
  picture.stream = m.stream;
  picture.event = m.event;
  return picture;
}

/// @param bring  from the caller's picture to a frame.
template <class Bring>
std::int32_t frame_of(const cleanplate_device* device, const cleanplate_frame_info* info,
                      const cleanplate_device_memory* memory, cleanplate_frame** out,
                      cleanplate_error* error, Bring&& bring) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto m, take_struct(memory, least_memory, "memory"));
    auto i = take_info(info);
    if (!i && i.error().code == struct_size) return std::move(i).error();
    // From here on the memory is the library's to let go, whatever comes.
    const Release at_the_latest(m);
    CAPI_TRY(const auto object, look_up<DeviceObject>(device));
    CAPI_CHECK(needed(out, "out"));
    if (!i) return std::move(i).error();
    CAPI_TRY(Frame frame, bring(*object, picture_of(m, format_of(*i), {i->width, i->height})));
    set_rest(frame, *i);
    return give(out, std::make_shared<FrameObject>(std::move(frame)));
  });
}

}  // namespace

Result<DevicePictures> DeviceObject::pictures(PixelFormat format, Size size) const {
  constexpr std::size_t kinds = 4;
  const std::lock_guard held(lock_);
  const auto known = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& k) {
    return k.format == format && k.size == size;
  });
  if (known != kept_.end()) {
    std::rotate(kept_.begin(), known, known + 1);
  } else {
    CAPI_TRY(auto made, DevicePictures::create(device, format, size));
    kept_.push_front({format, size, std::move(made)});
    if (kept_.size() > kinds) kept_.pop_back();
  }
  return kept_.front().pictures;
}

extern "C" {

int32_t cleanplate_device_open(const cleanplate_options* options, cleanplate_device** out,
                               cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    CAPI_TRY(const Options o, options_of(options));
    CAPI_TRY(Device device, Device::open(o));
    return give(out, std::make_shared<DeviceObject>(std::move(device)));
  });
}

int32_t cleanplate_device_destroy(cleanplate_device* device) {
  return destroy<DeviceObject>(device);
}

int32_t cleanplate_device_name(const cleanplate_device* device, char* buffer, size_t size,
                               size_t* needed_size, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, look_up<DeviceObject>(device));
    return give_text(object->device.name(), buffer, size, needed_size);
  });
}

int32_t cleanplate_frame_from_device(const cleanplate_device* device,
                                     const cleanplate_frame_info* info,
                                     const cleanplate_device_memory* memory, cleanplate_frame** out,
                                     cleanplate_error* error) {
  return frame_of(device, info, memory, out, error,
                  [](const DeviceObject& object, const DevicePicture& picture) {
                    return from_device(object.device, picture, {});
                  });
}

int32_t cleanplate_frame_keep_on_device(const cleanplate_device* device,
                                        const cleanplate_frame_info* info,
                                        const cleanplate_device_memory* memory,
                                        cleanplate_frame** out, cleanplate_error* error) {
  return frame_of(device, info, memory, out, error,
                  [](const DeviceObject& object, const DevicePicture& picture) -> Result<Frame> {
                    CAPI_TRY(const auto pictures, object.pictures(picture.format, picture.size));
                    return pictures.take_in(picture, {});
                  });
}

int32_t cleanplate_frame_on_device(const cleanplate_frame* frame, int32_t* on_device,
                                   cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(on_device, "on_device"));
    CAPI_TRY(const auto f, look_up<FrameObject>(frame));
    *on_device = f->frame.on_device();
    return CLEANPLATE_OK;
  });
}

int32_t cleanplate_frame_to_host(const cleanplate_frame* frame, cleanplate_frame** out,
                                 cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    CAPI_TRY(const auto f, look_up<FrameObject>(frame));
    CAPI_TRY(Frame host, f->frame.to_host());
    return give(out, std::make_shared<FrameObject>(std::move(host)));
  });
}

int32_t cleanplate_frame_to_device(const cleanplate_frame* frame, const cleanplate_device* device,
                                   const cleanplate_device_memory* memory,
                                   cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto f, look_up<FrameObject>(frame));
    CAPI_TRY(const auto object, look_up<DeviceObject>(device));
    CAPI_TRY(const auto m, take_struct(memory, least_memory, "memory"));
    return to_code(
        to_device(object->device, f->frame, picture_of(m, f->frame.format(), f->frame.size())));
  });
}

}  // extern "C"
