// Detections and masks.
#include <cleanplate/detection.h>
#include <cleanplate/mask.h>

#include <vector>

#include "call.h"
#include "objects.h"

using namespace cleanplate;
using namespace cleanplate::capi;

namespace {

constexpr std::size_t least_detection = CAPI_THROUGH(cleanplate_detection, score);
constexpr std::size_t least_part = sizeof(cleanplate_mask_part);
constexpr int max_side = 32768;

Result<Box> box_of(std::int32_t x, std::int32_t y, std::int32_t width, std::int32_t height) {
  if (width < 1 || height < 1 || width > max_side || height > max_side || x < -max_side ||
      y < -max_side || x > max_side || y > max_side)
    return invalid("A box of " + std::to_string(width) + "x" + std::to_string(height) + " at " +
                   std::to_string(x) + "," + std::to_string(y) +
                   " cannot be; sides are 1 to 32768 luma samples.");
  return Box{x, y, width, height};
}

Result<std::shared_ptr<const Mask>> mask_of(const Box& box, const std::uint8_t* values,
                                            std::int32_t stride) {
  if (stride < box.width) return invalid("A mask's stride is less than its width.");
  auto mask = std::make_shared<Mask>();
  mask->box = box;
  mask->values.reserve(static_cast<std::size_t>(box.area()));
  for (int y = 0; y < box.height; ++y) {
    const auto* row = values + std::ptrdiff_t{y} * stride;
    mask->values.insert(mask->values.end(), row, row + box.width);
  }
  return std::shared_ptr<const Mask>(std::move(mask));
}

Result<Detection> detection_of(const cleanplate_detection& d) {
  Detection out;
  CAPI_TRY(out.box, box_of(d.x, d.y, d.width, d.height));
  out.score = d.score;
  out.told = d.told != 0;
  if (d.mask) {
    CAPI_TRY(out.mask, mask_of(out.box, d.mask, d.mask_stride));
  }
  const std::string_view kind(d.kind, strnlen(d.kind, sizeof d.kind));
  if (!kind.empty()) out.kind = kind;
  return out;
}

/// `body` for each struct of an array whose elements are `stride` bytes apart.
template <class S, class Body>
Result<void> each(const S* first, std::size_t count, std::size_t stride, std::size_t least,
                  Body&& body) {
  if (count == 0) return {};
  CAPI_CHECK(needed(first, "first"));
  if (stride < least || count > 100000)
    return invalid("An array's stride is less than its struct, or it has more than 100000.");
  const auto* at = reinterpret_cast<const unsigned char*>(first);
  for (std::size_t i = 0; i < count; ++i, at += stride) {
    CAPI_TRY(const S one, take_struct(reinterpret_cast<const S*>(at), least, "first"));
    CAPI_CHECK(body(one));
  }
  return {};
}

}  // namespace

extern "C" {

int32_t cleanplate_detections_create(int64_t pts, cleanplate_detections** out,
                                     cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    return give(out, std::make_shared<DetectionsObject>(Detections{pts, {}}));
  });
}

int32_t cleanplate_detections_destroy(cleanplate_detections* detections) {
  return destroy<DetectionsObject>(detections);
}

int32_t cleanplate_detections_add(cleanplate_detections* detections,
                                  const cleanplate_detection* first, size_t count, size_t stride,
                                  cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, use<DetectionsObject>(detections));
    std::vector<Detection> all = object->detections.seen;
    CAPI_CHECK(each(first, count, stride, least_detection,
                    [&](const cleanplate_detection& one) -> Result<void> {
                      CAPI_TRY(Detection d, detection_of(one));
                      all.push_back(std::move(d));
                      return {};
                    }));
    object->detections.seen = std::move(all);
    return CLEANPLATE_OK;
  });
}

int32_t cleanplate_detections_get(const cleanplate_detections* detections, int64_t* pts,
                                  int32_t* count, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, look_up<DetectionsObject>(detections));
    if (pts) *pts = object->detections.pts;
    if (count) *count = static_cast<std::int32_t>(object->detections.seen.size());
    return CLEANPLATE_OK;
  });
}

int32_t cleanplate_detections_at(const cleanplate_detections* detections, int32_t index,
                                 cleanplate_detection* out, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, look_up<DetectionsObject>(detections));
    const auto& seen = object->detections.seen;
    CAPI_TRY(const auto i, index_in(index, seen.size(), "detection"));
    const Detection& d = seen[i];
    cleanplate_detection value{};
    value.x = d.box.x, value.y = d.box.y;
    value.width = d.box.width, value.height = d.box.height;
    value.score = d.score;
    value.told = d.told;
    if (d.mask && d.mask->box == d.box) {
      value.mask = d.mask->values.data();
      value.mask_stride = d.box.width;
    }
    copy_text(value.kind, d.kind);
    return give_struct(out, value, least_detection, "out");
  });
}

int32_t cleanplate_mask_create(int64_t pts, cleanplate_mask** out, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    return give(out, std::make_shared<MaskObject>(FrameMask{pts, {}}));
  });
}

int32_t cleanplate_mask_destroy(cleanplate_mask* mask) { return destroy<MaskObject>(mask); }

int32_t cleanplate_mask_add(cleanplate_mask* mask, const cleanplate_mask_part* first, size_t count,
                            size_t stride, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, use<MaskObject>(mask));
    std::vector<TrackMask> all = object->mask.overlays;
    CAPI_CHECK(each(first, count, stride, least_part,
                    [&](const cleanplate_mask_part& one) -> Result<void> {
                      CAPI_TRY(const Box box, box_of(one.x, one.y, one.width, one.height));
                      CAPI_CHECK(needed(one.values, "values"));
                      CAPI_TRY(auto values, mask_of(box, one.values, one.stride));
                      all.push_back({one.track, std::move(values), 0, 0});
                      return {};
                    }));
    object->mask.overlays = std::move(all);
    return CLEANPLATE_OK;
  });
}

int32_t cleanplate_mask_at_time(const cleanplate_mask* mask, int64_t pts, cleanplate_mask** out,
                                cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    CAPI_TRY(const auto object, look_up<MaskObject>(mask));
    return give(out, std::make_shared<MaskObject>(FrameMask{pts, object->mask.overlays}));
  });
}

int32_t cleanplate_mask_get(const cleanplate_mask* mask, int64_t* pts, int32_t* count,
                            cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, look_up<MaskObject>(mask));
    if (pts) *pts = object->mask.pts;
    if (count) *count = static_cast<std::int32_t>(object->mask.overlays.size());
    return CLEANPLATE_OK;
  });
}

int32_t cleanplate_mask_at(const cleanplate_mask* mask, int32_t index, cleanplate_mask_part* out,
                           cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, look_up<MaskObject>(mask));
    const auto& overlays = object->mask.overlays;
    CAPI_TRY(const auto i, index_in(index, overlays.size(), "part"));
    const TrackMask& part = overlays[i];
    const Box& box = part.mask->box;
    const cleanplate_mask_part value{
        0,         part.track, box.x + part.dx, box.y + part.dy,
        box.width, box.height, box.width,       part.mask->values.data()};
    return give_struct(out, value, least_part, "out");
  });
}

}  // extern "C"
