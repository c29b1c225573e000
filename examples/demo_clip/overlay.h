/// @file
/// An overlay with known opacity and colour, and putting it on a frame in the frame's own planes.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

extern "C" {
#include <libavutil/frame.h>
}

namespace demo {

/// A drawing: colour and coverage, 0…1, colour not premultiplied.
struct Drawing {
  int width = 0, height = 0;
  struct Dot {
    float r = 0, g = 0, b = 0, a = 0;
  };
  std::vector<Dot> dots;
  [[nodiscard]] Dot& at(int x, int y) { return dots[static_cast<std::size_t>(y * width + x)]; }
  [[nodiscard]] const Dot& at(int x, int y) const {
    return dots[static_cast<std::size_t>(y * width + x)];
  }
};

/// One component of an overlay, on that component's grid.
struct Layer {
  int x = 0, y = 0, width = 0, height = 0;  ///< in the component's samples
  std::vector<float> alpha;                 ///< 0…1
  std::vector<float> colour;                ///< W, code values of the frame's depth
  [[nodiscard]] float alpha_at(int px, int py) const;
  [[nodiscard]] float colour_at(int px, int py) const;
};

/// Y, Cb, Cr. The chroma layers come from 2×2 (or 2×1) means of α and of αW.
struct Overlay {
  int bits = 8;
  std::array<Layer, 3> layers;
};

/// @param like  gives size, pixel format (planar YCbCr 8 to 16 bit), matrix and range.
/// @param x,y   where the drawing's top left comes to lie, luma samples.
/// @param strength  factor on the drawing's coverage.
[[nodiscard]] Overlay overlay_from(const Drawing& drawing, int x, int y, float strength,
                                   const AVFrame& like);

/// I = αW + (1−α)J, rounded, in every component. @param frame  writable.
void put_on(AVFrame& frame, const Overlay& overlay);
/// J = (I − αW)/(1−α), rounded and clipped; samples with α ≥ most_alpha stay.
void take_off(AVFrame& frame, const Overlay& overlay, float most_alpha = .98f);

/// A frame's samples, one at a time.
[[nodiscard]] int bits_of(const AVFrame& frame);
[[nodiscard]] int sample(const AVFrame& frame, int component, int x, int y);
void set_sample(AVFrame& frame, int component, int x, int y, int value);
/// Width and height of a component.
[[nodiscard]] std::array<int, 2> size_of(const AVFrame& frame, int component);

/// Kr and Kb of the frame's matrix; unspecified: BT.709 from 720 lines up, else BT.601.
[[nodiscard]] std::array<float, 2> luma_weights(const AVFrame& like);
/// Code values of an R'G'B' colour under the frame's matrix and range.
[[nodiscard]] std::array<float, 3> code_values(float r, float g, float b, const AVFrame& like);

}  // namespace demo
