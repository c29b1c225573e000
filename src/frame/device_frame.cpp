#include <cleanplate/device_frame.h>

#include <span>

#include "core/try.h"
#include "device/device_core.h"
#include "frame/card_format.h"
#include "frame/device_frames.h"

namespace cleanplate {

namespace {

/// One copy a plane, with the caller's side filled in and the other the frame's.
struct Planes {
  std::array<Copy, 3> copies{};
  std::size_t count = 0;
  [[nodiscard]] std::span<const Copy> all() const { return {copies.data(), count}; }
};

/// @param in  from the caller's memory to the frame; else out of it.
Result<Planes> planes_of(Frame& frame, const DevicePicture& picture, bool in) {
  const Copy::Way way = frame.on_device() ? Copy::Way::within
                        : in              ? Copy::Way::download
                                          : Copy::Way::upload;
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
    if (in) {
      copy.to = frame.on_device() ? DeviceFrames::writable_rows(frame, p).first.address()
                                  : frame.writable(p).data;
      copy.from = card;
      copy.from_stride = plane.stride;
    } else {
      copy.from = frame.on_device() ? DeviceFrames::rows(frame, p).first.address() : host.data;
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
    CP_TRY(const Planes planes, planes_of(frame, picture, true));
    CP_CHECK(device.core().bring_in(outside_of(picture), planes.all()));
    return frame;
  });
}

struct DevicePictures::State {
  DeviceFrames frames;
};

Result<DevicePictures> DevicePictures::create(const Device& device, PixelFormat format, Size size) {
  return guarded("frame", [&]() -> Result<DevicePictures> {
    CP_CHECK(check_device(device));
    if (card_format(format) != format)
      return Error{Code::invalid_argument, "frame",
                   "Pictures stay on a card as NV12, P010 or 4:4:4 only (yuv444_msb above 8 bits); "
                   "bring others down by from_device."};
    CP_CHECK(Frame::allocate(format, {1, 1}));  // its depth
    if (size.width < 1 || size.height < 1 || size.width > 32768 || size.height > 32768)
      return Error{Code::invalid_argument, "frame",
                   "A picture of " + std::to_string(size.width) + "x" +
                       std::to_string(size.height) + " cannot be; sides are 1 to 32768."};
    if (!device.core().card()) CP_CHECK(device.core().bring_in({}, {}));
    CP_TRY(DeviceFrames frames, DeviceFrames::create(device, format, size));
    return DevicePictures(std::make_shared<const State>(State{std::move(frames)}));
  });
}

Result<Frame> DevicePictures::take_in(const DevicePicture& picture,
                                      std::shared_ptr<const void> owner) const {
  // The parameter itself may outlive the call's whole expression.
  const std::shared_ptr<const void> held = std::move(owner);
  return guarded("frame", [&]() -> Result<Frame> {
    const DeviceFrames& frames = state_->frames;
    if (picture.format != frames.format() || picture.size != frames.size())
      return Error{Code::invalid_argument, "frame",
                   "The picture on the card is not of the format and size that were told; nothing "
                   "is converted."};
    CP_TRY(Frame frame, frames.take());
    CP_TRY(const Planes planes, planes_of(frame, picture, true));
    CP_CHECK(frames.device().core().bring_in(outside_of(picture), planes.all()));
    return frame;
  });
}

Result<void> to_device(const Device& device, const Frame& frame, const DevicePicture& picture) {
  return guarded("frame", [&]() -> Result<void> {
    CP_CHECK(check_device(device));
    if (!frame)
      return Error{Code::invalid_argument, "frame", "An empty frame cannot go to a card."};
    if (const Device* there = DeviceFrames::device_of(frame);
        there && &there->core() != &device.core())
      return Error{Code::invalid_argument, "frame",
                   "The frame lies in the memory of " + there->name() +
                       ", and another Device was given; give that one, or what to_host() gives."};
    if (frame.format() != picture.format || frame.size() != picture.size)
      return Error{Code::invalid_argument, "frame",
                   "The picture on the card is not of the frame's format and size, " +
                       std::to_string(frame.size().width) + "x" +
                       std::to_string(frame.size().height) + " of " +
                       std::to_string(frame.format().bits) + " bits; nothing is converted."};
    Frame read = frame;
    CP_TRY(const Planes planes, planes_of(read, picture, false));
    return device.core().hand_out(outside_of(picture), planes.all());
  });
}

}  // namespace cleanplate
