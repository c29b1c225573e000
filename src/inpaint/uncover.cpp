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

Result<Uncoverer> Uncoverer::create(PixelFormat format, const HoleMasks& holes) {
  return guarded("inpaint", [&]() -> Result<Uncoverer> {
    CP_TRY(Filler filler, Filler::create({}, format, holes));
    return Uncoverer(format, holes, std::move(filler));
  });
}

Uncoverer::Uncoverer(PixelFormat format, const HoleMasks& holes, Filler filler)
    : holes_(holes),
      scale_(static_cast<float>(1 << (format.bits - 8))),
      filler_(std::move(filler)),
      gatherer_(format, holes) {}

Result<void> Uncoverer::fill(Crop& crop, std::int64_t frame, std::span<const OtherFrame> others) {
  return guarded("inpaint", [&]() -> Result<void> {
    Crop filled = crop;
    CP_CHECK(filler_.fill(filled, frame));
    std::vector<Neighbour> around{{&crop, &filled, {}, 0}};
    std::vector<ShownSamples> shown;
    shown.reserve(others.size());
    std::optional<PicturePyramid> here;  // the same for any holes
    for (const OtherFrame& other : others) {
      const MotionFinder finder(both(holes_[0], other.holes[0]), scale_);
      if (!here) here = finder.pyramid(crop.planes[0]);
      Motion motion;
      if (!finder.find(*here, finder.pyramid(other.crop.planes[0]), motion)) continue;
      shown.push_back(shown_samples(other.holes));
      around.push_back({&other.crop, nullptr, motion, other.away, &shown.back()});
    }
    Crop out = crop;
    gatherer_.gather(around, out);
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
