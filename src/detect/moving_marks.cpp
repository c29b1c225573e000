#include "detect/moving_marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "detect/components.h"

namespace cleanplate {

namespace {

constexpr double stretch_alike = .5, stretch_least = .3;  // of what is worth following
constexpr double group_alike = .5, mean_alike = .6;       // of where it is seen again
constexpr double least_share = .6;                        // of the clip
constexpr double straight_share = .4;                     // the same of what never turns
constexpr std::size_t least_outside = 4;  // groups that the stretch has not shown already
constexpr double least_travel = 25;       // samples of the grid
constexpr double turning_speed = .25;     // samples a frame: slower, and a turn proves little
constexpr double most_with_it = .45;      // likeness of the picture's other places
constexpr double proven_score = .9, unsure_score = .5;
constexpr double rigid_alike = .8, rigid_share = .95;  // of what goes straight on all through,
constexpr double rigid_speed = 1.3;                    // and against the least

/// Luma samples per sample of the grid.
int reduction_for(Size picture, const Pace& pace) {
  return std::max(1, (std::max(picture.width, picture.height) + pace.columns / 2) / pace.columns);
}

/// The box of the part that has most of a map's power, of samples above `least`, and of what else
/// is no speck and no farther from it than half its size: a digit and the panel that it is on.
Box strongest(const Field& power, float least) {
  constexpr int gap = 2;
  Field map(power.width, power.height);
  for (std::size_t i = 0; i < map.size(); ++i) map.values[i] = power.values[i] > least ? 1.f : 0.f;
  constexpr std::size_t some = 20;  // of the part's samples to one of what joins it
  Box box;
  double most = 0;
  std::size_t size = 0;
  const std::vector<Component> parts = components(map, gap);
  for (const Component& c : parts) {
    double sum = 0;
    for (const std::size_t i : c.samples) sum += static_cast<double>(power.values[i]);
    if (sum > most) most = sum, box = c.box, size = c.samples.size();
  }
  const Box near = box.grown(std::max(box.width, box.height) / 2);
  for (const Component& c : parts)
    if (some * c.samples.size() > size && near.contains(c.box.x, c.box.y) &&
        near.contains(c.box.right() - 1, c.box.bottom() - 1))
      box = box.unite(c.box);
  return box;
}

}  // namespace

Pace adrift(double seconds) {
  constexpr double usual = .1;
  const double step = seconds / static_cast<double>(SteadyMotion::frames + 2);
  return {320, std::clamp(step, at_speed.step, usual), true, 8.5, .18, 8.5, .6, 0, 2, 144};
}

MovingMarkFinder::MovingMarkFinder(Size picture, const Pace& pace)
    : picture_(picture),
      pace_(pace),
      histories_{EdgeHistory(picture, reduction_for(picture, pace), EdgesOf::luma),
                 EdgeHistory(picture, reduction_for(picture, pace), EdgesOf::any_plane)},
      runs_{{0, 0}} {
  const Size grid = histories_[0].grid();
  pace_.speed *= static_cast<double>(std::max(grid.width, grid.height)) / pace.columns;
}

void MovingMarkFinder::add(const Frame& frame, double seconds) {
  Run& run = runs_.back();
  if (frames() == pace_.frames) return;
  const bool first = run.to == run.from;
  if (!first && seconds < due_) return;
  due_ = (pace_.by_clock && !first ? due_ : seconds) + pace_.step;
  EdgeHistory::add(frame, histories_);
  seconds_.push_back(seconds);
  run.to = frames();
}

void MovingMarkFinder::restart() {
  if (runs_.back().to > runs_.back().from) runs_.push_back({frames(), frames()});
}

/// Some, spread over all frames.
std::vector<MovingMarkFinder::Run> MovingMarkFinder::stretches() const {
  std::vector<Run> all, out;
  for (const Run& run : runs_)
    for (std::size_t n = run.from; n + SteadyMotion::frames <= run.to; n += SteadyMotion::frames)
      all.push_back({n, n + SteadyMotion::frames});
  const std::size_t count = std::min(pace_.stretches, all.size());
  for (std::size_t k = 0; k < count; ++k) out.push_back(all[k * all.size() / count]);
  return out;
}

/// A group of frames, and what was seen in it.
struct MovingMarkFinder::Place {
  std::size_t run = 0;
  MarkSights::Seen seen;
  bool outside = false;  ///< of the stretch in which it was found
  bool looked = false;
  std::size_t chain = none;  ///< the first of those that it follows from, or none
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
};

/// Groups are laid so that the stretch is four whole ones.
std::vector<MovingMarkFinder::Place> MovingMarkFinder::places(const SteadyMotion& motion) const {
  std::vector<Place> out;
  for (std::size_t r = 0; r < runs_.size(); ++r) {
    const Run& run = runs_[r];
    const bool own = motion.first >= run.from && motion.first < run.to;
    std::size_t n = run.from + (own ? (motion.first - run.from) % MarkSights::group : 0);
    for (; n + MarkSights::group <= run.to; n += MarkSights::group)
      out.push_back({r,
                     {n, run.from, run.to, {}},
                     n < motion.first || n >= motion.first + SteadyMotion::frames});
  }
  return out;
}

/// Joins what follows from the one before, or from the one before that.
void MovingMarkFinder::chain(const MarkSights& sights, std::vector<Place>& places) {
  const auto there = [](const Place& p) { return p.looked && p.seen.sight.alike >= group_alike; };
  for (std::size_t k = 0; k < places.size(); ++k) {
    places[k].chain = there(places[k]) ? k : Place::none;
    if (!there(places[k])) continue;
    for (std::size_t back = 1; back <= std::min<std::size_t>(2, k); ++back) {
      const Place& before = places[k - back];
      if (before.run != places[k].run || !there(before) ||
          !sights.follows(before.seen.sight, places[k].seen.sight, static_cast<int>(back)))
        continue;
      places[k].chain = before.chain;
      break;
    }
  }
}

/// Looks for it in all frames, nearest first, and gives up where it is not seen to go on.
MovingMarkFinder::Way MovingMarkFinder::way_of(const MarkSights& sights) const {
  constexpr std::size_t enough = 4;  // groups after which a thing of the scene is known
  constexpr std::size_t least_chain = 3;
  const SteadyMotion& motion = sights.motion();
  std::vector<Place> all = places(motion);
  std::vector<std::size_t> order(all.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  const auto distance = [&](std::size_t k) {
    const std::size_t n = all[k].seen.first;
    return n < motion.first ? motion.first - n : n - motion.first;
  };
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return distance(a) < distance(b); });
  const auto length = [&](std::size_t k) {
    return all[k].chain == Place::none ? 0
                                       : std::count_if(all.begin(), all.end(), [&](const Place& p) {
                                           return p.chain == all[k].chain;
                                         });
  };
  std::size_t outside = 0;
  for (const std::size_t k : order) {
    Place& p = all[k];
    p.seen.sight = sights.look(p.seen.first, p.seen.from, p.seen.to);
    p.looked = true;
    outside += p.outside;
    if (!p.outside || outside != enough) continue;
    chain(sights, all);
    std::size_t on = 0;
    for (std::size_t i = 0; i < all.size(); ++i) on += all[i].outside && length(i) > 1;
    if (2 * on < enough) break;
  }
  chain(sights, all);
  Way way;
  way.groups = all.size();
  std::size_t back_x = 0, back_y = 0;  // in a row
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (length(k) < static_cast<std::ptrdiff_t>(least_chain)) {
      back_x = back_y = 0;
      continue;
    }
    const MarkSight& s = all[k].seen.sight;
    way.seen.push_back(all[k].seen);
    way.alike += s.alike;
    const bool on = k > 0 && all[k - 1].chain == all[k].chain;
    back_x = s.back_x && std::fabs(motion.vx) >= turning_speed ? (on ? back_x : 0) + 1 : 0;
    back_y = s.back_y && std::fabs(motion.vy) >= turning_speed ? (on ? back_y : 0) + 1 : 0;
    way.turns = way.turns || std::max(back_x, back_y) >= least_chain;
  }
  if (!way.seen.empty()) way.alike /= static_cast<double>(way.seen.size());
  return way;
}

/// The samples round the patch whose edges add up along the way, in luma samples of the picture in
/// the middle of the stretch.
/// @param[out] reach  luma samples that fainter edges go on beside it.
Box MovingMarkFinder::box_of(const MarkSights& sights, const Way& way, int& reach) const {
  constexpr std::size_t most = 16;           // groups
  constexpr float clear = .2f, faint = .1f;  // of the patch's strong edges
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
  const float usual = quantile(std::move(inside), .9);
  Box box = strongest(power, clear * usual);
  if (box.empty()) return box;
  const Box all = strongest(power, faint * usual);
  reach = std::max(
      {box.x - all.x, box.y - all.y, all.right() - box.right(), all.bottom() - box.bottom(), 1});
  reach = histories_[0].reduction() * std::min(reach, std::max(box.width, box.height) / 2);
  box = box.grown(1);
  const SteadyMotion& m = sights.motion();
  const double r = histories_[0].reduction(), n = static_cast<double>(SteadyMotion::frames) / 2;
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
  const double speed = std::hypot(motion.vx, motion.vy);
  c.reason = fmt::format("It moves {:.1f} samples a frame and keeps its shape ({:.2f})",
                         histories_[0].reduction() * speed, motion.alike);
  if (way.groups > 0)
    c.reason += fmt::format("; so it goes on in {:.0f} % of the frames looked at ({:.2f}){}",
                            100 * share, way.alike, way.turns ? ", and turns back" : "");
  c.reason += '.';
  const bool rigid =
      way.alike > rigid_alike && share > rigid_share && speed > rigid_speed * pace_.speed;
  c.detection.score = way.turns ? proven_score : rigid ? rigid_score : unsure_score;
  mark.likely = share * way.alike;
  const double travel = std::hypot(right - left, bottom - top);
  const char* but = nullptr;
  if (speed < pace_.speed)
    but = " But that is too slow to be told from the scene.";
  else if (share < (way.turns ? least_share : straight_share) ||
           outside < (way.turns ? least_outside : pace_.outside))
    but = " But a mark is there in more of them: it is the scene's.";
  else if (way.alike < mean_alike)
    but = " But it changes its shape.";
  else if (travel < (way.turns ? least_travel : pace_.travel))
    but = " But it does not come far.";
  else if (!way.turns && way.alike < pace_.alike)
    but = " But it does not turn back, and that alone is too little.";
  else if (motion.with_it > most_with_it)
    but = " But other places move with it: it is the scene's.";
  else if (c.detection.box = box_of(sights, way, mark.reach); c.detection.box.empty())
    but = " But its edges do not add up.";
  c.accepted = !but;
  const double r = histories_[0].reduction();
  if (c.accepted) {
    // In the frame after the middle of each group, as the told one is that of its stretch.
    constexpr std::size_t middle = MarkSights::group / 2;
    const double n = static_cast<double>(SteadyMotion::frames) / 2;
    for (const MarkSights::Seen& s : way.seen)
      mark.sights.push_back({seconds_[s.first + middle],
                             c.detection.box.x + r * (s.sight.x - motion.x_at(n) +
                                                      (s.sight.back_x ? -.5 : .5) * motion.vx),
                             c.detection.box.y + r * (s.sight.y - motion.y_at(n) +
                                                      (s.sight.back_y ? -.5 : .5) * motion.vy)});
    return mark;
  }
  c.reason += but;
  c.detection.score = std::min(c.detection.score, share);
  c.detection.box =
      Box{static_cast<int>(r * (motion.x - SteadyMotion::width / 2.)),
          static_cast<int>(r * (motion.y - SteadyMotion::height / 2.)),
          static_cast<int>(r) * SteadyMotion::width, static_cast<int>(r) * SteadyMotion::height}
          .intersect({0, 0, picture_.width, picture_.height});
  return mark;
}

/// Follows what moves steadily in a stretch. @return whether a mark was found that turns back.
bool MovingMarkFinder::look(const EdgeHistory& history, std::size_t stretch,
                            std::vector<MovingMark>& marks, const CancelToken& cancel) const {
  constexpr std::size_t followed = 3;
  constexpr double same_place = 20, same_speed = .2;
  std::vector<SteadyMotion> known;
  for (const SteadyMotion& motion : steady_motions(history, stretch, pace_.way)) {
    if (cancel.cancelled() || known.size() == followed) break;
    if (motion.alike < stretch_alike || motion.least < stretch_least) continue;
    const bool again = std::any_of(known.begin(), known.end(), [&](const SteadyMotion& o) {
      return std::hypot(o.x - motion.x, o.y - motion.y) < same_place &&
             std::hypot(o.vx - motion.vx, o.vy - motion.vy) < same_speed;
    });
    if (again) continue;
    known.push_back(motion);
    const MarkSights sights(history, motion);
    const bool slow = std::hypot(motion.vx, motion.vy) < pace_.speed;
    marks.push_back(judged(sights, slow ? Way{} : way_of(sights)));
    const Candidate& c = marks.back().candidate;
    if (c.accepted && c.detection.score >= proven_score) return true;
  }
  return false;
}

std::vector<MovingMark> MovingMarkFinder::find(const CancelToken& cancel) const {
  constexpr std::size_t told = 2;
  std::vector<MovingMark> marks;
  const auto accepted = [](const MovingMark& m) { return m.candidate.accepted; };
  for (const EdgeHistory& history : histories_) {
    for (const Run& stretch : stretches())
      if (cancel.cancelled() || look(history, stretch.from, marks, cancel)) break;
    if (std::any_of(marks.begin(), marks.end(), accepted)) break;
  }
  if (cancel.cancelled()) return {};
  std::stable_sort(marks.begin(), marks.end(), [](const MovingMark& a, const MovingMark& b) {
    const auto rank = [](const MovingMark& m) {
      return (m.candidate.accepted ? 2 : 0) + m.candidate.detection.score + m.likely;
    };
    return rank(a) > rank(b);
  });
  if (marks.size() > told) marks.resize(told);
  for (std::size_t k = 1; k < marks.size(); ++k)
    if (marks[k].candidate.accepted) {
      marks[k].candidate.accepted = false;
      marks[k].candidate.reason += " But another is likelier.";
    }
  return marks;
}

}  // namespace cleanplate
