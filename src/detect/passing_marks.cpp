#include "detect/passing_marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "detect/network_candidates.h"
#include "detect/place_visits.h"
#include "detect/static_candidates.h"

namespace cleanplate {

namespace {

constexpr double same_pattern = .65;       // correlation of two places' edges
constexpr double surely_same = .85;        // the same, seen in some of the frames only
constexpr std::size_t strong_edges = 120;  // of a place where something pops more than once
constexpr double shared_time = .1;         // of the frames of two places of one mark
constexpr double swapped = .35;            // the same where the one goes as the other comes
constexpr double swapped_same_size = -.3;  // their scenes differ, and are in the patterns
constexpr double least_seconds = .6;       // with it, and without it
constexpr double least_steady = .9;        // share of frames that are wholly with or without it
constexpr double least_alike = .45;        // of a place's frames with its pattern
constexpr double keeps_better = .2;        // likeness, of which the guess is surely wrong
constexpr double needed = 2;               // points, see points_of
constexpr double sure_steady = .96;        // what is seen to come or go once only
constexpr std::size_t sure_edges = 120;    // and its edges; un-blending must then prove it
constexpr double sure_pure = .55;          // while hardly anything else changes there
constexpr double pure_alone = .78;         // the same, if all that it does is come and go
constexpr double nearly_pure = .75;        // what pops once and is worth another look
constexpr std::size_t some_edges = 60;     // and its edges
constexpr std::int64_t scene_too = 8;      // times what surely holds a mark
constexpr double proven_score = .9, unsure_score = .5;

/// The strongest correlation of two places' edges, boxes laid on each other but for a small shift;
/// below 0: what the one adds, the other takes away.
double alike_elsewhere(const PassingPlace& a, const PassingPlace& b) {
  constexpr int reach = 6;
  double best = 0;
  const int sx = b.box.width - a.box.width, sy = b.box.height - a.box.height;
  for (int dy = std::min(0, sy) - reach; dy <= std::max(0, sy) + reach; ++dy)
    for (int dx = std::min(0, sx) - reach; dx <= std::max(0, sx) + reach; ++dx)
      if (const double here = pattern_alike(a, b, a.box.x - b.box.x - dx, a.box.y - b.box.y - dy);
          std::fabs(here) > std::fabs(best))
        best = here;
  return best;
}

struct Found {
  const PlaceProbe* probe;
  Box box;  // on the reduced grid
  Visits visits, inverted;
  int way = 1;  // −1: its pattern is what the mark hides
  int identity = 0;
  int sign = 1;            // of its pattern against the identity's first
  bool elsewhere = false;  // the same pattern is at another place
};

double points_of(const Found& f) {
  return std::min(3, f.visits.pops) + (f.elsewhere ? 1.5 : 0) + (f.visits.cuts > 0 ? 1.5 : 0);
}

/// Frames of both visits over frames of either.
double together(const Visits& a, const Visits& b) {
  double both = 0, all = 0;
  for (const Visit& v : a.visits) {
    all += static_cast<double>(v.last - v.first + 1);
    for (const Visit& u : b.visits)
      if (u.first <= v.last && v.first <= u.last)
        both += static_cast<double>(std::min(u.last, v.last) - std::max(u.first, v.first) + 1);
  }
  for (const Visit& u : b.visits) all += static_cast<double>(u.last - u.first + 1);
  return both / (all - both);
}

bool steady(const Visits& v, std::size_t all, double rate) {
  const auto least = static_cast<std::size_t>(least_seconds * rate);
  return v.frames >= least && v.frames + least <= all && v.alike >= least_alike &&
         v.steady >= least_steady;
}

/// The other of its two states has the mark.
void turn(Found& f) {
  std::swap(f.visits, f.inverted);
  f.way = -f.way;
}

/// Of one mark seen twice, what the worse sight has beside the better one's box is the scene's.
bool worse_sight(const Found& part, const Found& of) {
  const auto edges = [](const Found& f) { return f.probe->place().edges.size(); };
  const std::int64_t least = std::min(part.box.area(), of.box.area());
  return 2 * part.box.intersect(of.box).area() > least && edges(part) < edges(of);
}

/// Parts that come and go together are one, the strongest speaks for it; of two patterns at one
/// place at one time the stronger. One that is there just when another is away may be another line
/// of text.
void join(std::vector<Found>& found, Found part) {
  for (Found& f : found) {
    const int height = std::min(f.box.height, part.box.height), near = std::max(6, height / 2);
    const double at_once = together(f.visits, part.visits);
    const bool one = std::max(at_once, together(f.visits, part.inverted)) > .8;
    const bool touch = !f.box.grown(near).intersect(part.box).empty() ||
                       (one && in_a_row(f.box, part.box, 3 * height / 2));
    const bool over = !f.box.intersect(part.box).empty();
    if (touch && one) {
      if (!worse_sight(part, f)) f.box = f.box.unite(part.box);
      return;
    }
    if (over && at_once > .3) return;
  }
  found.push_back(std::move(part));
}

/// Frames that two places of one overlay share.
double overlap(const std::vector<Found>& found, int identity, bool inverted) {
  double sum = 0;
  const auto visits = [&](const Found& f) -> const Visits& {
    return (f.sign < 0) != inverted ? f.inverted : f.visits;
  };
  for (std::size_t i = 0; i < found.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (found[i].identity == identity && found[k].identity == identity)
        sum += together(visits(found[i]), visits(found[k]));
  return sum;
}

/// 1: one goes as the other comes; -1: both come or both go at once; 0: neither.
int swaps(const Visits& a, const Visits& b, std::size_t frames) {
  const auto near = [&](std::size_t n, std::size_t m) {
    return n > 1 && n + 1 < frames && n + 1 >= m && m + 1 >= n;
  };
  int together = 0;
  for (const Visit& u : a.visits)
    for (const Visit& v : b.visits) {
      if (near(u.first, v.last + 1) || near(v.first, u.last + 1)) return 1;
      if (near(u.first, v.first) || near(u.last + 1, v.last + 1)) together = -1;
    }
  return together;
}

bool same_size(const Box& a, const Box& b) {
  const auto near = [](int m, int n) { return std::abs(m - n) <= 2 + std::max(m, n) / 10; };
  return near(a.width, b.width) && near(a.height, b.height);
}

/// The sign of their likeness where two places show the same pattern, else 0.
int same_mark(const Found& f, const Found& g, std::size_t frames) {
  const PassingPlace &a = f.probe->place(), &b = g.probe->place();
  const auto [less, more] = std::minmax({a.box.area(), b.box.area()});
  if (!a.box.intersect(b.box).empty() || more > 2 * less) return 0;
  const double alike = f.way * g.way * alike_elsewhere(a, b);
  // At one place at a time, whichever way round the two are seen.
  const auto apart = [&](int sign) {
    return sign > 0 ? std::min(together(f.visits, g.visits), together(f.inverted, g.inverted)) <
                          shared_time
                    : std::min(together(f.visits, g.inverted), together(f.inverted, g.visits)) <
                          shared_time;
  };
  const int sign = alike > 0 ? 1 : -1;
  if (std::fabs(alike) > same_pattern && apart(sign)) return sign;
  const int swap = swaps(f.visits, g.visits, frames);
  if (swap != 0 && swap * alike > (same_size(a.box, b.box) ? swapped_same_size : swapped) &&
      apart(swap))
    return swap;
  return 0;
}

/// Places with the same pattern are one overlay's, which is at one place at a time: that tells
/// whether the pattern is the mark's or that of the scene that it hides.
void identify(std::vector<Found>& found, std::size_t frames) {
  for (std::size_t i = 0; i < found.size(); ++i) found[i].identity = static_cast<int>(i);
  for (std::size_t i = 0; i < found.size(); ++i)
    for (std::size_t k = 0; k < i; ++k) {
      Found &f = found[i], &g = found[k];
      if (f.identity == g.identity) continue;
      const int alike = same_mark(f, g, frames);
      if (alike == 0) continue;
      f.elsewhere = g.elsewhere = true;
      const int sign = f.sign * g.sign * alike, old = f.identity;
      for (Found& each : found)
        if (each.identity == old) each.identity = g.identity, each.sign *= sign;
    }
  for (std::size_t i = 0; i < found.size(); ++i) {
    const int id = found[i].identity;
    if (id != static_cast<int>(i)) continue;
    const bool invert = overlap(found, id, true) < overlap(found, id, false);
    for (Found& f : found)
      if (f.identity == id && (f.sign < 0) != invert) std::swap(f.visits, f.inverted);
  }
}

/// Each place is judged in the plane in which it most clearly comes and goes, and is the most
/// steadily there or gone.
std::vector<Found> found_places(const std::vector<PlaceProbe>& probes, const Scenes& scenes,
                                double rate) {
  const std::size_t frames = scenes.cut.size();
  std::vector<Found> found;
  for (const PlaceProbe& probe : probes) {
    std::optional<Found> best;
    for (std::size_t plane = 0; plane < planes; ++plane) {
      if (!probe.shows(plane)) continue;
      Found f{&probe, probe.place().box, visits_of(probe.frames(plane), scenes),
              visits_of(probe.inverted(plane), scenes)};
      // Which of the two states has the mark is a guess; the one that keeps its looks has it.
      if (!steady(f.visits, frames, rate) ||
          (steady(f.inverted, frames, rate) && f.inverted.alike > f.visits.alike + keeps_better))
        turn(f);
      const auto clear = [](const Found& g) { return std::pair(points_of(g), g.visits.steady); };
      if (steady(f.visits, frames, rate) && (!best || clear(f) > clear(*best))) best = std::move(f);
    }
    if (best) join(found, *std::move(best));
  }
  for (std::size_t before = 0; before != found.size();) {  // parts between two join them
    before = found.size();
    for (Found& f : std::exchange(found, {})) join(found, std::move(f));
  }
  identify(found, frames);
  std::erase_if(found, [&](const Found& f) { return !steady(f.visits, frames, rate); });
  return found;
}

/// Seen to come or go once only, but so clearly that it is worth a look at what is behind it.
bool clear_once(const Found& f) {
  const PassingPlace& place = f.probe->place();
  return points_of(f) >= 1 && f.visits.steady > sure_steady && place.edges.size() > sure_edges &&
         place.pure > sure_pure;
}

/// Whether it is another line of a text that surely comes and goes: it pops at the same place at
/// another time. Two that pop once each speak for each other where they are as high and begin or
/// lie alike.
bool another_line(const Found& f, const std::vector<Found>& found) {
  const auto as_high = [](const Box& a, const Box& b) {
    const int shared = std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y);
    return 4 * shared > 3 * std::max(a.height, b.height);
  };
  return f.visits.pops > 0 && f.visits.steady > sure_steady &&
         std::any_of(found.begin(), found.end(), [&](const Found& g) {
           return &g != &f && together(f.visits, g.visits) < shared_time &&
                  in_a_row(f.box, g.box, 0) &&
                  (points_of(g) >= needed ||
                   (clear_once(f) && clear_once(g) && as_high(f.box, g.box)));
         });
}

std::vector<Stay> stays_of(const std::vector<Visit>& visits, const std::vector<double>& seconds) {
  std::vector<Stay> stays;
  for (const Visit& v : visits) {
    Stay stay;
    stay.when.from = v.first == 0 ? -1e300 : (seconds[v.first - 1] + seconds[v.first]) / 2;
    if (v.last + 1 < seconds.size()) stay.when.to = (seconds[v.last] + seconds[v.last + 1]) / 2;
    stays.push_back(stay);
  }
  return stays;
}

}  // namespace

bool in_a_row(const Box& a, const Box& b, int apart) {
  const int shared = std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y);
  return 2 * shared > std::min(a.height, b.height) && a.x < b.right() + apart &&
         b.x < a.right() + apart;
}

std::vector<PassingMark> passing_marks(const std::vector<PlaceProbe>& probes,
                                       const std::vector<double>& seconds, const SceneCuts& cuts,
                                       int reduction, Size picture) {
  std::vector<PassingMark> marks;
  const double rate = seconds.size() > 1 ? static_cast<double>(seconds.size() - 1) /
                                               (seconds.back() - seconds.front())
                                         : 25;
  const std::vector<Found> found = found_places(probes, Scenes(cuts), rate);
  for (const Found& f : found) {
    PassingMark mark;
    const Box box = f.box.grown(2);
    Detection& d = mark.candidate.detection;
    d.box = Box{box.x * reduction, box.y * reduction, box.width * reduction, box.height * reduction}
                .intersect({0, 0, picture.width, picture.height});
    const bool line = another_line(f, found);
    const double points = points_of(f) + (line ? 1.5 : 0);
    // A shadow on a still scene comes and goes at once too, but changes more than its place.
    const bool alone = !line && !f.elsewhere && f.visits.cuts == 0;
    const bool proven = points >= needed && (!alone || f.probe->place().pure > pure_alone);
    d.score = proven ? proven_score : unsure_score;
    mark.candidate.accepted = proven || clear_once(f);
    mark.candidate.reason =
        fmt::format("It is there in {} of {} frames and comes or goes at once {} times{}{}{}.",
                    f.visits.frames, seconds.size(), f.visits.pops,
                    f.elsewhere ? "; the same is at another place at another time" : "",
                    f.visits.cuts > 0 ? "; it stays over a cut" : "",
                    line ? "; something else is there at another time" : "");
    mark.stays = stays_of(f.visits.visits, seconds);
    mark.identity = f.identity;
    marks.push_back(std::move(mark));
  }
  return marks;
}

void take_over(std::vector<Candidate>& staying, std::vector<PassingMark>& marks) {
  std::map<PassingMark*, Box> surely;  // within each
  for (Candidate& c : staying) {
    if (!c.accepted) continue;
    const Box& box = c.detection.box;
    std::vector<PassingMark*> there;
    std::int64_t covered = 0;
    for (PassingMark& mark : marks) {
      const Box& other = mark.candidate.detection.box;
      if (!mark.candidate.accepted || shared(box, other) < .5) continue;
      there.push_back(&mark);
      covered += box.intersect(other).area();
    }
    if (there.empty()) continue;
    const bool part = surely_found(c) && 2 * covered < box.area();
    for (PassingMark* mark : there) {
      Candidate& passing = mark->candidate;
      if (part) {
        passing.accepted = false;
        passing.reason += " But it is a changing part of a mark that stays.";
      } else {
        passing.detection.score = std::max(passing.detection.score, c.detection.score);
        if (surely_found(c)) surely[mark] = surely[mark].unite(box);
      }
    }
    if (part) continue;
    c.accepted = false;
    c.reason += " But it comes and goes.";
  }
  for (const auto& [mark, sure] : surely) {
    Box& box = mark->candidate.detection.box;
    if (scene_too * sure.area() < box.area()) box = sure.grown(sure.height).intersect(box);
  }
}

bool comes_again(const std::vector<PassingPlace>& places) {
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i].pops > 1 && places[i].edges.size() > strong_edges) return true;
    for (std::size_t k = 0; k < i; ++k)
      if (same_size(places[i].box, places[k].box) &&
          places[i].box.intersect(places[k].box).empty() &&
          alike_elsewhere(places[i], places[k]) > surely_same)
        return true;
  }
  return false;
}

bool worth_another_look(const std::vector<PassingPlace>& places) {
  return comes_again(places) ||
         std::any_of(places.begin(), places.end(), [](const PassingPlace& place) {
           return place.edges.size() >= some_edges && place.pure > nearly_pure;
         });
}

}  // namespace cleanplate
