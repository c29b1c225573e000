/// @file
/// A made-up landscape under a panning camera: nothing of it was filmed, so it is free to show.
#pragma once
#include <cstdint>
#include <vector>

#include "av_handles.h"

namespace demo {

/// Sky with clouds, mountains, hills and meadow pass at their own speeds; balloons and a car move
/// on their own; grain over all. The same frame number gives the same samples each time.
/// Threads: draw may be called from several threads at once.
class Scene {
 public:
  /// @param width,height  luma samples, even, 64 or more. @param rate  frames a second.
  /// @param pan  factor on the camera's speed; 0: it stands still, and clouds with it.
  Scene(int width, int height, double rate, double pan = 1);
  /// A new yuv420p frame, BT.709, limited range; pts = number.
  [[nodiscard]] FramePtr draw(int number) const;

 private:
  struct Rgb {
    float r, g, b;
  };
  /// Heights of the ridges over one column, in picture heights from the top.
  struct Ridges {
    float mountain, hill, meadow;
  };
  [[nodiscard]] float texture(float u, float v) const;
  [[nodiscard]] Ridges ridges(float u, float t) const;
  [[nodiscard]] Rgb ground(float u, float v, float t, const Ridges& ridge) const;
  void add_movers(Rgb& colour, float u, float v, float t) const;

  int width_, height_;
  double rate_, pan_;
  std::vector<float> tile_;  ///< fractal noise, 0…1, wraps around
};

}  // namespace demo
