#include "detect/pop_finder.h"

#include <algorithm>
#include <cmath>

#include "detect/components.h"
#include "detect/reduced_luma.h"

namespace cleanplate {

namespace {

constexpr float least_step = 3, seed_step = 6;           // levels a sample
constexpr float least_steady = .8f, seed_steady = 1.6f;  // the step over the change on either side
constexpr float at_once = .6f;           // of the step, between the two frames in the middle
constexpr float clear_step = 3;          // its square over that of the changes beside it
constexpr float surely_clear = 12;       // the same, for what hangs together with the scene
constexpr double most_of_picture = .08;  // samples that step; more is a cut
constexpr double largest = .4;           // of the picture's width or height
constexpr float least_dense = .18f;      // share of a 5 x 5 window that steps
constexpr int margin = 8;                // round what steps, where little else changes
constexpr double least_pure = .6;        // share of what steps in the box with it, in power…
constexpr double large_pure = .5;        // …and of many samples, which chance does not make
constexpr std::size_t large = 200;
constexpr int least_samples = 40, least_seeds = 16;
constexpr std::size_t most_edges = 1500, most_places = 24, most_kept = 96;
constexpr double same_pattern = .65;  // another line of text shares digits

/// Without lround, so that the compiler makes vectors of it.
std::int8_t to_half_levels(float levels) {
  const float halves = std::clamp(2 * levels, -127.f, 127.f);
  return static_cast<std::int8_t>(static_cast<int>(halves + (halves < 0 ? -.5f : .5f)));
}

float length2(float x, float y) { return x * x + y * y; }

}  // namespace

double pattern_alike(const PassingPlace& a, const PassingPlace& b, int dx, int dy) {
  const Box around = b.box.grown(1);
  Field gx(around.width, around.height), gy(around.width, around.height);
  for (const EdgeSample& e : b.edges) {
    gx.at(e.x - around.x, e.y - around.y) = e.gx;
    gy.at(e.x - around.x, e.y - around.y) = e.gy;
  }
  double both = 0;
  for (const EdgeSample& e : a.edges) {
    const int x = e.x - dx - around.x, y = e.y - dy - around.y;
    if (x < 0 || y < 0 || x >= around.width || y >= around.height) continue;
    both += static_cast<double>(e.gx * gx.at(x, y) + e.gy * gy.at(x, y));
  }
  return both / std::sqrt(a.power * b.power);
}

void PopFinder::Sums::add(const Gradients& g, int sign) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<std::int16_t>(x[i] + sign * g.x[i]);
    y[i] = static_cast<std::int16_t>(y[i] + sign * g.y[i]);
    power[i] += sign * (g.x[i] * g.x[i] + g.y[i] * g.y[i]);
  }
}

PopFinder::PopFinder(Size picture, int side, int coarser)
    : reduction_(passing_reduction(picture) * coarser),
      side_(side),
      ring_(2 * static_cast<std::size_t>(side)) {
  size_ = {std::max(1, picture.width / reduction_), std::max(1, picture.height / reduction_)};
  map_ = Field(size_.width, size_.height);
  steps_.resize(map_.size());
  moved_.resize(map_.size());
  for (Gradients& g : ring_) g.x.resize(map_.size()), g.y.resize(map_.size());
  restart();
}

void PopFinder::restart() {
  frames_ = 0;
  since_ = all_frames_;
  for (Sums* s : {&before_, &after_}) {
    s->x.assign(map_.size(), 0), s->y.assign(map_.size(), 0);
    s->power.assign(map_.size(), 0);
  }
}

void PopFinder::add(const Frame& frame) {
  const auto slot = [&](std::int64_t n) -> Gradients& {
    return ring_[static_cast<std::size_t>(n % (2 * side_))];
  };
  if (frames_ >= 2 * side_) before_.add(slot(frames_), -1);
  Gradients& now = slot(frames_);
  const Field luma = reduced_luma(frame, reduction_, {0, 0, size_.width, size_.height});
  for (int y = 1; y < size_.height; ++y)
    for (int x = 1; x < size_.width; ++x) {
      const std::size_t i = luma.index(x, y);
      now.x[i] = to_half_levels(luma.values[i] - luma.values[i - 1]);
      now.y[i] =
          to_half_levels(luma.values[i] - luma.values[i - static_cast<std::size_t>(size_.width)]);
    }
  after_.add(now, 1);
  if (frames_ >= side_) {
    after_.add(slot(frames_ - side_), -1);
    before_.add(slot(frames_ - side_), 1);
  }
  ++frames_, ++all_frames_;
  if (frames_ >= 2 * side_) look();
}

float PopFinder::step2(std::size_t i) const {
  return length2(static_cast<float>(after_.x[i] - before_.x[i]),
                 static_cast<float>(after_.y[i] - before_.y[i])) /
         static_cast<float>(4 * side_ * side_);
}

/// Of all that differs in and round its box before and after, the share that steps; round a piece
/// of something that moves the rest of it differs as well.
double PopFinder::pure(const Component& c) const {
  double steps = 0, all = 0;
  for (const std::size_t i : c.samples) steps += static_cast<double>(step2(i));
  const Box around = c.box.grown(margin).intersect({1, 1, size_.width - 1, size_.height - 1});
  for (int y = around.y; y < around.bottom(); ++y)
    for (int x = around.x; x < around.right(); ++x)
      all += static_cast<double>(step2(map_.index(x, y)));
  return steps / all;
}

/// Which of the two states is the one with the mark: the scene's edges that go on under a
/// see-through mark are dimmed, and move less; a mark adds edges; the state without it has the
/// roughness of what is round it.
bool PopFinder::comes(const Box& box) const {
  constexpr int ring = 8;                          // samples
  constexpr double noise2 = .5;                    // levels²
  constexpr double moves2 = 8;                     // levels²; less is coding, not motion
  constexpr float edge2 = 6 * 6, straight = .15f;  // levels²; sine of two edges that are one
  struct State {
    double edges = 0, motion = 0;
  } inside[2], around[2];
  const Box outer = box.grown(ring).intersect({1, 1, size_.width - 1, size_.height - 1});
  const Sums* const sums[2] = {&before_, &after_};
  const double n = side_;
  double in = 0, out = 0, dimmed = 5, raised = 5;  // as many for nothing seen
  for (int y = outer.y; y < outer.bottom(); ++y)
    for (int x = outer.x; x < outer.right(); ++x) {
      const bool within = box.contains(x, y);
      (within ? in : out) += 1;
      const std::size_t i = map_.index(x, y);
      for (int k = 0; k < 2; ++k) {
        const double mean2 = static_cast<double>(length2(sums[k]->x[i], sums[k]->y[i])) / (n * n);
        State& s = within ? inside[k] : around[k];
        s.edges += mean2 / 4;
        s.motion += (sums[k]->power[i] / n - mean2) / 4;
      }
      if (!within) continue;
      const float unit = 1.f / static_cast<float>(2 * side_);
      const float ax = unit * before_.x[i], ay = unit * before_.y[i], bx = unit * after_.x[i],
                  by = unit * after_.y[i];
      const float a2 = length2(ax, ay), b2 = length2(bx, by), cross = ax * by - ay * bx;
      if (std::max(a2, b2) < edge2 || ax * bx + ay * by <= 0 ||
          cross * cross > straight * straight * a2 * b2)
        continue;
      dimmed += b2 < .8f * a2 && b2 > .03f * a2;
      raised += a2 < .8f * b2 && a2 > .03f * b2;
    }
  for (State& s : inside) s.edges = s.edges / in + noise2, s.motion = s.motion / in + noise2;
  for (State& s : around)
    s.edges = s.edges / std::max(1., out) + noise2,
    s.motion = s.motion / std::max(1., out) + noise2;
  const double more = std::log(inside[1].edges / inside[0].edges);
  const double usual = std::log(std::min(around[0].edges, around[1].edges));
  const double unusual =
      std::fabs(std::log(inside[1].edges) - usual) - std::fabs(std::log(inside[0].edges) - usual);
  const double stiller =
      inside[0].motion + inside[1].motion < moves2
          ? 0
          : std::log(inside[0].motion / inside[1].motion * around[1].motion / around[0].motion);
  return std::log(dimmed / raised) + .5 * (more + unusual) + stiller > 0;
}

/// A scene that changes from one frame to the next does so beside the step as well; on one side of
/// a mark's step there is the mark, which does not. @return the stiller side's mean.
float PopFinder::change_beside(std::size_t i) const {
  const int pairs = std::min(4, side_ - 1);
  float sides[2] = {};
  for (int k = -pairs; k <= pairs; ++k) {
    if (k == 0) continue;
    const std::int64_t n = frames_ - side_ + k;
    const Gradients& a = ring_[static_cast<std::size_t>((n - 1) % (2 * side_))];
    const Gradients& b = ring_[static_cast<std::size_t>(n % (2 * side_))];
    sides[k > 0] +=
        length2(static_cast<float>(b.x[i] - a.x[i]), static_cast<float>(b.y[i] - a.y[i]));
  }
  return std::min(sides[0], sides[1]) / static_cast<float>(4 * pairs);
}

PopFinder::Step PopFinder::step_at(int x, int y) const {
  const std::size_t i = map_.index(x, y);
  const auto n = static_cast<float>(side_);
  const float ax = before_.x[i], ay = before_.y[i], bx = after_.x[i], by = after_.y[i];
  const float moved2 = step2(i);
  const Gradients& last = ring_[static_cast<std::size_t>((frames_ - side_ - 1) % (2 * side_))];
  const Gradients& first = ring_[static_cast<std::size_t>((frames_ - side_) % (2 * side_))];
  const float along = (static_cast<float>(first.x[i] - last.x[i]) * (bx - ax) +
                       static_cast<float>(first.y[i] - last.y[i]) * (by - ay)) /
                      (4 * n);
  if (along < at_once * moved2) return {};
  const float change2 = (static_cast<float>(before_.power[i] + after_.power[i]) -
                         (length2(ax, ay) + length2(bx, by)) / n) /
                        (16 * n);
  const float steady = std::sqrt(moved2) / (std::sqrt(std::max(0.f, change2)) + 1);
  if (steady < least_steady) return {};
  Step out;
  out.edge = {x, y, 0, 0, ax / (2 * n), ay / (2 * n)};
  out.edge.gx = bx / (2 * n) - out.edge.base_x, out.edge.gy = by / (2 * n) - out.edge.base_y;
  out.clear = moved2 / (change_beside(i) + .1f);
  out.seed = steady > seed_steady && moved2 > seed_step * seed_step;
  return out;
}

void PopFinder::look() {
  const int least =
      static_cast<int>(static_cast<float>(4 * side_ * side_) * least_step * least_step);
  for (std::size_t i = 0; i < moved_.size(); ++i) {
    const int dx = after_.x[i] - before_.x[i], dy = after_.y[i] - before_.y[i];
    moved_[i] = dx * dx + dy * dy >= least;
  }
  for (int y = 3; y < size_.height - 2; ++y)
    for (int x = 3; x < size_.width - 2; ++x)
      if (const std::size_t i = map_.index(x, y); moved_[i]) steps_[i] = step_at(x, y);
  // Before a rough scene a mark hangs together with what changes there, but for its surest samples.
  take(parts(clear_step));
  take(parts(surely_clear));
}

/// What steps, in dense pieces.
std::vector<Component> PopFinder::parts(float least_clear) {
  std::fill(map_.values.begin(), map_.values.end(), 0.f);
  std::size_t marked = 0, seeds = 0;
  for (int y = 3; y < size_.height - 2; ++y)
    for (int x = 3; x < size_.width - 2; ++x) {
      const std::size_t i = map_.index(x, y);
      if (!moved_[i] || steps_[i].clear < least_clear) continue;
      map_.values[i] = steps_[i].seed ? 2.f : 1.f;
      ++marked, seeds += steps_[i].seed;
    }
  if (seeds < least_seeds ||
      static_cast<double>(marked) > most_of_picture * static_cast<double>(map_.size()))
    return {};
  // Strokes are dense, chance is not.
  Field dense(map_.width, map_.height);
  for (std::size_t i = 0; i < map_.size(); ++i) dense.values[i] = map_.values[i] > 0;
  dense = box_mean(dense, 2);
  for (std::size_t i = 0; i < map_.size(); ++i)
    if (dense.values[i] < least_dense) map_.values[i] = 0;
  return components(map_, std::max(4, size_.width / 80));
}

void PopFinder::take(const std::vector<Component>& parts) {
  for (const Component& c : parts) {
    if (c.samples.size() < least_samples || c.box.width > largest * size_.width ||
        c.box.height > largest * size_.height)
      continue;
    if (std::count_if(c.samples.begin(), c.samples.end(),
                      [&](std::size_t i) { return map_.values[i] > 1; }) < least_seeds)
      continue;
    const double share = pure(c);
    if (share < (c.samples.size() < large ? least_pure : large_pure)) continue;
    PassingPlace place{c.box, {}, 0, share};
    for (const std::size_t i : c.samples) place.edges.push_back(steps_[i].edge);
    if (!comes(c.box))
      for (EdgeSample& e : place.edges)
        e.base_x += e.gx, e.base_y += e.gy, e.gx = -e.gx, e.gy = -e.gy;
    const auto power = [](const EdgeSample& e) { return length2(e.gx, e.gy); };
    if (place.edges.size() > most_edges) {
      std::nth_element(
          place.edges.begin(), place.edges.begin() + static_cast<std::ptrdiff_t>(most_edges),
          place.edges.end(), [&](const auto& p, const auto& q) { return power(p) > power(q); });
      place.edges.resize(most_edges);
    }
    for (const EdgeSample& e : place.edges) place.power += static_cast<double>(power(e));
    keep(std::move(place));
  }
}

/// Of the same pattern at the same place the stronger and purer sight stays.
void PopFinder::keep(PassingPlace place) {
  for (std::size_t k = 0; k < places_.size(); ++k) {
    PassingPlace& known = places_[k];
    if (known.box.intersect(place.box).empty() || pattern_alike(place, known, 0, 0) < same_pattern)
      continue;
    const bool again = last_seen_[k] > since_ && all_frames_ > last_seen_[k] + 2 * side_;
    place.pops = known.pops + again;
    last_seen_[k] = all_frames_;
    if (place.power * place.pure > known.power * known.pure)
      known = std::move(place);
    else
      known.pops = place.pops;
    return;
  }
  if (places_.size() < most_kept) {
    places_.push_back(std::move(place));
    last_seen_.push_back(all_frames_);
    return;
  }
  const auto least =
      std::min_element(places_.begin(), places_.end(),
                       [](const auto& a, const auto& b) { return a.power < b.power; });
  if (least->power >= place.power) return;
  *least = std::move(place);
  last_seen_[static_cast<std::size_t>(least - places_.begin())] = all_frames_;
}

std::vector<PassingPlace> PopFinder::places() const {
  std::vector<PassingPlace> out = places_;
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.power > b.power; });
  if (out.size() > most_places) out.resize(most_places);
  return out;
}

}  // namespace cleanplate
