#include "inpaint/propagate.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "core/try.h"
#include "inpaint/bars.h"
#include "inpaint/exemplar_fill.h"
#include "inpaint/fill.h"
#include "inpaint/grain.h"
#include "inpaint/propagate_gather.h"
#include "inpaint/propagate_motion.h"
#include "inpaint/propagate_window.h"

namespace cleanplate {

namespace {
constexpr int grain_gap = 3;          ///< samples between the hole and where grain is measured
constexpr int grain_reach = 24;       ///< samples round the hole where it is measured
constexpr double still_motion = .25;  ///< samples a frame, below which grain stands still

/// Where grain is measured in a component: clear of the hole, and not far from it.
std::vector<int> quiet_places(const HoleMask& hole) {
  std::vector<int> out;
  int l = hole.width, t = hole.height, r = -1, b = -1;
  for (int y = 0; y < hole.height; ++y)
    for (int x = 0; x < hole.width; ++x)
      if (hole.values[static_cast<std::size_t>(y * hole.width + x)])
        l = std::min(l, x), r = std::max(r, x), t = std::min(t, y), b = y;
  if (r < 0) return out;
  const int edge = grain_gap;
  for (int y = std::max(edge, t - grain_reach); y < std::min(hole.height - edge, b + grain_reach);
       ++y)
    for (int x = std::max(edge, l - grain_reach); x < std::min(hole.width - edge, r + grain_reach);
         ++x) {
      bool clear = true;
      for (int v = -edge; v <= edge && clear; ++v)
        for (int u = -edge; u <= edge && clear; ++u)
          clear = !hole.values[static_cast<std::size_t>((y + v) * hole.width + x + u)];
      if (clear) out.push_back(y * hole.width + x);
    }
  return out;
}
}  // namespace

struct Propagator::State {
  PropagateOptions options;
  Device device;
  PixelFormat format;
  HoleMasks holes;
  Filler filler;
  MotionFinder finder;
  Gatherer gatherer;
  ExemplarFill texture;
  std::array<std::vector<int>, 3> quiet;
  HeldFrames window;
  HeldFrame spare;  ///< one that is out again: its memory is used for the next
  bool flushed = false;
  double share = 0;
  std::vector<Neighbour> around;
  std::vector<TimeNeighbour> pictures;
  std::vector<float> picture;
  BarLines bar_lines;

  State(const PropagateOptions& o, const Device& d, PixelFormat f, const HoleMasks& h, Filler made)
      : options(o),
        device(d),
        format(f),
        holes(h),
        filler(std::move(made)),
        finder(h[0], static_cast<float>(1 << (f.bits - 8))),
        gatherer(d, f, h),
        texture(f, h, o.radius) {
    for (std::size_t c = 0; c < 3; ++c)
      if (h[c].width) quiet[c] = quiet_places(h[c]);
  }

  void add_grain(Crop& crop) {
    const Motion& moved = around.size() > 1 ? around[1].motion : Motion{};
    const double mx = .5 * holes[0].width, my = .5 * holes[0].height;
    const bool still = around.size() > 1 && std::abs(moved.x(mx, my) - mx) < still_motion &&
                       std::abs(moved.y(mx, my) - my) < still_motion;
    for (int c = 0; c < format.components(); ++c) {
      const auto i = static_cast<std::size_t>(c);
      CropPlane& plane = crop.planes[i];
      const auto places = gatherer.holes(c);
      if (places.empty()) continue;
      picture.assign(plane.samples.begin(), plane.samples.end());
      const float strength = grain_strength(picture, plane.width, quiet[i]);
      if (strength <= 0) continue;
      // Of the noise's variance, the part that stays from frame to frame (a compressed still
      // picture repeats its noise): a normal's median difference is 0.954 of its deviation.
      const float change = gatherer.change() / .954F;
      const float kept =
          still ? std::clamp(1 - change * change / (strength * strength), 0.F, 1.F) : 0.F;
      const float old_part = options.grain * strength * std::sqrt(kept);
      const float new_part = options.grain * strength * std::sqrt(1 - kept);
      const auto shares = gatherer.fill_share(c);
      const auto top = static_cast<float>(format.max_value());
      const auto key = static_cast<std::uint64_t>(window.frames[window.next].frame) * 3 + i + 3;
      for (std::size_t k = 0; k < places.size(); ++k) {
        const int x = places[k] % plane.width, y = places[k] / plane.width;
        auto& sample = plane.samples[static_cast<std::size_t>(places[k])];
        const float noise = old_part * grain_at(x, y, i * 0xd1342543de82ef95U) +
                            new_part * grain_at(x, y, key * 0xd1342543de82ef95U);
        sample = static_cast<std::uint16_t>(
            std::clamp(static_cast<float>(sample) + shares[k] * noise + .5F, 0.F, top));
      }
    }
  }
};

Result<Propagator> Propagator::create(const PropagateOptions& options, const Device& device,
                                      PixelFormat format, const HoleMasks& holes) {
  return guarded("inpaint", [&]() -> Result<Propagator> {
    if (options.radius < 1 || options.radius > 64)
      return Error{Code::invalid_argument, "inpaint",
                   "A propagation radius of " + std::to_string(options.radius) +
                       " frames cannot be; it is 1 to 64."};
    if (!(options.grain >= 0 && options.grain <= 1))
      return Error{Code::invalid_argument, "inpaint", "The fill's grain is 0 to 1."};
    CP_TRY(Filler filler, Filler::create({.grain = 0}, format, holes));
    return Propagator(std::make_unique<State>(options, device, format, holes, std::move(filler)));
  });
}

Propagator::Propagator(std::unique_ptr<State> state) : state_(std::move(state)) {}
Propagator::Propagator(Propagator&&) noexcept = default;
Propagator& Propagator::operator=(Propagator&&) noexcept = default;
Propagator::~Propagator() = default;

int Propagator::latency() const { return state_->options.radius; }
double Propagator::share() const { return state_->share; }

Result<Flow> Propagator::push(Stream& stream, const Crop& crop, const CropThere& there,
                              std::int64_t frame, bool filled) {
  return guarded("inpaint", [&]() -> Result<Flow> {
    State& s = *state_;
    auto& frames = s.window.frames;
    const auto ready = frames.size() - s.window.next;
    if (s.flushed || ready > static_cast<std::size_t>(s.options.radius)) return Flow::full;
    if (!frames.empty() && frame != frames.back().frame + 1)
      return Error{Code::bad_order, "inpaint",
                   "Frame " + std::to_string(frame) + " was pushed after frame " +
                       std::to_string(frames.back().frame) +
                       "; flush and pull all before a new run of frames.",
                   frame};
    // In its place until all is queued: after a failure the stream may still be at it.
    HeldFrame& held = s.spare;
    held.frame = frame;
    held.seen = crop;
    held.filled = crop;
    held.given = filled;
    held.linked = held.looked = false;
    held.from_last = {};
    held.steps.clear();
    if (!filled) CP_CHECK(s.filler.fill(held.filled, frame));
    CP_CHECK(held.seen_there.take(s.device, stream, planes_of(held.seen), there));
    if (!filled) {
      CP_CHECK(held.filled_there.take(s.device, stream, planes_of(held.filled),
                                      held.seen_there.there(),
                                      {s.gatherer.box(0), s.gatherer.box(1), s.gatherer.box(2)}));
    }
    held.pyramid = s.finder.pyramid(crop.planes[0]);
    if (!frames.empty()) {
      held.linked = s.finder.find(frames.back().pyramid, held.pyramid, held.from_last);
      frames.back().pyramid.clear();
    }
    s.texture.prepare(held);
    frames.push_back(std::exchange(s.spare, {}));
    return Flow::ok;
  });
}

Result<Flow> Propagator::pull(Stream& stream, Crop& crop) {
  return guarded("inpaint", [&]() -> Result<Flow> {
    State& s = *state_;
    HeldFrames& window = s.window;
    const auto ready = window.frames.size() - window.next;
    const auto radius = static_cast<std::size_t>(s.options.radius);
    if (ready == 0 && s.flushed) {
      window = {};
      s.flushed = false;
      return Flow::end;
    }
    if (ready == 0 || (ready <= radius && !s.flushed)) return Flow::again;
    window.look_around(window.next, s.options.radius, s.around, s.pictures);
    crop = window.frames[window.next].seen;
    CP_CHECK(s.gatherer.gather(stream, s.around, crop));
    s.texture.add(window, s.around, s.pictures,
                  {s.gatherer.fill_share(0), s.gatherer.fill_share(1), s.gatherer.fill_share(2)},
                  crop);
    if (s.options.grain > 0) s.add_grain(crop);
    // A bar does not move with the scene, and has neither its texture nor its grain.
    const HeldFrame& held = window.frames[window.next];
    const Bars bars = held.given ? Bars{} : bars_of(held.seen, s.holes, s.format, s.bar_lines);
    if (bars.any()) draw(bars, s.holes, crop, s.bar_lines);
    double fills = 0;
    const auto shares = s.gatherer.fill_share(0);
    for (const float f : shares) fills += static_cast<double>(f);
    s.share = shares.empty() ? 0 : 1 - fills / static_cast<double>(shares.size());
    ++window.next;
    if (window.next > radius) {
      s.spare = std::move(window.frames.front());
      window.frames.pop_front();
      --window.next;
    }
    return Flow::ok;
  });
}

Result<Flow> Propagator::flush() {
  state_->flushed = true;
  return Flow::ok;
}

}  // namespace cleanplate
