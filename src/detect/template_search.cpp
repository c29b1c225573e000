#include "detect/template_search.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "frame/logo_place.h"

namespace cleanplate {

namespace {

constexpr int coarse_side = 18, middle_side = 60, fine_side = 400;  // samples of the longer side
constexpr double step = 1.06;                                       // from scale to scale
constexpr double least_width = .025, most_width = .7;               // of the picture's
constexpr int least_side = 12, least_thickness = 8;                 // luma samples
constexpr std::size_t kept_a_scale = 4, kept = 12;
constexpr double sure_fit = .4;  // at its own size: no other is tried
constexpr double sure_by_luma = .25;
constexpr int slack = 8;  // luma samples that it may reach out of a told place

/// The gradients of αW and of α, made orthogonal and of unit length; the second may be empty.
struct Pattern {
  int width = 0, height = 0;
  std::array<std::array<Field, 2>, 2> basis;  // [which][x or y]
  int count = 0;
};

double dot(const std::array<Field, 2>& a, const std::array<Field, 2>& b) {
  double sum = 0;
  for (std::size_t k = 0; k < 2; ++k)
    for (std::size_t i = 0; i < a[k].size(); ++i)
      sum += static_cast<double>(a[k].values[i]) * static_cast<double>(b[k].values[i]);
  return sum;
}

void scale(std::array<Field, 2>& a, double by) {
  for (Field& f : a)
    for (float& v : f.values) v *= static_cast<float>(by);
}

std::array<Field, 2> gradients(const Field& f) {
  std::array<Field, 2> out{Field(f.width, f.height), Field(f.width, f.height)};
  for (int y = 1; y < f.height; ++y)
    for (int x = 1; x < f.width; ++x) {
      out[0].at(x, y) = f.at(x, y) - f.at(x - 1, y);
      out[1].at(x, y) = f.at(x, y) - f.at(x, y - 1);
    }
  return out;
}

constexpr int border = 2;  // samples of a pattern round the master

/// Grey all over, its chroma would only add what chance explains.
bool has_colour(const Logo& logo) {
  for (std::size_t i = 0; i < logo.alpha[0].size(); ++i) {
    if (logo.alpha[0][i] < .1f) continue;
    const float a = logo.colour[0][i], b = logo.colour[1][i], c = logo.colour[2][i];
    const float away = logo.rgb ? std::max({a, b, c}) - std::min({a, b, c})
                                : 2 * std::max(std::abs(b), std::abs(c));
    if (away > .15f) return true;
  }
  return false;
}

/// One component's. @param matte  on the grid of a small picture.
Pattern pattern_of(const Matte& matte, Size picture) {
  Pattern out;
  Field alpha(picture.width, picture.height), paint = alpha;
  for (int y = 0; y < matte.box.height; ++y)
    for (int x = 0; x < matte.box.width; ++x) {
      const auto i = static_cast<std::size_t>(y * matte.box.width + x);
      alpha.at(x + matte.box.x, y + matte.box.y) = matte.alpha[i];
      paint.at(x + matte.box.x, y + matte.box.y) = matte.alpha[i] * (matte.colour[i] - 128) / 128;
    }
  out.width = alpha.width, out.height = alpha.height;
  out.basis = {gradients(alpha), gradients(paint)};
  const double power = dot(out.basis[0], out.basis[0]);
  if (power < 1e-9) return out;
  scale(out.basis[0], 1 / std::sqrt(power));
  out.count = 1;
  const double before = dot(out.basis[1], out.basis[1]);
  const double common = dot(out.basis[0], out.basis[1]);
  for (std::size_t k = 0; k < 2; ++k)
    for (std::size_t i = 0; i < out.basis[1][k].size(); ++i)
      out.basis[1][k].values[i] -= static_cast<float>(common) * out.basis[0][k].values[i];
  const double rest = dot(out.basis[1], out.basis[1]);
  if (rest > .02 * before && rest > 1e-9) {
    scale(out.basis[1], 1 / std::sqrt(rest));
    out.count = 2;
  }
  return out;
}

/// @param place  on the level's grid, its whole part left out.
/// @return one a component; none where nothing of the master is left.
std::vector<Pattern> patterns_of(const Logo& logo, LogoPlace place, const VideoInfo& video,
                                 int components) {
  std::vector<Pattern> out;
  VideoInfo small = video;
  small.format = {components == 1 ? Layout::grey : Layout::yuv444, 8};
  place.x += border, place.y += border;
  const double w = place.scale_x * logo.size.width, h = place.scale_y * logo.size.height;
  small.size = {static_cast<int>(std::ceil(place.x + w)) + border,
                static_cast<int>(std::ceil(place.y + h)) + border};
  const int rows = video.size.height;  // what an untold matrix is judged by
  if (small.colour.matrix == 2) small.colour.matrix = rows > 576 ? 1 : 6;
  const auto model = place_logo(logo, place, small, border + 1);
  if (!model) return out;
  for (int c = 0; c < components; ++c)
    out.push_back(pattern_of(model->mattes[static_cast<std::size_t>(c)], small.size));
  if (out[0].count == 0) out.clear();
  return out;
}

/// Correlations of one pattern at every place of a level.
Field correlated(const std::array<Field, 2>& pattern, const TemplateLevel& level) {
  const Field* picture[2] = {&level.along_x, &level.along_y};
  const int w = level.along_x.width - pattern[0].width + 1,
            h = level.along_x.height - pattern[0].height + 1;
  Field out(std::max(0, w), std::max(0, h));
  if (w <= 0 || h <= 0) return out;
  float strongest = 0;
  for (const Field& f : pattern)
    for (const float v : f.values) strongest = std::max(strongest, std::abs(v));
  for (std::size_t k = 0; k < 2; ++k)
    for (int ty = 0; ty < pattern[k].height; ++ty)
      for (int tx = 0; tx < pattern[k].width; ++tx) {
        const float t = pattern[k].at(tx, ty);
        if (std::abs(t) < .03f * strongest) continue;
        for (int y = 0; y < h; ++y) {
          const float* from = &picture[k]->values[picture[k]->index(tx, y + ty)];
          float* to = &out.values[out.index(0, y)];
          for (int x = 0; x < w; ++x) to[x] += t * from[x];
        }
      }
  return out;
}

int reduction_for(double side, int wanted) {
  int r = 1;
  while (side / (2 * r) >= wanted * .75) r *= 2;
  return r;
}

double overlap(const Box& a, const Box& b) {
  const auto least = std::min(a.area(), b.area());
  return least > 0 ? static_cast<double>(a.intersect(b).area()) / static_cast<double>(least) : 0;
}

}  // namespace

TemplateSearch::TemplateSearch(const TemplateEvidence& evidence, const VideoInfo& video,
                               const std::vector<Logo>& logos)
    : evidence_(evidence), video_(video), logos_(logos) {
  for (const Logo& logo : logos)
    components_.push_back(has_colour(logo) ? evidence.components() : 1);
}

const TemplateSearch::Levels& TemplateSearch::levels(int reduction) {
  const auto it = levels_.find(reduction);
  if (it != levels_.end()) return it->second;
  Levels& made = levels_[reduction];
  const int most = *std::max_element(components_.begin(), components_.end());
  for (int c = 0; c < most; ++c) made[static_cast<std::size_t>(c)] = evidence_.level(c, reduction);
  return made;
}

const TemplateSearch::Levels& TemplateSearch::levels_for(const Logo& logo, double scale, int side) {
  return levels(reduction_for(scale * std::max(logo.size.width, logo.size.height), side));
}

double TemplateSearch::fit(const Levels& levels, std::size_t logo, const LogoPlace& place,
                           int components) const {
  const double r = levels[0].reduction;
  LogoPlace here = place;
  here.x /= r, here.y /= r, here.scale_x /= r, here.scale_y /= r;
  const int x0 = static_cast<int>(std::floor(here.x)), y0 = static_cast<int>(std::floor(here.y));
  here.x -= x0, here.y -= y0;
  const auto patterns = patterns_of(logos_[logo], here, video_, components);
  double explained = 0, power = 0;
  for (std::size_t c = 0; c < patterns.size(); ++c) {
    const Pattern& pattern = patterns[c];
    const TemplateLevel& level = levels[c];
    const Field* picture[2] = {&level.along_x, &level.along_y};
    const Box box{x0 - border, y0 - border, pattern.width, pattern.height};
    const Box in = box.intersect({0, 0, level.along_x.width, level.along_x.height});
    power += level.power_in(box);
    for (int n = 0; n < pattern.count; ++n) {
      double sum = 0;
      for (std::size_t k = 0; k < 2; ++k)
        for (int y = in.y; y < in.bottom(); ++y) {
          const float* t =
              &pattern.basis[static_cast<std::size_t>(n)][k]
                   .values[static_cast<std::size_t>((y - box.y) * box.width + in.x - box.x)];
          const float* p = &picture[k]->values[picture[k]->index(in.x, y)];
          float row = 0;
          for (int x = 0; x < in.width; ++x) row += t[x] * p[x];
          sum += static_cast<double>(row);
        }
      explained += sum * sum;
    }
  }
  return power > 0 ? explained / power : 0;
}

Box TemplateSearch::box_of(const Spot& spot) const {
  return footprint(logos_[spot.logo], spot.place);
}

bool TemplateSearch::best_first(const Spot& a, const Spot& b) { return a.fit > b.fit; }

bool TemplateSearch::allowed(const Spot& spot, const Box& within) const {
  const Box box = box_of(spot);
  if (!within.empty() && box.intersect(within.grown(slack)).area() < box.area() * 9 / 10)
    return false;
  return box.intersect({0, 0, video_.size.width, video_.size.height}).area() >= box.area() * 3 / 4;
}

void TemplateSearch::scan(std::size_t logo, double scale, const Box& within,
                          std::vector<Spot>& spots) {
  const int components = components_[logo];
  const Levels& at = levels_for(logos_[logo], scale, coarse_side);
  const int r = at[0].reduction;
  LogoPlace place;
  place.scale_x = place.scale_y = scale / r;
  const auto patterns = patterns_of(logos_[logo], place, video_, components);
  if (patterns.empty()) return;
  const int w = patterns[0].width, h = patterns[0].height;
  const Size grid{at[0].along_x.width, at[0].along_x.height};
  Field score(std::max(0, grid.width - w + 1), std::max(0, grid.height - h + 1));
  if (score.empty()) return;
  double all = 0;
  for (std::size_t c = 0; c < patterns.size(); ++c) {
    for (int n = 0; n < patterns[c].count; ++n) {
      const Field one = correlated(patterns[c].basis[static_cast<std::size_t>(n)], at[c]);
      for (std::size_t i = 0; i < score.size(); ++i)
        score.values[i] += one.values[i] * one.values[i];
    }
    all += at[c].power_in({0, 0, grid.width, grid.height});
  }
  // Where hardly anything is, chance explains much of it.
  const double least = .25 * all / (static_cast<double>(grid.width) * grid.height) * w * h;
  for (int y = 0; y < score.height; ++y)
    for (int x = 0; x < score.width; ++x) {
      double power = least;
      for (std::size_t c = 0; c < patterns.size(); ++c) power += at[c].power_in({x, y, w, h});
      score.at(x, y) /= static_cast<float>(power);
    }
  std::vector<Spot> best;
  for (int y = 0; y < score.height; ++y)
    for (int x = 0; x < score.width; ++x) {
      const float v = score.at(x, y);
      if (best.size() == kept_a_scale && static_cast<double>(v) <= best.back().fit) continue;
      bool peak = true;
      for (int dy = -1; dy <= 1 && peak; ++dy)
        for (int dx = -1; dx <= 1; ++dx) peak = peak && score.clamped(x + dx, y + dy) <= v;
      if (!peak) continue;
      Spot spot{logo, {}, static_cast<double>(v)};
      spot.place.x = (x + border) * r, spot.place.y = (y + border) * r;
      spot.place.scale_x = spot.place.scale_y = scale;
      if (!allowed(spot, within)) continue;
      best.push_back(spot);
      std::sort(best.begin(), best.end(), best_first);
      if (best.size() > kept_a_scale) best.pop_back();
    }
  spots.insert(spots.end(), best.begin(), best.end());
}

/// Goes uphill with ever smaller steps. @param step  of the scale, to begin with.
void TemplateSearch::refine(Spot& spot, int side, double step, bool both_scales, int components) {
  const Logo& logo = logos_[spot.logo];
  const Levels& at = levels_for(logo, spot.place.scale_x, side);
  double shift = step * spot.place.scale_x * std::max(logo.size.width, logo.size.height) / 2;
  spot.fit = fit(at, spot.logo, spot.place, components);
  while (shift > .02) {
    bool better = false;
    const double by = 2 * shift / std::max(logo.size.width, logo.size.height);  // on the scale
    for (int way = 0; way < (both_scales ? 8 : 6); ++way) {
      LogoPlace next = spot.place;
      const double sign = way % 2 ? -1 : 1;
      if (way < 2) next.x += sign * shift;
      if (way >= 2 && way < 4) next.y += sign * shift;
      if (way >= 4) {  // about the middle
        const double x = both_scales && way >= 6 ? 0 : sign * by,
                     y = both_scales && way < 6 ? 0 : sign * by;
        next.scale_x += x, next.scale_y += y;
        next.x -= x * logo.size.width / 2, next.y -= y * logo.size.height / 2;
      }
      if (next.scale_x <= 0 || next.scale_y <= 0) continue;
      if (const double f = fit(at, spot.logo, next, components); f > spot.fit)
        spot.place = next, spot.fit = f, better = true;
    }
    if (!better) shift /= 2;
  }
}

/// The place that the file names, whole samples and the master's own size where they do as well, as
/// far as the scene's own edges let one say; else the better way of scaling.
void TemplateSearch::settle(Spot& spot, int components) {
  const Logo& logo = logos_[spot.logo];
  const Levels& at = levels_for(logo, spot.place.scale_x, fine_side);
  const auto as_well = [&](const LogoPlace& place, double less) {
    return fit(at, spot.logo, place, components) >= spot.fit - std::max(less * spot.fit, .004);
  };
  const auto round = [](double v) { return std::round(v); };
  LogoPlace named;
  named.x = logo.x, named.y = logo.y;
  if (logo.placed && as_well(named, .1)) {
    spot.place = named;
    return;
  }
  LogoPlace own = spot.place;
  own.x += (own.scale_x - 1) * logo.size.width / 2,
      own.y += (own.scale_y - 1) * logo.size.height / 2;
  own.x = round(own.x), own.y = round(own.y), own.scale_x = own.scale_y = 1;
  if (as_well(own, .03)) {
    spot.place = own;
    return;
  }
  for (const Scaling s : {Scaling::linear, Scaling::cubic}) {
    Spot other = spot;
    other.place.scaling = s;
    refine(other, fine_side, .002, true, components);
    if (other.fit > spot.fit) spot = other;
  }
  // A scaled mark has whole sides and lies on whole samples, most often.
  LogoPlace whole = spot.place;
  whole.scale_x = round(whole.scale_x * logo.size.width) / logo.size.width;
  whole.scale_y = round(whole.scale_y * logo.size.height) / logo.size.height;
  whole.x += (spot.place.scale_x - whole.scale_x) * logo.size.width / 2;
  whole.y += (spot.place.scale_y - whole.scale_y) * logo.size.height / 2;
  whole.x = round(whole.x), whole.y = round(whole.y);
  if (whole.scale_x > 0 && whole.scale_y > 0 && as_well(whole, .02)) spot.place = whole;
}

std::optional<TemplateMatch> TemplateSearch::find(const Box& within, std::size_t first,
                                                  std::size_t last) {
  std::vector<Spot> spots;
  for (std::size_t n = first; n < last; ++n) {
    const Logo& logo = logos_[n];
    if (logo.placed) {
      Spot there{n, {}, 0};
      there.place.x = logo.x, there.place.y = logo.y;
      if (allowed(there, within)) spots.push_back(there);
    }
    scan(n, 1, within, spots);
  }
  const auto look_closer = [&] {
    for (Spot& s : spots) refine(s, middle_side, .04, false, components_[s.logo]);
    std::sort(spots.begin(), spots.end(), best_first);
  };
  look_closer();
  if (spots.empty() || spots.front().fit < sure_fit) {
    const auto own = spots;
    spots.clear();
    for (std::size_t n = first; n < last; ++n) {
      const double side = std::max(logos_[n].size.width, logos_[n].size.height);
      // A master reduced to a few rows is like any bar.
      const double least =
          std::max(std::max<double>(least_side, least_width * video_.size.width) / side,
                   static_cast<double>(least_thickness) /
                       std::min(logos_[n].size.width, logos_[n].size.height));
      const double most = most_width * std::max(video_.size.width, video_.size.height) / side;
      double s = least;
      while (s <= most) {
        scan(n, s, within, spots);
        s *= step;
      }
    }
    std::sort(spots.begin(), spots.end(), best_first);
    if (spots.size() > kept) spots.resize(kept);
    look_closer();
    spots.insert(spots.end(), own.begin(), own.end());
    std::sort(spots.begin(), spots.end(), best_first);
  }
  if (spots.empty()) return std::nullopt;
  Spot best = spots.front();
  TemplateMatch out;
  for (const Spot& s : spots)
    if (overlap(box_of(s), box_of(best)) < .3) out.rival = std::max(out.rival, s.fit);
  out.fit = best.fit;
  // Chroma's samples are coarse.
  const Levels& fine = levels_for(logos_[best.logo], best.place.scale_x, fine_side);
  const int by = fit(fine, best.logo, best.place, 1) > sure_by_luma ? 1 : components_[best.logo];
  refine(best, fine_side, .01, false, by);
  refine(best, fine_side, .004, true, by);
  settle(best, by);
  out.logo = best.logo;
  out.place = best.place;
  out.box = box_of(best);
  return out;
}

}  // namespace cleanplate
