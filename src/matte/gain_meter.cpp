#include "matte/gain_meter.h"

#include <algorithm>
#include <cmath>

#include "frame/field.h"

namespace cleanplate {

namespace {

constexpr int most_pairs = 1800;  // of all components: a frame's answer must cost little
constexpr int rounds = 7;         // it has settled by then
constexpr float least_gain = -.3f, most_gain = 1.6f;
constexpr double coding_noise = 1.4;  // rms, 8-bit levels
constexpr float most_alpha = .99f;

/// The most that the overlay's jump can be, over what may lie behind it.
float jump_of(float alpha, float paint, float unit) {
  float most = 0;
  for (const float behind : {48.f, 128.f, 208.f})
    most = std::max(most, std::abs(paint - alpha * behind * unit));
  return most / unit;
}

}  // namespace

GainMeter::GainMeter(const OverlayModel& model)
    : unit_(static_cast<float>(1 << (model.bits - 8))),
      top_(static_cast<float>((1 << model.bits) - 1)) {
  for (std::uint16_t c = 0; c < 3; ++c) add_component(model.mattes[c], c);
  if (pairs_.size() > most_pairs) {
    const std::size_t n = pairs_.size();
    for (std::size_t k = 0; k < most_pairs; ++k) pairs_[k] = pairs_[k * n / most_pairs];
    pairs_.resize(most_pairs);
  }
}

void GainMeter::add_component(const Matte& matte, std::uint16_t component) {
  if (matte.alpha.empty()) return;
  const int w = matte.box.width, h = matte.box.height;
  const int apart = component ? 2 : 3;
  struct Edge {
    Pair pair;
    float jump;
  };
  std::vector<Edge> edges;
  std::vector<float> jumps;
  const int side = std::clamp(std::max(w, h) / 6, 4, 16);
  const int across = (w + side - 1) / side;
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x)
      for (const auto& [dx, dy] : {std::pair{apart, 0}, std::pair{0, apart}}) {
        if (x + dx >= w || y + dy >= h) continue;
        const auto a =
            static_cast<std::size_t>(y) * static_cast<std::size_t>(w) + static_cast<std::size_t>(x);
        const auto b = a + static_cast<std::size_t>(dy) * static_cast<std::size_t>(w) +
                       static_cast<std::size_t>(dx);
        const float alpha_a = std::min(matte.alpha[a], most_alpha),
                    alpha_b = std::min(matte.alpha[b], most_alpha);
        if (alpha_a <= 0 && alpha_b <= 0) continue;
        const float paint_a = alpha_a > 0 ? alpha_a * matte.colour[a] : 0,
                    paint_b = alpha_b > 0 ? alpha_b * matte.colour[b] : 0;
        const float jump = jump_of(alpha_a - alpha_b, paint_a - paint_b, unit_);
        if (jump < 2) continue;
        const auto block = static_cast<std::uint16_t>((y / side) * across + x / side);
        edges.push_back({{static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b), alpha_a,
                          alpha_b, paint_a, paint_b, component, block},
                         jump});
        jumps.push_back(jump);
      }
  const float least = .4f * quantile(std::move(jumps), .9);
  for (const Edge& e : edges)
    if (e.jump >= least) {
      pairs_.push_back(e.pair);
      // Chroma of a place sees what luma of it sees, so its clusters are the same only by chance;
      // they are counted apart.
      pairs_.back().block = static_cast<std::uint16_t>(e.pair.block + (component ? blocks_ : 0));
    }
  if (component == 0 || component == 2)
    blocks_ += static_cast<std::size_t>(across) * static_cast<std::size_t>((h + side - 1) / side);
}

FrameGain GainMeter::measure(const std::array<const std::uint16_t*, 3>& samples) const {
  FrameGain out;
  if (pairs_.size() < 24) return out;
  float g = 1, noise = 8 * unit_;
  std::vector<double> scores(blocks_ + 1), power;
  double bend = 0, weighted = 0;
  for (int round = 0; round < rounds; ++round) {
    const bool last = round == rounds - 1;
    double pull = 0, deviation = 0;
    bend = weighted = 0;
    for (const Pair& p : pairs_) {
      const auto* s = samples[p.component];
      const float a = std::min(g * p.alpha_a, most_alpha), b = std::min(g * p.alpha_b, most_alpha);
      const float under_a = static_cast<float>(s[p.a]) - g * p.paint_a,
                  under_b = static_cast<float>(s[p.b]) - g * p.paint_b;
      const float thru_a = 1 - a, thru_b = 1 - b;
      const float r = under_a * thru_b - under_b * thru_a;  // (J at a − J at b), dimmed by both
      // What lies behind, from both sides alike: else noise in it would draw the gain to one side.
      const bool both = std::min(thru_a, thru_b) > .15f;
      const float behind = std::clamp(both              ? (under_a / thru_a + under_b / thru_b) / 2
                                      : thru_a > thru_b ? under_a / thru_a
                                                        : under_b / thru_b,
                                      0.f, top_);
      const float z =
          thru_b * (p.paint_a - p.alpha_a * behind) - thru_a * (p.paint_b - p.alpha_b * behind);
      const float far = r / (2 * noise);
      const float w = 1 / (1 + far * far);
      const float wzr = w * z * r;
      pull += static_cast<double>(wzr);
      bend += static_cast<double>(w * z * z);
      weighted += static_cast<double>(w * w * z * z);
      deviation += static_cast<double>(std::abs(r));
      if (last) scores[std::min<std::size_t>(p.block, blocks_)] += static_cast<double>(wzr);
    }
    if (!(bend > 0)) return out;
    if (last) break;
    g = std::clamp(g + static_cast<float>(pull / bend), least_gain, most_gain);
    noise =
        std::max(unit_, static_cast<float>(1.25 * deviation / static_cast<double>(pairs_.size())));
  }
  double sum = 0;
  int filled = 0;
  for (const double s : scores) sum += s * s, filled += s != 0;
  const double few = filled > 1 ? static_cast<double>(filled) / (filled - 1) : 1e6;
  const double coding = coding_noise * static_cast<double>(unit_);
  out.value = static_cast<double>(g);
  out.error = std::sqrt((few * sum + coding * coding * weighted) / (bend * bend));
  return out;
}

}  // namespace cleanplate
