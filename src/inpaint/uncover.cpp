#include "inpaint/uncover.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "core/try.h"
#include "inpaint/propagate_motion.h"

namespace cleanplate {

namespace {

/// Samples that either of two frames hides.
HoleMask both(const HoleMask& a, const HoleMask& b) {
  HoleMask out = a;
  for (std::size_t i = 0; i < std::min(out.values.size(), b.values.size()); ++i)
    out.values[i] = std::max(out.values[i], b.values[i]);
  return out;
}

}  // namespace

Result<Uncoverer> Uncoverer::create(const Device& device, PixelFormat format,
                                    const HoleMasks& holes) {
  return guarded("inpaint", [&]() -> Result<Uncoverer> {
    CP_TRY(Filler filler, Filler::create({}, format, holes));
    return Uncoverer(device, format, holes, std::move(filler));
  });
}

Uncoverer::Uncoverer(const Device& device, PixelFormat format, const HoleMasks& holes,
                     Filler filler)
    : device_(device),
      holes_(holes),
      scale_(static_cast<float>(1 << (format.bits - 8))),
      filler_(std::move(filler)),
      gatherer_(device, format, holes) {}

Result<void> Uncoverer::fill(Stream& stream, Crop& crop, std::int64_t frame,
                             std::span<const OtherFrame> others) {
  return guarded("inpaint", [&]() -> Result<void> {
    Crop filled = crop, out = crop;
    DevicePlanes<std::uint16_t> filled_there;
    std::vector<ShownSamples> shown;
    std::vector<DevicePlanes<std::uint8_t>> shown_there(others.size());
    shown.reserve(others.size());
    const auto gather = [&]() -> Result<void> {
      CP_CHECK(filler_.fill(filled, frame));
      CP_CHECK(filled_there.take(device_, stream, planes_of(filled)));
      std::vector<Neighbour> around{{&crop, &filled, {}, 0, {}, filled_there.there()}};
      std::optional<PicturePyramid> here;  // the same for any holes
      for (const OtherFrame& other : others) {
        const MotionFinder finder(both(holes_[0], other.holes[0]), scale_);
        if (!here) here = finder.pyramid(crop.planes[0]);
        Motion motion;
        if (!finder.find(*here, finder.pyramid(other.crop.planes[0]), motion)) continue;
        DevicePlanes<std::uint8_t>& there = shown_there[shown.size()];
        shown.push_back(shown_samples(other.holes));
        CP_CHECK(there.take(device_, stream, planes_of(shown.back(), other.holes)));
        around.push_back({&other.crop,
                          nullptr,
                          motion,
                          other.away,
                          other.there,
                          {},
                          &shown.back(),
                          there.there()});
      }
      return gatherer_.gather(stream, around, out);
    };
    const auto done = gather();
    if (!done) static_cast<void>(stream.wait());  // what it is at goes
    CP_CHECK(done);
    crop = std::move(out);
    return {};
  });
}

double Uncoverer::share() const {
  const std::span<const float> fills = gatherer_.fill_share(0);
  double sum = 0;
  for (const float f : fills) sum += static_cast<double>(f);
  return fills.empty() ? 0 : 1 - sum / static_cast<double>(fills.size());
}

}  // namespace cleanplate
