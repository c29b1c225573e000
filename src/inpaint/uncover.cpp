#include "inpaint/uncover.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "core/try.h"
#include "device/host_device.h"
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

/// The calling thread.
Device one_thread() {
  return Device(std::make_shared<HostDevice>(runs_here(Simd::avx2) ? Simd::avx2 : Simd::baseline, 1,
                                             std::numeric_limits<std::size_t>::max()));
}

}  // namespace

Result<Uncoverer> Uncoverer::create(const Device& device, PixelFormat format,
                                    const HoleMasks& holes) {
  return guarded("inpaint", [&]() -> Result<Uncoverer> {
    CP_TRY(Filler filler, Filler::create({}, format, holes));
    const Device host = device.core().reaches_host_memory() ? device : one_thread();
    CP_TRY(Stream stream, host.core().stream());
    return Uncoverer(host, std::move(stream), format, holes, std::move(filler));
  });
}

Uncoverer::Uncoverer(const Device& host, Stream stream, PixelFormat format, const HoleMasks& holes,
                     Filler filler)
    : host_(host),
      stream_(std::move(stream)),
      format_(format),
      holes_(holes),
      filler_(std::move(filler)) {}

Result<void> Uncoverer::fill(Crop& crop, std::int64_t frame, std::span<const OtherFrame> others) {
  return guarded("inpaint", [&]() -> Result<void> {
    Crop filled = crop;
    CP_CHECK(filler_.fill(filled, frame));
    std::vector<Neighbour> around{{&crop, &filled, {}, 0, {}, in_place(planes_of(filled))}};
    std::vector<ShownSamples> shown;
    shown.reserve(others.size());
    std::optional<PicturePyramid> here;  // the same for any holes
    const auto scale = static_cast<float>(1 << (format_.bits - 8));
    struct Known {
      Motion motion;
      int away = 1;
    };
    std::array<Known, 2> known;  // the farthest so far, before and after
    for (const OtherFrame& other : others) {
      const MotionFinder finder(both(holes_[0], other.holes[0]), scale);
      if (!here) here = finder.pyramid(crop.planes[0]);
      // A camera goes on as it did up to the frame before.
      Known& last = known[other.away > 0];
      Motion motion, expected = last.motion;
      for (const std::size_t k : {std::size_t{0}, std::size_t{3}})
        expected.m[k] *= static_cast<double>(other.away) / last.away;
      if (!finder.find(*here, finder.pyramid(other.crop.planes[0]), motion, expected)) continue;
      last = {motion, other.away};
      const ShownSamples& samples = shown.emplace_back(shown_samples(other.holes));
      around.push_back({&other.crop,
                        nullptr,
                        motion,
                        other.away,
                        in_place(planes_of(other.crop)),
                        {},
                        &samples,
                        in_place(planes_of(samples, other.holes))});
    }
    Crop out = crop;
    // Made for each frame: most holes have but one, and its buffers would be kept for seconds.
    Gatherer gatherer(host_, format_, holes_);
    const auto gathered = gatherer.gather(stream_, around, out);
    if (!gathered) static_cast<void>(stream_.wait());  // what is read goes
    CP_CHECK(gathered);
    crop = std::move(out);
    const std::span<const float> fills = gatherer.fill_share(0);
    share_ = fills.empty() ? 0
                           : 1 - std::accumulate(fills.begin(), fills.end(), 0.) /
                                     static_cast<double>(fills.size());
    return {};
  });
}

}  // namespace cleanplate
