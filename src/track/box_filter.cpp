#include "track/box_filter.h"

#include <cmath>

namespace cleanplate {

namespace {
constexpr double seen_variance = 4;        // samples², of a detector's box
constexpr double centre_acceleration = 2;  // variance, (samples a frame²)²
constexpr double size_acceleration = .02;

std::array<double, 4> numbers_of(const Box& b) {
  return {b.x + b.width / 2., b.y + b.height / 2., static_cast<double>(b.width),
          static_cast<double>(b.height)};
}
}  // namespace

void BoxFilter::Axis::predict(double frames, double acceleration) {
  const double t = frames;
  place += t * speed;
  auto& [p, c, s] = variance;
  p += 2 * t * c + t * t * s + acceleration * t * t * t / 3;
  c += t * s + acceleration * t * t / 2;
  s += acceleration * t;
}

void BoxFilter::Axis::correct(double seen) {
  auto& [p, c, s] = variance;
  const double sum = p + seen_variance, off = seen - place;
  const double gain = p / sum, speed_gain = c / sum;
  place += gain * off;
  speed += speed_gain * off;
  s -= speed_gain * c;
  c *= 1 - gain;
  p *= 1 - gain;
}

BoxFilter::BoxFilter(const Box& box, std::int64_t frame) : frame_(frame) {
  const auto seen = numbers_of(box);
  for (std::size_t k = 0; k < 4; ++k) {
    axes_[k].place = seen[k];
    if (k >= 2) axes_[k].variance[2] = .01;
  }
}

void BoxFilter::see(const Box& box, std::int64_t frame) {
  const auto seen = numbers_of(box);
  for (std::size_t k = 0; k < 4; ++k) {
    axes_[k].predict(static_cast<double>(frame - frame_),
                     k < 2 ? centre_acceleration : size_acceleration);
    axes_[k].correct(seen[k]);
  }
  frame_ = frame;
}

Box BoxFilter::at(std::int64_t frame) const {
  const double t = speed() > 0 ? static_cast<double>(frame - frame_) : 0;
  const double w = axes_[2].place, h = axes_[3].place;
  return {static_cast<int>(std::lround(axes_[0].place + t * axes_[0].speed - w / 2)),
          static_cast<int>(std::lround(axes_[1].place + t * axes_[1].speed - h / 2)),
          static_cast<int>(std::lround(w)), static_cast<int>(std::lround(h))};
}

double BoxFilter::speed() const {
  const double s = std::hypot(axes_[0].speed, axes_[1].speed);
  const double error = std::sqrt(axes_[0].variance[2] + axes_[1].variance[2]);
  return s > 2 * error ? s : 0;
}

}  // namespace cleanplate
