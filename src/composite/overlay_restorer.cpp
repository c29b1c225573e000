#include "composite/overlay_restorer.h"

#include <algorithm>
#include <cmath>

#include "composite/component_mask.h"
#include "core/try.h"
#include "device/rows.h"
#include "frame/read_samples.h"
#include "inpaint/unblend_pixel.h"
#include "matte/field_model.h"

namespace cleanplate {

namespace {

constexpr int context = 24;          // luma samples round a hole that the fill looks at
constexpr int most_context = 64;     // the same where other frames are looked at: a pan goes far
constexpr float alpha_limit = .99f;  // above, nothing shines through
constexpr float least_alpha = 1.f / 255;
// A fill costs more than un-blending, so it must bring something: a quarter of the mixture.
constexpr std::uint8_t least_share = 64;

template <class T>
Result<Buffer> to_device(const Device& device, Stream& stream, const std::vector<T>& values,
                         const Box& box) {
  CP_TRY(Buffer buffer, device.core().allocate(values.size() * sizeof(T)));
  const auto sent = stream.upload(buffer.view<T>(box.width, box.height), values.data(),
                                  static_cast<std::ptrdiff_t>(sizeof(T)) * box.width);
  CP_CHECK(stream.wait());  // the values may go then
  CP_CHECK(sent);
  return buffer;
}

std::uint8_t to_byte(float share) {
  return static_cast<std::uint8_t>(std::lround(255 * std::clamp(share, 0.f, 1.f)));
}

int context_of(const RestoreOrder& order) {
  const Box& box = order.mask->box;
  return order.other_frames || order.moves_on
             ? std::clamp(std::max(box.width, box.height) / 2, context, most_context)
             : context;
}

/// Each field's chroma samples with all of their luma samples.
Box to_whole_fields(Box box, Size picture) {
  const int top = box.y & ~3, bottom = std::min(picture.height, (box.bottom() + 3) & ~3);
  box.y = top, box.height = bottom - top;
  return box;
}

}  // namespace

/// The fill costs most.
bool worth_filling(const OverlayModel& model) {
  constexpr double mixed = .2, hidden = .02;  // of the mark's samples
  constexpr float enough = .6f;               // from here on the fill brings less than a decibel
  for (const Matte& matte : model.mattes) {
    double covered = 0, shared = 0, lost = 0;
    for (std::size_t i = 0; i < matte.alpha.size(); ++i) {
      if (matte.alpha[i] <= least_alpha) continue;
      covered += 1;
      shared += matte.trust[i] < enough;
      lost += matte.trust[i] < .1f;
    }
    // Chroma is smooth, so a fill is soon as good there, but hardly seen to be better.
    const bool luma = &matte == model.mattes.data();
    if ((luma && shared > mixed * covered) || lost > hidden * covered) return true;
  }
  return false;
}

Box OverlayRestorer::looked_at(const Box& filled, PixelFormat format, Size picture) {
  return aligned_box(filled.grown(most_context), format, picture);
}

Result<OverlayRestorer> OverlayRestorer::create(const Device& device, PixelFormat format,
                                                Size picture, const RestoreOrder& order) {
  OverlayRestorer out(device);
  out.format_ = format;
  CP_TRY(Stream stream, device.core().stream());
  const Mask& mask = *order.mask;
  const OverlayModel* model = order.model;
  HoleMasks holes;
  bool fills = false;
  const bool worth = !model || worth_filling(*model);
  Box around = aligned_box(mask.box.grown(context_of(order)), format, picture);
  if (order.interlaced) around = to_whole_fields(around, picture);
  for (int c = 0; c < format.components(); ++c) {
    Part& part = out.parts_[static_cast<std::size_t>(c)];
    part.context = component_box(around, format, c, picture);
    auto hole = component_mask(mask, format, c, part.context);
    std::vector<std::uint8_t> share = hole;  // of the fill
    const Matte* matte = model ? &model->mattes[static_cast<std::size_t>(c)] : nullptr;
    if (matte && !matte->alpha.empty()) {
      CP_CHECK(out.take_matte(stream, picture, order, c));
      std::size_t k = 0;
      for (int y = part.context.y; y < part.context.bottom(); ++y)
        for (int x = part.context.x; x < part.context.right(); ++x, ++k) {
          if (!matte->box.contains(x, y)) {
            share[k] = 0;
            continue;
          }
          const auto m = static_cast<std::size_t>(y - matte->box.y) *
                             static_cast<std::size_t>(matte->box.width) +
                         static_cast<std::size_t>(x - matte->box.x);
          const bool covered = matte->alpha[m] > least_alpha;
          share[k] = covered ? to_byte(1 - matte->trust[m]) : std::uint8_t{0};
          if (share[k] < least_share || !worth) share[k] = 0;
        }
    }
    part.fill = box_of(share, part.context);
    if (!part.fill.empty()) {
      fills = true;
      CP_TRY(part.fill_mask,
             to_device(device, stream, cut_out(share, part.context, part.fill), part.fill));
    }
    CP_TRY(part.filled, device.core().allocate(share.size() * sizeof(std::uint16_t)));
    add_masks(order.others, format, c, part.context, hole);
    holes[static_cast<std::size_t>(c)] = {part.context.width, part.context.height, std::move(hole)};
    CropPlane& plane = out.crop_.planes[static_cast<std::size_t>(c)];
    plane = {part.context.width, part.context.height,
             std::vector<std::uint16_t>(static_cast<std::size_t>(part.context.area()))};
  }
  if (order.appearance && order.gain && order.gain->measured) out.follow(order);
  out.moves_on_ = order.moves_on;
  if (fills) {
    HoleOrder hole{order.other_frames, order.interlaced, {}, order.network, order.moves_on};
    for (std::size_t c = 0; c < 3; ++c) hole.first_row[c] = out.parts_[c].context.y;
    CP_TRY(out.filler_, HoleFiller::create(hole, device, format, holes));
  }
  return out;
}

/// A component's matte, with what its clean-up looks at.
Result<void> OverlayRestorer::take_matte(Stream& stream, Size picture, const RestoreOrder& order,
                                         int c) {
  Part& part = parts_[static_cast<std::size_t>(c)];
  const Matte& matte = order.model->mattes[static_cast<std::size_t>(c)];
  const Box plane = component_box({0, 0, picture.width, picture.height}, format_, c, picture);
  part.box = CleanUp::with_surroundings(matte.box, {plane.width, plane.height}, order.interlaced);
  part.unblend = unblends_ = true;
  const auto size = static_cast<std::size_t>(part.box.area());
  std::vector<float> alpha(size), colour(size);
  std::vector<std::uint8_t> write(size), no_scene(size);
  std::size_t m = 0;
  for (int y = matte.box.y; y < matte.box.bottom(); ++y)
    for (int x = matte.box.x; x < matte.box.right(); ++x, ++m) {
      const auto i =
          static_cast<std::size_t>(y - part.box.y) * static_cast<std::size_t>(part.box.width) +
          static_cast<std::size_t>(x - part.box.x);
      alpha[i] = matte.alpha[m], colour[i] = matte.colour[m];
      write[i] = matte.alpha[m] > least_alpha ? 255 : 0;
    }
  add_masks(order.others, format_, c, part.box, no_scene);
  CP_TRY(part.alpha, to_device(device_, stream, alpha, part.box));
  CP_TRY(part.colour, to_device(device_, stream, colour, part.box));
  CP_TRY(part.unblend_mask, to_device(device_, stream, write, part.box));
  CP_TRY(part.samples, device_.core().allocate(size * sizeof(std::uint16_t)));
  CP_TRY(part.clean_up, CleanUp::create(device_, stream,
                                        {{part.box.width, part.box.height},
                                         &alpha,
                                         &no_scene,
                                         format_.bits,
                                         order.interlaced,
                                         alpha_limit,
                                         least_alpha}));
  return {};
}

Result<void> OverlayRestorer::look(Stream& stream, const Frame& frame, std::int64_t number) {
  ++looked_;
  if (!followers_.empty()) {
    CP_TRY(const Samples samples, gauged(stream, frame));
    for (Follower& f : followers_) f.gain.push(frame.pts, measured(f, samples));
  }
  if (!filler_ || moves_on_) return {};
  CP_CHECK(cut(stream, frame));
  return filler_->look(stream, crop_, cut_there(), number);
}

Result<void> OverlayRestorer::look_among(Stream& stream, const Frame& frame, std::int64_t number,
                                         std::span<const FrameBeside> beside) {
  std::vector<OtherFrame> others;
  for (const FrameBeside& each : beside) {
    CP_CHECK(cut(stream, *each.frame, each.at));
    others.push_back({crop_, holes_in(each.masks), each.away});
  }
  CP_CHECK(cut(stream, frame));
  return filler_->look_among(crop_, number, others);
}

/// What was cut out last, on the device.
CropThere OverlayRestorer::cut_there() const {
  CropThere there;
  for (std::size_t c = 0; c < 3; ++c)
    there[c] =
        parts_[c].filled.view<std::uint16_t>(parts_[c].context.width, parts_[c].context.height);
  return there;
}

HoleMasks OverlayRestorer::holes_in(std::span<const std::shared_ptr<const Mask>> masks) const {
  HoleMasks out;
  for (int c = 0; c < format_.components(); ++c) {
    const Box& box = parts_[static_cast<std::size_t>(c)].context;
    HoleMask& hole = out[static_cast<std::size_t>(c)];
    hole = {box.width, box.height, std::vector<std::uint8_t>(static_cast<std::size_t>(box.area()))};
    add_masks(masks, format_, c, box, hole.values);
  }
  return out;
}

Result<void> OverlayRestorer::flush(Stream& stream) {
  for (Follower& f : followers_) f.gain.flush();
  return filler_ ? filler_->flush(stream) : Result<void>{};
}

bool OverlayRestorer::ready() const {
  for (const Follower& f : followers_)
    if (!f.gain.ready()) return false;
  return filler_ ? filler_->ready() : looked_ > 0;
}

Result<void> OverlayRestorer::restore(Stream& stream, Frame& frame) {
  if (away()) {
    skip();
    return {};
  }
  RowGains gains{1, 1};
  for (const Follower& f : followers_)
    for (const int parity : {0, 1})
      if (f.parity < 0 || f.parity == parity)
        gains[static_cast<std::size_t>(parity)] = static_cast<float>(f.gain.front());
  --looked_;
  for (Follower& f : followers_) f.gain.pop();
  CP_CHECK(unblend(stream, frame, gains));
  if (!filler_) return stream.wait();
  CP_CHECK(upload_fill(stream));
  CP_CHECK(write_fill(stream, frame, gains));
  CP_CHECK(stream.wait());
  for (const CropPlane& plane : filler_->front().planes)  // it goes now
    device_.core().host_touches(plane.samples.data(), plane.samples.size() * 2, Touch::write);
  filler_->pop();
  return {};
}

void OverlayRestorer::skip() {
  --looked_;
  for (Follower& f : followers_) f.gain.pop();
  if (!filler_) return;
  for (const CropPlane& plane : filler_->front().planes)  // it goes now
    device_.core().host_touches(plane.samples.data(), plane.samples.size() * 2, Touch::write);
  filler_->pop();
}

bool OverlayRestorer::away() const {
  return !followers_.empty() && std::all_of(followers_.begin(), followers_.end(),
                                            [](const Follower& f) { return f.gain.front() <= 0; });
}

void OverlayRestorer::follow(const RestoreOrder& order) {
  const OverlayModel& model = *order.appearance;
  for (std::size_t c = 0; c < 3; ++c) gauges_[c].box = model.mattes[c].box;
  if (!order.interlaced) {
    followers_.push_back({GainMeter(model), GainFollower(*order.gain), -1});
    return;
  }
  for (const int parity : {0, 1})
    followers_.push_back({GainMeter(field_of(model, parity)), GainFollower(*order.gain), parity});
}

FrameGain OverlayRestorer::measured(const Follower& follower, const Samples& samples) const {
  Samples of_field;
  std::array<const std::uint16_t*, 3> rows{};
  for (std::size_t c = 0; c < 3; ++c) {
    const auto width = static_cast<std::ptrdiff_t>(gauges_[c].box.width);
    for (int y = 0; follower.parity >= 0 && y < gauges_[c].box.height; ++y)
      if (((gauges_[c].box.y + y) & 1) == follower.parity)
        of_field[c].insert(of_field[c].end(), samples[c].begin() + y * width,
                           samples[c].begin() + (y + 1) * width);
    rows[c] = follower.parity < 0 ? samples[c].data() : of_field[c].data();
  }
  return follower.meter.measure(rows);
}

/// The meter is the host's; of a frame on a device only its place comes down.
Result<OverlayRestorer::Samples> OverlayRestorer::gauged(Stream& stream, const Frame& frame) {
  Samples read;
  for (int c = 0; c < format_.components(); ++c) {
    auto& [box, buffer] = gauges_[static_cast<std::size_t>(c)];
    if (box.empty()) continue;
    CP_CHECK(reader_.bring(stream, frame, c, box, buffer, read[static_cast<std::size_t>(c)]));
  }
  return read;
}

/// The overlay's place and what is round it, to the host. What lies in the host's memory takes no
/// way over a card.
Result<void> OverlayRestorer::cut(Stream& stream, const Frame& frame, const Box& at) {
  const auto place_in = [&](int c) {
    Box box = parts_[static_cast<std::size_t>(c)].context;
    box.x -= at.x >> (c ? format_.chroma_shift_x() : 0);
    box.y -= at.y >> (c ? format_.chroma_shift_y() : 0);
    return box;
  };
  if (!frame.on_device() && !device_.core().reaches_host_memory()) {
    host_touches(device_, frame, Touch::read);
    for (int c = 0; c < format_.components(); ++c)
      read_samples(frame, c, place_in(c), crop_.planes[static_cast<std::size_t>(c)].samples.data());
    return filler_->looks_there() ? send_crop(stream) : Result<void>{};
  }
  for (int c = 0; c < format_.components(); ++c) {
    Part& part = parts_[static_cast<std::size_t>(c)];
    const auto view = part.filled.view<std::uint16_t>(part.context.width, part.context.height);
    CP_CHECK(reader_.read(stream, frame, c, place_in(c), view));
    auto& samples = crop_.planes[static_cast<std::size_t>(c)].samples;
    CP_CHECK(stream.download(samples.data(), std::ptrdiff_t{2} * part.context.width, view));
    CP_CHECK(stream.wait());
    device_.core().host_touches(samples.data(), samples.size() * 2, Touch::write);
  }
  return {};
}

/// To where kernels look at it.
Result<void> OverlayRestorer::send_crop(Stream& stream) {
  for (int c = 0; c < format_.components(); ++c) {
    const Part& part = parts_[static_cast<std::size_t>(c)];
    CP_CHECK(stream.upload(part.filled.view<std::uint16_t>(part.context.width, part.context.height),
                           crop_.planes[static_cast<std::size_t>(c)].samples.data(),
                           std::ptrdiff_t{2} * part.context.width));
  }
  CP_CHECK(stream.wait());
  for (const CropPlane& plane : crop_.planes)  // the next frame's come there
    device_.core().host_touches(plane.samples.data(), plane.samples.size() * 2, Touch::write);
  return {};
}

Result<void> OverlayRestorer::upload_fill(Stream& stream) {
  for (int c = 0; c < format_.components(); ++c) {
    Part& part = parts_[static_cast<std::size_t>(c)];
    if (part.fill.empty()) continue;
    CP_CHECK(stream.upload(part.filled.view<std::uint16_t>(part.fill.width, part.fill.height),
                           filler_->front().planes[static_cast<std::size_t>(c)].samples.data() +
                               place_of(part.fill, part.context),
                           std::ptrdiff_t{2} * part.context.width));
  }
  return {};
}

Result<void> OverlayRestorer::unblend(Stream& stream, Frame& frame, const RowGains& gains) {
  for (int c = 0; c < format_.components(); ++c) {
    Part& part = parts_[static_cast<std::size_t>(c)];
    if (!part.unblend) continue;
    const int w = part.box.width, h = part.box.height;
    const auto samples = part.samples.view<std::uint16_t>(w, h);
    const auto alpha = part.alpha.view<float>(w, h);
    const auto colour = part.colour.view<float>(w, h);
    CP_CHECK(reader_.read(stream, frame, c, part.box, samples));
    const auto take_off = [&](const auto& at, const auto& a, const auto& paint, float gain) {
      return stream.launch({at.width, at.height},
                           UnblendPixel{at, a, paint, at, gain, alpha_limit, format_.max_value()},
                           reads(at, a, paint), writes(at));
    };
    const auto odd = static_cast<std::size_t>(part.box.y & 1);
    const RowGains here{gains[odd], gains[1 - odd]};
    if (here[0] == here[1]) {
      CP_CHECK(take_off(samples, alpha, colour, here[0]));
    } else {
      for (int f = 0; f < 2; ++f)
        CP_CHECK(take_off(every_second_row(samples, f), every_second_row(alpha, f),
                          every_second_row(colour, f), here[static_cast<std::size_t>(f)]));
    }
    if (part.clean_up) CP_CHECK(part.clean_up->run(stream, samples, alpha, here));
    CP_CHECK(composite_.write(stream, frame, c, part.box, samples,
                              part.unblend_mask.view<std::uint8_t>(w, h)));
  }
  return {};
}

Result<void> OverlayRestorer::write_fill(Stream& stream, Frame& frame, const RowGains& gains) {
  for (int c = 0; c < format_.components(); ++c) {
    Part& part = parts_[static_cast<std::size_t>(c)];
    if (part.fill.empty()) continue;
    const int w = part.fill.width, h = part.fill.height;
    const auto filled = part.filled.view<std::uint16_t>(w, h);
    // A field that has nothing of the overlay is written as it is.
    for (const int parity : {0, 1}) {
      const int first = (part.fill.y & 1) == parity ? 0 : 1;
      if (gains[static_cast<std::size_t>(parity)] > 0 || first >= h) continue;
      CP_TRY(const Buffer there, device_.core().allocate(part.filled.bytes()));
      const auto as_is = there.view<std::uint16_t>(w, h);
      CP_CHECK(reader_.read(stream, frame, c, part.fill, as_is));
      CP_CHECK(stream.copy(every_second_row(filled, first), every_second_row(as_is, first)));
      CP_CHECK(stream.wait());  // the buffer goes
    }
    CP_CHECK(composite_.write(stream, frame, c, part.fill, filled,
                              part.fill_mask.view<std::uint8_t>(w, h)));
  }
  return {};
}

}  // namespace cleanplate
