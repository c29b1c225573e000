/// @file
/// Other frames' samples brought over to a hole, and what they come to; C++17, host and device.
///
/// All run over the box of one component's hole; a place whose depth is 0 is none of the hole's.
#pragma once
#include "device/kernel.h"

namespace cleanplate {

constexpr int error_cell = 8;        ///< luma samples to a side of an error map's cell
constexpr int most_seen = 6;         ///< samples brought over for one place
constexpr int gathered_at_once = 6;  ///< frames that are brought from in one pass
constexpr float fill_noise = 4;      ///< squared 8-bit code values; error of matching fills
constexpr float fades = .1F;         ///< of a frame's trust, with each frame that it is away
constexpr float mistrusted = .25F;   ///< how much a sample that is not trusted holds on to the fill

/// What is known of a hole's places, a float each: planes one below the other.
/// Sums of fills and of their weights, how many samples were seen, these, and their errors.
struct GatherState {
  static constexpr int fill = 0, weight = 1, count = 2, seen = 3, error = seen + most_seen,
                       planes = error + most_seen;
  View<float> rows;
  int height;  ///< of a plane

  CLEANPLATE_HD float& operator()(int plane, int x, int y) const {
    return rows(x, y + plane * height);
  }
};

/// Where a component's places lie in maps of the luma's cells.
struct ErrorCells {
  int wide, high;        ///< cells
  int shift_x, shift_y;  ///< of the component's grid

  /// Between the middles of four cells.
  struct Mix {
    int u, v, right, down;
    float fx, fy;
    CLEANPLATE_HD float operator()(const View<const float>& map) const {
      const float first = map(u, v), below = map(u, down);
      const float top = first + fx * (map(right, v) - first);
      const float low = below + fx * (map(right, down) - below);
      return top + fy * (low - top);
    }
  };
  CLEANPLATE_HD Mix at(int x, int y) const {
    const float cx = (static_cast<float>(x << shift_x) + .5F) / error_cell - .5F;
    const float cy = (static_cast<float>(y << shift_y) + .5F) / error_cell - .5F;
    const int u = clamp(static_cast<int>(cx), 0, wide - 1);
    const int v = clamp(static_cast<int>(cy), 0, high - 1);
    return {u,
            v,
            u + 1 < wide ? u + 1 : u,
            v + 1 < high ? v + 1 : v,
            clamp(cx - static_cast<float>(u), 0.F, 1.F),
            clamp(cy - static_cast<float>(v), 0.F, 1.F)};
  }
};

/// Brings over from some frames, one after another: where they show a place its sample, up to
/// `most_seen` of them, else what it was filled with there.
struct BringSamples {
  /// A frame, and where the middle one's places lie in it.
  struct Source {
    View<const std::uint16_t> seen, filled;
    View<const std::uint8_t> shown;  ///< 0 where `seen` shows no scene
    View<const float> errors;        ///< how far it differs, by cells
    double x0, xx, xy, y0, yx, yy;   ///< x' = x0 + xx·x + xy·y; y' = y0 + yx·x + yy·y
    bool averaged;                   ///< its fill is taken too
    float away;                      ///< frames, before or after
  };
  Source sources[gathered_at_once];
  int count;
  View<const std::uint16_t> middle;  ///< the frame itself, filled
  bool begins;                       ///< nothing is known of the places yet
  View<const float> depth;
  GatherState state;
  ErrorCells cells;
  int left, top;      ///< of the box in the crop
  int width, height;  ///< of the crop

  CLEANPLATE_HD void operator()(int bx, int by) const {
    if (!(depth(bx, by) > 0)) return;
    const int x = left + bx, y = top + by;
    const ErrorCells::Mix mix = cells.at(x, y);
    constexpr float own = 1 / (fill_noise * fill_noise);
    float fill = begins ? own * static_cast<float>(middle(x, y)) : state(GatherState::fill, bx, by);
    float weight = begins ? own : state(GatherState::weight, bx, by);
    int seen = begins ? 0 : static_cast<int>(state(GatherState::count, bx, by));
    for (int k = 0; k < count; ++k) {
      const Source& from = sources[k];
      if (seen >= most_seen && !from.averaged) continue;
      const auto qx = static_cast<float>(from.x0 + from.xx * x + from.xy * y);
      const auto qy = static_cast<float>(from.y0 + from.yx * x + from.yy * y);
      // Far off the crop (or not a number) there is nothing; 1…size-3 leaves room for 4×4.
      const bool on = qx > -.01F && qy > -.01F && qx < static_cast<float>(width) - .99F &&
                      qy < static_cast<float>(height) - .99F;
      if (!on) continue;
      const bool inner = qx >= 1 && qy >= 1 && qx < static_cast<float>(width - 2) &&
                         qy < static_cast<float>(height - 2);
      const int u = clamp(static_cast<int>(qx), 0, width < 2 ? 0 : width - 2);
      const int v = clamp(static_cast<int>(qy), 0, height < 2 ? 0 : height - 2);
      const float fx = qx - static_cast<float>(u), fy = qy - static_cast<float>(v);
      const bool visible = inner && from.shown(u, v) && from.shown(u + 1, v) &&
                           from.shown(u, v + 1) && from.shown(u + 1, v + 1);
      if (visible) {
        if (seen >= most_seen) continue;
        state(GatherState::seen + seen, bx, by) = bicubic(from.seen, u, v, fx, fy);
        // What is hidden may move otherwise than what is compared, and more so in more time.
        state(GatherState::error + seen, bx, by) = 1 + mix(from.errors) * (1 + fades * from.away);
        ++seen;
      } else if (from.averaged) {
        const float error = fill_noise + mix(from.errors);
        const float counts = 1 / (error * error);
        const bool room = u + 1 < width && v + 1 < height;
        fill += counts * (room ? bilinear(from.filled, u, v, fx, fy)
                               : static_cast<float>(from.filled(u, v)));
        weight += counts;
      }
    }
    state(GatherState::fill, bx, by) = fill;
    state(GatherState::weight, bx, by) = weight;
    state(GatherState::count, bx, by) = static_cast<float>(seen);
  }

 private:
  static CLEANPLATE_HD float bilinear(const View<const std::uint16_t>& p, int u, int v, float fx,
                                      float fy) {
    const float a = p(u, v), b = p(u + 1, v), c = p(u, v + 1), d = p(u + 1, v + 1);
    const float top = a + fx * (b - a), low = c + fx * (d - c);
    return top + fy * (low - top);
  }
  /// Catmull-Rom over 4 samples: keeps detail that two would blur.
  struct Cubic {
    float w0, w1, w2, w3;
    explicit CLEANPLATE_HD Cubic(float f)
        : w0(f * (-.5F + f * (1 - .5F * f))),
          w1(1 + f * f * (-2.5F + 1.5F * f)),
          w2(f * (.5F + f * (2 - 1.5F * f))),
          w3(f * f * (-.5F + .5F * f)) {}
    [[nodiscard]] CLEANPLATE_HD float row(const View<const std::uint16_t>& p, int u, int v) const {
      return w0 * p(u - 1, v) + w1 * p(u, v) + w2 * p(u + 1, v) + w3 * p(u + 2, v);
    }
  };
  static CLEANPLATE_HD float bicubic(const View<const std::uint16_t>& p, int u, int v, float fx,
                                     float fy) {
    const Cubic wx(fx), wy(fy);
    return wy.w0 * wx.row(p, u, v - 1) + wy.w1 * wx.row(p, u, v) + wy.w2 * wx.row(p, u, v + 1) +
           wy.w3 * wx.row(p, u, v + 2);
  }
};

/// Whether a row has a place that more samples could be brought over for; over 1 × rows.
struct OpenRow {
  View<const float> depth;
  GatherState state;
  View<std::uint8_t> open;  ///< 1 × rows; 0 or 1
  int width;

  CLEANPLATE_HD void operator()(int /*x*/, int y) const {
    bool any = false;
    for (int x = 0; x < width; ++x)
      any = any || (depth(x, y) > 0 && state(GatherState::count, x, y) < most_seen);
    open(0, y) = any;
  }
};

/// The robust mean of what was brought over, and what it adds to the fill as far as it is trusted.
struct MeanSample {
  View<const float> depth;
  GatherState state;
  View<const float> roughness;  ///< of the middle frame, by cells
  ErrorCells cells;
  View<float> fill;    ///< the mean fill
  View<float> gain;    ///< what time adds to it
  View<float> weight;  ///< 0: nothing, no frame shows the place; 1 beside the hole
  View<float> share;   ///< of the fill in the answer, 0…1
  int left, top;
  float unit;  ///< 8-bit code values to one code value

  CLEANPLATE_HD void operator()(int x, int y) const {
    const float d = depth(x, y);
    float mean_fill = 0, adds = 0, holds = 1, part = 0;
    if (d > 0) {
      mean_fill = state(GatherState::fill, x, y) / state(GatherState::weight, x, y);
      const int n = static_cast<int>(state(GatherState::count, x, y));
      part = 1, holds = 0;
      if (n > 0) {
        float variance = 0, expected = 0;
        const float mean = robust_mean(x, y, n, variance, expected);
        const float depth_in = d < 24.F ? d : 24.F;
        // Squared errors, as measured against truths: what no neighbour shows twice is worth less,
        // and all less further in; that they disagree says more than what differs round the hole.
        const float rough = cells.at(left + x, top + y)(roughness);
        const float from_time =
            expected * (1 + depth_in / 8) * (n == 1 ? 2.5F : 1.F) + 5 * variance;
        const float from_space = 1 + rough + 5.5F * square_root(rough) * depth_in;
        part = from_time * from_time / (from_time * from_time + from_space * from_space);
        holds = 1 - part + mistrusted * part;
        adds = holds > 0 ? (1 - part) / holds * (mean - mean_fill) : 0;
      }
    }
    fill(x, y) = mean_fill, gain(x, y) = adds, weight(x, y) = holds, share(x, y) = part;
  }

 private:
  CLEANPLATE_HD float robust_mean(int x, int y, int n, float& variance, float& expected) const {
    float seen[most_seen] = {}, error[most_seen] = {}, counts[most_seen] = {};
    for (int k = 0; k < most_seen; ++k) {
      if (k >= n) break;
      seen[k] = state(GatherState::seen + k, x, y);
      error[k] = state(GatherState::error + k, x, y);
    }
    float mean = 0;
    // The second round lets go of what the others disagree with.
    for (int round = 0; round < 2; ++round) {
      float sum = 0, next = 0, spread_sum = 0, error_sum = 0;
      for (int k = 0; k < most_seen; ++k) {
        if (k >= n) break;
        const float off = unit * (seen[k] - mean);
        const float doubt = round ? 1 + off * off / (error[k] + variance) : 1;
        counts[k] = 1 / (error[k] * error[k] * doubt * doubt);
        sum += counts[k];
        next += counts[k] * seen[k];
        error_sum += counts[k] * error[k];
      }
      mean = next / sum;
      for (int k = 0; k < most_seen; ++k) {
        if (k >= n) break;
        const float off = unit * (seen[k] - mean);
        spread_sum += counts[k] * off * off;
      }
      variance = spread_sum / sum;
      expected = error_sum / sum;
    }
    return mean;
  }
};

CLEANPLATE_DECLARE_KERNEL(BringSamples)
CLEANPLATE_DECLARE_KERNEL(OpenRow)
CLEANPLATE_DECLARE_KERNEL(MeanSample)

}  // namespace cleanplate
