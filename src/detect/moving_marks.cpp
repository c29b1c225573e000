#include "detect/moving_marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "detect/components.h"

namespace cleanplate {

namespace {

constexpr std::size_t most_frames = 960;
constexpr double least_step = 1. / 32;  // seconds between frames
constexpr std::size_t most_stretches = 4;
constexpr double stretch_alike = .5, stretch_least = .3;    // of what is worth following
constexpr double group_alike = .5, mean_alike = .6;         // of where it is seen again
constexpr double least_share = .6;                          // of the clip
constexpr double straight_alike = .8, straight_share = .9;  // of what never turns,
constexpr double straight_travel = 50;                      // and how far it must come
constexpr std::size_t least_outside = 4;  // groups that the stretch has not shown already
constexpr double least_travel = 25;       // samples of the grid
constexpr double turning_speed = .25;     // samples a frame: slower, and a turn proves little
constexpr double most_with_it = .45;      // likeness of the picture's other places
constexpr double most_elsewhere = .4;     // of a way without a turn
constexpr double proven_score = .9, unsure_score = .5;

/// Luma samples per sample of the grid, of which there are about 208 along the longer side.
int reduction_for(Size picture) {
  return std::max(1, (std::max(picture.width, picture.height) + 104) / 208);
}

}  // namespace

MovingMarkFinder::MovingMarkFinder(Size picture)
    : picture_(picture), history_(picture, reduction_for(picture)), runs_{{0, 0}} {}

void MovingMarkFinder::add(const Frame& frame, double seconds) {
  Run& run = runs_.back();
  if (history_.frames() == most_frames) return;
  if (run.to > run.from && seconds < seconds_.back() + least_step) return;
  history_.add(frame);
  seconds_.push_back(seconds);
  run.to = history_.frames();
}

void MovingMarkFinder::restart() {
  if (runs_.back().to > runs_.back().from) runs_.push_back({history_.frames(), history_.frames()});
}

/// Some, spread over all frames.
std::vector<MovingMarkFinder::Run> MovingMarkFinder::stretches() const {
  std::vector<Run> all, out;
  for (const Run& run : runs_)
    for (std::size_t n = run.from; n + SteadyMotion::frames <= run.to; n += SteadyMotion::frames)
      all.push_back({n, n + SteadyMotion::frames});
  const std::size_t count = std::min(most_stretches, all.size());
  for (std::size_t k = 0; k < count; ++k) out.push_back(all[k * all.size() / count]);
  return out;
}

/// Looks for it in all frames, nearest first, and gives up where it is not seen to go on.
MovingMarkFinder::Way MovingMarkFinder::way_of(const MarkSights& sights) const {
  constexpr std::size_t enough = 4;  // groups after which a thing of the scene is known
  struct Place {
    std::size_t run, index;
    MarkSights::Seen seen;
    bool outside, looked = false;
  };
  const SteadyMotion& motion = sights.motion();
  std::vector<Place> places;
  for (std::size_t r = 0; r < runs_.size(); ++r) {
    // Groups are laid so that the stretch is four whole ones.
    const Run& run = runs_[r];
    const bool own = motion.first >= run.from && motion.first < run.to;
    std::size_t n = run.from + (own ? (motion.first - run.from) % MarkSights::group : 0);
    for (; n + MarkSights::group <= run.to; n += MarkSights::group)
      places.push_back({r,
                        n / MarkSights::group,
                        {n, run.from, run.to, {}},
                        n < motion.first || n >= motion.first + SteadyMotion::frames});
  }
  std::vector<std::size_t> order(places.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  const auto distance = [&](std::size_t k) {
    const std::size_t n = places[k].seen.first;
    return n < motion.first ? motion.first - n : n - motion.first;
  };
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return distance(a) < distance(b); });
  const auto linked = [&](std::size_t k) {
    const Place& p = places[k];
    if (!p.looked || p.seen.sight.alike < group_alike) return false;
    for (std::size_t other = k < 2 ? 0 : k - 2; other < std::min(places.size(), k + 3); ++other) {
      const Place& o = places[other];
      if (other == k || o.run != p.run || !o.looked || o.seen.sight.alike < group_alike) continue;
      if (other < k ? sights.follows(o.seen.sight, p.seen.sight, static_cast<int>(k - other))
                    : sights.follows(p.seen.sight, o.seen.sight, static_cast<int>(other - k)))
        return true;
    }
    return false;
  };
  std::size_t outside = 0;
  for (const std::size_t k : order) {
    Place& p = places[k];
    p.seen.sight = sights.look(p.seen.first, p.seen.from, p.seen.to);
    p.looked = true;
    outside += p.outside;
    if (!p.outside || outside != enough) continue;
    std::size_t on = 0;
    for (std::size_t i = 0; i < places.size(); ++i) on += places[i].outside && linked(i);
    if (2 * on < enough) break;
  }
  Way way;
  way.groups = places.size();
  for (std::size_t k = 0; k < places.size(); ++k) {
    if (!linked(k)) continue;
    const MarkSight& s = places[k].seen.sight;
    way.seen.push_back(places[k].seen);
    way.alike += s.alike;
    if (k + 1 == places.size() || places[k + 1].run != places[k].run || !linked(k + 1)) continue;
    const MarkSight& next = places[k + 1].seen.sight;
    const auto turned = [&](bool a, bool b, double speed) {
      return a && b && std::fabs(speed) >= turning_speed;
    };
    way.turns =
        way.turns || (sights.follows(s, next, 1) && (turned(s.back_x, next.back_x, motion.vx) ||
                                                     turned(s.back_y, next.back_y, motion.vy)));
  }
  if (!way.seen.empty()) way.alike /= static_cast<double>(way.seen.size());
  return way;
}

/// The samples round the patch whose edges add up along the way, in luma samples of the picture in
/// the middle of the stretch.
Box MovingMarkFinder::box_of(const MarkSights& sights, const Way& way) const {
  constexpr std::size_t most = 16;  // groups
  constexpr int gap = 2;
  const Size window{3 * SteadyMotion::width, 4 * SteadyMotion::height};
  // Two means of different groups: only the mark is the same in both.
  std::vector<MarkSights::Seen> some[2];
  const std::size_t count = std::min(most, way.seen.size());
  for (std::size_t k = 0; k < count; ++k)
    some[k % 2].push_back(way.seen[k * way.seen.size() / count]);
  const Edges mean = sights.mean(some[0], window), other = sights.mean(some[1], window);
  const Box patch{(window.width - SteadyMotion::width) / 2,
                  (window.height - SteadyMotion::height) / 2, SteadyMotion::width,
                  SteadyMotion::height};
  Field power(window.width, window.height);
  for (std::size_t i = 0; i < power.size(); ++i)
    power.values[i] = mean.x.values[i] * other.x.values[i] + mean.y.values[i] * other.y.values[i];
  power = box_mean(power, 1);
  std::vector<float> inside;
  for (int y = patch.y; y < patch.bottom(); ++y)
    for (int x = patch.x; x < patch.right(); ++x) inside.push_back(power.at(x, y));
  const float least = .25f * quantile(std::move(inside), .9);
  Field map(window.width, window.height);
  for (std::size_t i = 0; i < map.size(); ++i) map.values[i] = power.values[i] > least ? 1.f : 0.f;
  Box box;
  double most_power = 0;
  for (const Component& c : components(map, gap)) {
    double sum = 0;
    for (const std::size_t i : c.samples) sum += static_cast<double>(power.values[i]);
    if (sum > most_power) most_power = sum, box = c.box;
  }
  box = box.grown(1);
  const SteadyMotion& m = sights.motion();
  const double r = history_.reduction(), n = static_cast<double>(SteadyMotion::frames) / 2;
  // Places of sights are the corner of the samples that they begin with.
  const double x = m.x_at(n) - window.width / 2. + box.x,
               y = m.y_at(n) - window.height / 2. + box.y;
  return Box{static_cast<int>(std::lround(r * x)), static_cast<int>(std::lround(r * y)),
             static_cast<int>(r) * box.width, static_cast<int>(r) * box.height}
      .intersect({0, 0, picture_.width, picture_.height});
}

MovingMark MovingMarkFinder::judged(const MarkSights& sights, const Way& way) const {
  const SteadyMotion& motion = sights.motion();
  MovingMark mark;
  mark.seconds = seconds_[motion.first + SteadyMotion::frames / 2];
  Candidate& c = mark.candidate;
  double left = 1e9, right = -1e9, top = 1e9, bottom = -1e9;
  std::size_t outside = 0;
  for (const MarkSights::Seen& s : way.seen) {
    left = std::min(left, s.sight.x), right = std::max(right, s.sight.x);
    top = std::min(top, s.sight.y), bottom = std::max(bottom, s.sight.y);
    outside += s.first < motion.first || s.first >= motion.first + SteadyMotion::frames;
  }
  const double share =
      way.groups ? static_cast<double>(way.seen.size()) / static_cast<double>(way.groups) : 0;
  const double speed = history_.reduction() * std::hypot(motion.vx, motion.vy);
  c.reason = fmt::format(
      "It moves {:.1f} samples a frame and keeps its shape ({:.2f}); so it goes on in {:.0f} % of "
      "the frames looked at{}.",
      speed, way.seen.empty() ? motion.alike : way.alike, 100 * share,
      way.turns ? ", and turns back" : "");
  c.detection.score = way.turns ? proven_score : unsure_score;
  c.accepted = true;
  const auto refuse = [&](const std::string& why) {
    if (!c.accepted) return;
    c.accepted = false;
    c.detection.score = std::min(c.detection.score, share);
    c.reason += why;
  };
  if (share < least_share || outside < least_outside)
    refuse(" But a mark is there in more of them: it is the scene's.");
  else if (way.alike < mean_alike)
    refuse(" But it changes its shape.");
  else if (std::hypot(right - left, bottom - top) < (way.turns ? least_travel : straight_travel))
    refuse(" But it does not come far.");
  else if (!way.turns && (share < straight_share || way.alike < straight_alike))
    refuse(" But it does not turn back, and that alone is too little.");
  else if (motion.with_it > most_with_it || (!way.turns && motion.elsewhere > most_elsewhere))
    refuse(" But other places move with it: it is the scene's.");
  if (c.accepted) {
    c.detection.box = box_of(sights, way);
  } else {
    const double r = history_.reduction();
    c.detection.box =
        Box{static_cast<int>(r * (motion.x - SteadyMotion::width / 2.)),
            static_cast<int>(r * (motion.y - SteadyMotion::height / 2.)),
            static_cast<int>(r) * SteadyMotion::width, static_cast<int>(r) * SteadyMotion::height}
            .intersect({0, 0, picture_.width, picture_.height});
  }
  return mark;
}

std::vector<MovingMark> MovingMarkFinder::find() const {
  constexpr std::size_t followed = 3, told = 2;
  std::vector<MovingMark> marks;
  for (const Run& stretch : stretches()) {
    std::vector<SteadyMotion> known;
    for (const SteadyMotion& motion : steady_motions(history_, stretch.from)) {
      if (motion.alike < stretch_alike || motion.least < stretch_least) continue;
      const bool again = std::any_of(known.begin(), known.end(), [&](const SteadyMotion& o) {
        return std::hypot(o.x - motion.x, o.y - motion.y) < 20 &&
               std::hypot(o.vx - motion.vx, o.vy - motion.vy) < .2;
      });
      if (again) continue;
      if (known.size() == followed) break;
      known.push_back(motion);
      const MarkSights sights(history_, motion);
      marks.push_back(judged(sights, way_of(sights)));
      if (marks.back().candidate.accepted &&
          marks.back().candidate.detection.score >= proven_score) {
        std::swap(marks.front(), marks.back());
        break;
      }
    }
    if (!marks.empty() && marks.front().candidate.accepted &&
        marks.front().candidate.detection.score >= proven_score)
      break;
  }
  std::stable_sort(marks.begin(), marks.end(), [](const MovingMark& a, const MovingMark& b) {
    const auto rank = [](const MovingMark& m) {
      return m.candidate.accepted + m.candidate.detection.score;
    };
    return rank(a) > rank(b);
  });
  if (marks.size() > told) marks.resize(told);
  // What was seen to turn back is that mark; of others the likeliest.
  for (std::size_t k = 1; k < marks.size(); ++k)
    if (marks[k].candidate.accepted) {
      marks[k].candidate.accepted = false;
      marks[k].candidate.reason += " But another is likelier.";
    }
  return marks;
}

}  // namespace cleanplate
