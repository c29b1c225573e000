#include <cleanplate/frame.h>

#include <array>

#include "call.h"
#include "objects.h"

using namespace cleanplate;
using namespace cleanplate::capi;

namespace {

constexpr std::size_t least_info = CAPI_THROUGH(cleanplate_frame_info, duration);
constexpr std::size_t least_component = sizeof(cleanplate_component);

/// What an older header's shorter struct does not say.
void fill_defaults(cleanplate_frame_info& info, std::size_t said) {
  if (said < CAPI_THROUGH(cleanplate_frame_info, matrix))
    info.primaries = info.transfer = info.matrix = 2;
}

Result<void> check_component(const Frame& frame, std::int32_t component) {
  CAPI_CHECK(
      index_in(component, static_cast<std::size_t>(frame.format().components()), "component"));
  return {};
}

Result<void> check_reached(const Frame& frame) {
  if (!frame.on_device()) return {};
  return invalid(
      "The frame's samples lie on a card, where they cannot be read or written; read those of what "
      "cleanplate_frame_to_host gives.");
}

template <class View>
cleanplate_component component_of(const View& view, int bytes) {
  // The header says who may write.
  return {0,    const_cast<std::byte*>(view.data), view.stride, view.step, view.width, view.height,
          bytes};
}

}  // namespace

namespace cleanplate::capi {

Result<cleanplate_frame_info> take_info(const cleanplate_frame_info* given) {
  CAPI_TRY(cleanplate_frame_info info, take_struct(given, least_info, "info"));
  fill_defaults(info, given->struct_size);
  return info;
}

PixelFormat format_of(const cleanplate_frame_info& info) {
  return {static_cast<Layout>(info.layout), info.bits};
}

void set_rest(Frame& frame, const cleanplate_frame_info& info) {
  frame.pts = info.pts;
  frame.duration = info.duration;
  frame.colour = {info.range, info.primaries, info.transfer, info.matrix, info.chroma_location};
  frame.interlaced = info.interlaced != 0;
  frame.top_field_first = info.top_field_first != 0;
  frame.key = info.key != 0;
}

}  // namespace cleanplate::capi

extern "C" {

int32_t cleanplate_frame_allocate(const cleanplate_frame_info* info, cleanplate_frame** out,
                                  cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    CAPI_TRY(const auto i, take_info(info));
    CAPI_TRY(Frame frame, Frame::allocate(format_of(i), {i.width, i.height}));
    set_rest(frame, i);
    return give(out, std::make_shared<FrameObject>(std::move(frame)));
  });
}

int32_t cleanplate_frame_wrap(const cleanplate_frame_info* info,
                              const cleanplate_frame_memory* memory, cleanplate_frame** out,
                              cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    CAPI_TRY(const auto i, take_info(info));
    CAPI_TRY(const auto m,
             take_struct(memory, CAPI_THROUGH(cleanplate_frame_memory, strides), "memory"));
    std::array<PlaneMemory, 3> planes{};
    for (std::size_t p = 0; p < 3; ++p) planes[p] = {m.planes[p], m.strides[p]};
    // Armed only when all has gone well: after a failure the memory is still the caller's alone.
    struct Owner {
      void (*release)(void*) = nullptr;
      void* user = nullptr;
      ~Owner() {
        if (release) release(user);
      }
    };
    const auto owner = std::make_shared<Owner>();
    CAPI_TRY(Frame frame, Frame::wrap(format_of(i), {i.width, i.height}, planes, owner));
    set_rest(frame, i);
    const auto given = give(out, std::make_shared<FrameObject>(std::move(frame)));
    owner->user = m.user;
    owner->release = m.release;
    return given;
  });
}

int32_t cleanplate_frame_share(const cleanplate_frame* frame, cleanplate_frame** out,
                               cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    CAPI_TRY(const auto object, look_up<FrameObject>(frame));
    return give(out, std::make_shared<FrameObject>(object->frame));
  });
}

int32_t cleanplate_frame_copy(const cleanplate_frame* frame, cleanplate_frame** out,
                              cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    CAPI_TRY(const auto object, look_up<FrameObject>(frame));
    CAPI_TRY(Frame copy, object->frame.writable_copy());
    return give(out, std::make_shared<FrameObject>(std::move(copy)));
  });
}

int32_t cleanplate_frame_destroy(cleanplate_frame* frame) { return destroy<FrameObject>(frame); }

int32_t cleanplate_frame_get_info(const cleanplate_frame* frame, cleanplate_frame_info* out,
                                  cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, look_up<FrameObject>(frame));
    const Frame& f = object->frame;
    const cleanplate_frame_info info{0,
                                     static_cast<std::int32_t>(f.format().layout),
                                     f.format().bits,
                                     f.size().width,
                                     f.size().height,
                                     f.pts,
                                     f.duration,
                                     f.colour.range,
                                     f.colour.primaries,
                                     f.colour.transfer,
                                     f.colour.matrix,
                                     f.colour.chroma_location,
                                     f.interlaced,
                                     f.top_field_first,
                                     f.key};
    return give_struct(out, info, least_info, "out");
  });
}

int32_t cleanplate_frame_read(const cleanplate_frame* frame, int32_t component,
                              cleanplate_component* out, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, look_up<FrameObject>(frame));
    CAPI_CHECK(check_component(object->frame, component));
    CAPI_CHECK(check_reached(object->frame));
    return give_struct(
        out,
        component_of(object->frame.component(component), object->frame.format().bytes_per_sample()),
        least_component, "out");
  });
}

int32_t cleanplate_frame_write(cleanplate_frame* frame, int32_t component,
                               cleanplate_component* out, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, use<FrameObject>(frame));
    CAPI_CHECK(check_component(object->frame, component));
    CAPI_CHECK(check_reached(object->frame));
    const MutableComponentView view = object->frame.writable(component);
    if (!view.data)
      return invalid(
          "The frame's memory is the caller's, or somebody else has the frame too; make a copy "
          "with cleanplate_frame_copy.");
    return give_struct(out, component_of(view, object->frame.format().bytes_per_sample()),
                       least_component, "out");
  });
}

}  // extern "C"
