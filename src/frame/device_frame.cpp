#include <cleanplate/device_frame.h>

#include <span>

#include "core/try.h"
#include "device/device_core.h"
#include "frame/device_frames.h"

namespace cleanplate {

namespace {

/// One copy a plane, with the card's side filled in and the host's side the frame's.
struct Planes {
  std::array<Copy, 3> copies{};
  std::size_t count = 0;
  [[nodiscard]] std::span<const Copy> all() const { return {copies.data(), count}; }
};

Result<Planes> planes_of(const Frame& frame, const DevicePicture& picture, Copy::Way way) {
  Planes out;
  for (int p = 0; p < frame.format().planes(); ++p) {
    const DevicePlane& plane = picture.planes[static_cast<std::size_t>(p)];
    const ComponentView host = frame.component(p);
    const auto row = static_cast<std::size_t>(host.width) * static_cast<std::size_t>(host.step) *
                     static_cast<std::size_t>(frame.format().bytes_per_sample());
    if (plane.address == 0)
      return Error{Code::invalid_argument, "frame",
                   "Plane " + std::to_string(p) +
                       " of the picture on the card has no memory; give all " +
                       std::to_string(frame.format().planes()) + " of its format."};
    if (plane.stride < static_cast<std::ptrdiff_t>(row))
      return Error{Code::invalid_argument, "frame",
                   "Plane " + std::to_string(p) + " of the picture on the card has rows of " +
                       std::to_string(row) + " bytes, and a stride of " +
                       std::to_string(plane.stride) + "; rows lie from the top down, apart."};
    Copy& copy = out.copies[out.count++];
    copy = {way, nullptr, nullptr, host.stride, host.stride, row, host.height};
    void* const card = reinterpret_cast<void*>(plane.address);  // NOLINT: a card's address
    if (way == Copy::Way::download) {
      copy.from = card;
      copy.from_stride = plane.stride;
    } else {
      copy.from = host.data;
      copy.to = card;
      copy.to_stride = plane.stride;
    }
  }
  return out;
}

Result<void> check_device(const Device& device) {
  if (device) return {};
  return Error{Code::invalid_argument, "frame",
               "An empty Device was given for a picture on a card; open one with device=cuda."};
}

Outside outside_of(const DevicePicture& picture) {
  return {picture.card, picture.stream, picture.event};
}

}  // namespace

Result<Frame> from_device(const Device& device, const DevicePicture& picture,
                          std::shared_ptr<const void> owner) {
  // The parameter itself may outlive the call's whole expression.
  const std::shared_ptr<const void> held = std::move(owner);
  return guarded("frame", [&]() -> Result<Frame> {
    CP_CHECK(check_device(device));
    CP_TRY(Frame frame, Frame::allocate(picture.format, picture.size));
    CP_TRY(Planes planes, planes_of(frame, picture, Copy::Way::download));
    for (std::size_t p = 0; p < planes.count; ++p)
      planes.copies[p].to = frame.writable(static_cast<int>(p)).data;
    CP_CHECK(device.core().bring_in(outside_of(picture), planes.all()));
    return frame;
  });
}

Result<void> to_device(const Device& device, const Frame& frame, const DevicePicture& picture) {
  return guarded("frame", [&]() -> Result<void> {
    CP_CHECK(check_device(device));
    if (!frame)
      return Error{Code::invalid_argument, "frame", "An empty frame cannot go to a card."};
    CP_CHECK(in_host_memory(frame, "frame"));
    if (frame.format() != picture.format || frame.size() != picture.size)
      return Error{Code::invalid_argument, "frame",
                   "The picture on the card is not of the frame's format and size, " +
                       std::to_string(frame.size().width) + "x" +
                       std::to_string(frame.size().height) + " of " +
                       std::to_string(frame.format().bits) + " bits; nothing is converted."};
    CP_TRY(const Planes planes, planes_of(frame, picture, Copy::Way::upload));
    return device.core().hand_out(outside_of(picture), planes.all());
  });
}

}  // namespace cleanplate
