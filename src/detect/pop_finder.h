/// @file
/// What comes or goes from one frame to the next and then stays so.
#pragma once
#include <cleanplate/frame.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "detect/components.h"
#include "frame/field.h"

namespace cleanplate {

/// Across and down; 8-bit levels a sample of the reduced grid.
struct Slope {
  float x = 0, y = 0;
};

/// One of each plane: Y, Cb, Cr; a grey picture's chroma is flat.
constexpr std::size_t planes = 3;
using Slopes = std::array<Slope, planes>;

/// A gradient that comes and goes, on the reduced grid.
struct EdgeSample {
  int x = 0, y = 0;
  Slopes adds;  ///< what it adds to the gradients
  Slopes base;  ///< the gradients without it: 0 unless the scene stands still
};

[[nodiscard]] inline float dot(const Slope& a, const Slope& b) { return a.x * b.x + a.y * b.y; }
[[nodiscard]] inline Slope operator-(const Slope& a, const Slope& b) {
  return {a.x - b.x, a.y - b.y};
}
/// Σ |adds|² over all planes.
[[nodiscard]] float power_of(const EdgeSample& edge);

struct PassingPlace {
  Box box;  ///< on the reduced grid
  std::vector<EdgeSample> edges;
  std::array<double, planes> power{};  ///< Σ |adds|² of the edges
  double pure = 0;  ///< share of these in all that changed there and round it, when it was seen
  int pops = 1;     ///< times that it came or went, some frames apart
  std::array<double, planes> pure_in{};  ///< the same share as pure, in each plane alone

  [[nodiscard]] double all_power() const { return power[0] + power[1] + power[2]; }
};

/// Leaves the strongest 1500 edges, and sums up their power.
void keep_strongest(PassingPlace& place);

/// Whether chroma tells of a place: it is coded in coarse blocks, and one that is coded anew steps
/// like a mark, which has more edges than a few of them, and round which hardly anything else
/// changes in chroma.
[[nodiscard]] bool clear_in_chroma(std::size_t edges, double pure);

/// Correlation of two places' edges, the second moved by dx, dy; −1…1. Each plane's counts
/// whichever its sign: a mark is darker than one ground and lighter than the next. The sign is that
/// of all.
[[nodiscard]] double pattern_alike(const PassingPlace& a, const PassingPlace& b, int dx, int dy);

/// Compares the gradients' means over a few frames before and after each frame: a mark that pops
/// up, blinks or jumps changes them in one step, between two stretches that are steady each; what
/// moves does not. Each sample is judged in the plane that shows its step best: a red mark before
/// trees of its own brightness steps in chroma alone. Memory: a dozen frames' gradients. Threads:
/// one object, one thread at a time.
class PopFinder {
 public:
  /// @param side  frames before, and after: 2 to 16; fewer where some are left out.
  /// @param coarser  factor on the reduction: a quick look takes 2.
  explicit PopFinder(Size picture, int side = 8, int coarser = 1);
  /// For a quick look at frames that others refer to, which are about every other one; what it
  /// finds asks for a closer one.
  [[nodiscard]] static PopFinder coarse(Size picture) { return PopFinder(picture, 6, 2); }
  void add(const Frame& frame);
  /// The frames that follow do not continue those before. What is seen again in them may be a scene
  /// that comes again.
  void restart();

  /// Each place and pattern once, strongest first, 24 at most.
  [[nodiscard]] std::vector<PassingPlace> places() const;
  [[nodiscard]] Size grid() const { return size_; }
  [[nodiscard]] int reduction() const { return reduction_; }

 private:
  struct Gradients {
    std::vector<std::int8_t> x, y;  // half levels
  };
  using Picture = std::array<Gradients, planes>;
  /// Sums over the frames of one side.
  struct Sums {
    std::vector<std::int16_t> x, y;
    std::vector<std::int32_t> power;
    void add(const Gradients& g);
    void slide(const Gradients& in, const Gradients& out);
    [[nodiscard]] Slope at(std::size_t i) const;

   private:
    void add(const std::vector<std::int8_t>& g, std::vector<std::int16_t>& sum);
    void slide(const std::vector<std::int8_t>& in, const std::vector<std::int8_t>& out,
               std::vector<std::int16_t>& sum);
  };
  /// What one sample of the grid does from before to after.
  struct Step {
    EdgeSample edge;
    float clear = 0;  // its square over that of the changes beside it; 0: it does not step
    bool seed = false;
    std::uint8_t plane = 0;  // that shows it best
  };
  void look();
  void take(const std::vector<Component>& parts);
  [[nodiscard]] Picture& slot(std::int64_t frame);
  [[nodiscard]] float step2(std::size_t plane, std::size_t i) const;  ///< levels²
  [[nodiscard]] bool comes(const Box& box) const;
  [[nodiscard]] std::size_t plane_of(const Component& c) const;
  [[nodiscard]] double pure(const Component& c, std::size_t plane) const;
  [[nodiscard]] float change_beside(std::size_t plane, std::size_t i) const;  ///< levels²
  [[nodiscard]] Step step_at(int x, int y) const;
  [[nodiscard]] std::vector<Component> parts(float least_clear);
  void keep(PassingPlace place);

  Size size_;
  int reduction_, side_;
  std::size_t planes_ = 1;                                // that the frames have
  std::vector<Picture> ring_;                             // of the frames on both sides
  std::int64_t frames_ = 0, all_frames_ = 0, since_ = 0;  // from the restart; ever; at the restart
  std::array<Sums, planes> before_, after_;
  std::vector<const Picture*> middle_;  // of the ring: as many frames before the step as after it
  Field map_;
  std::vector<std::uint8_t> moved_;   // 1: the means before and after differ in some plane
  std::vector<Step> steps_;           // where they do
  std::vector<std::size_t> stepped_;  // of these the samples whose step is clear
  std::vector<PassingPlace> places_;
  std::vector<std::int64_t> last_seen_;  // frame, of each place
};

}  // namespace cleanplate
