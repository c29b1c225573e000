#include "detect/regions.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <optional>

#include "core/log.h"
#include "core/try.h"
#include "frame/png.h"

namespace cleanplate {

namespace {

constexpr double max_coordinate = 32768;

struct Point {
  double x, y;
};

Error wrong(std::string_view text, std::string_view why) {
  return {Code::invalid_option, "detect", fmt::format("Region '{}' {}.", text, why)};
}

/// What comes before the separator; `rest` keeps what comes after it.
std::string_view take_until(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const auto taken = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return taken;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (failure != std::errc{} || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// Seconds, m:s or h:m:s.
std::optional<double> seconds(std::string_view text) {
  if (text.ends_with(':')) return std::nullopt;
  double total = 0;
  int parts = 0;
  do {
    const auto part = number(take_until(text, ':'));
    if (!part || *part < 0 || ++parts > 3) return std::nullopt;
    total = total * 60 + *part;
  } while (!text.empty());
  return total;
}

std::optional<TimeRange> time_range(std::string_view text) {
  TimeRange when;
  if (text.find('-') == std::string_view::npos) return std::nullopt;
  const auto from = take_until(text, '-');
  if (!from.empty()) {
    const auto t = seconds(from);
    if (!t) return std::nullopt;
    when.from = *t;
  }
  if (!text.empty()) {
    const auto t = seconds(text);
    if (!t) return std::nullopt;
    when.to = *t;
  }
  if (when.to <= when.from) return std::nullopt;
  return when;
}

/// "x,y,w,h", from the corner that `corner` names ("" as "tl").
std::optional<Box> box(std::string_view corner, std::string_view text, Size picture) {
  if (std::count(text.begin(), text.end(), ',') != 3) return std::nullopt;
  int v[4] = {};
  for (int& value : v) {
    const auto read = number(take_until(text, ','));
    if (!read || *read != std::floor(*read) || std::abs(*read) > max_coordinate)
      return std::nullopt;
    value = static_cast<int>(*read);
  }
  if (v[2] < 1 || v[3] < 1) return std::nullopt;
  Box b{v[0], v[1], v[2], v[3]};
  if (corner == "tr" || corner == "br") b.x = picture.width - b.x - b.width;
  if (corner == "bl" || corner == "br") b.y = picture.height - b.y - b.height;
  return b;
}

std::optional<std::vector<Point>> polygon(std::string_view text) {
  std::vector<Point> points;
  while (!text.empty()) {
    auto pair = take_until(text, ' ');
    if (pair.empty()) continue;  // several spaces in a row
    const auto x = number(take_until(pair, ',')), y = number(pair);
    if (!x || !y || std::abs(*x) > max_coordinate || std::abs(*y) > max_coordinate)
      return std::nullopt;
    points.push_back({*x, *y});
  }
  if (points.size() < 3) return std::nullopt;
  return points;
}

/// Even-odd rule at the samples' centres. Empty where no centre is inside.
Mask fill(const std::vector<Point>& points, Size picture) {
  double left = max_coordinate, top = max_coordinate, right = -max_coordinate, bottom = right;
  for (const auto& p : points) {
    left = std::min(left, p.x), right = std::max(right, p.x);
    top = std::min(top, p.y), bottom = std::max(bottom, p.y);
  }
  const int x0 = static_cast<int>(std::floor(left)), y0 = static_cast<int>(std::floor(top));
  const Box around =
      Box{x0, y0, static_cast<int>(std::ceil(right)) - x0, static_cast<int>(std::ceil(bottom)) - y0}
          .intersect({0, 0, picture.width, picture.height});
  Mask mask{around, std::vector<std::uint8_t>(static_cast<std::size_t>(around.area()))};
  auto* row = mask.values.data();
  std::vector<double> crossings;
  for (int y = around.y; y < around.bottom(); ++y, row += around.width) {
    const double centre = y + 0.5;
    crossings.clear();
    for (std::size_t i = 0; i < points.size(); ++i) {
      const Point a = points[i], b = points[(i + 1) % points.size()];
      if ((a.y <= centre) != (b.y <= centre))
        crossings.push_back(a.x + (centre - a.y) / (b.y - a.y) * (b.x - a.x));
    }
    std::sort(crossings.begin(), crossings.end());
    for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
      // Centres x + 0.5 with crossing[i] ≤ centre < crossing[i+1].
      const auto from = static_cast<int>(std::ceil(crossings[i] - 0.5));
      const auto to = static_cast<int>(std::ceil(crossings[i + 1] - 0.5));
      for (int x = std::max(from, around.x); x < std::min(to, around.right()); ++x)
        row[x - around.x] = 255;
    }
  }
  return mask;
}

Region region_of(Box place, std::shared_ptr<const Mask> mask, TimeRange when) {
  return {{place, 1.0, "region", std::move(mask)}, when};
}

}  // namespace

Result<Region> parse_region(std::string_view text, Size picture) {
  return guarded("detect", [&]() -> Result<Region> {
    std::string_view rest = text;
    const bool timed = rest.find('@') != std::string_view::npos;
    std::string_view place = take_until(rest, '@');
    TimeRange when;
    if (timed) {
      const auto range = time_range(rest);
      if (!range)
        return wrong(
            text,
            "has no usable time after '@'; give from-to in seconds or h:m:s, as 12.5-0:01:30");
      when = *range;
    }
    const std::string_view kind =
        place.find(':') == std::string_view::npos ? "tl" : take_until(place, ':');

    if (kind == "poly") {
      const auto points = polygon(place);
      if (!points)
        return wrong(text, "is no polygon; give three or more points, as poly:10,10 90,10 50,60");
      auto mask = std::make_shared<const Mask>(fill(*points, picture));
      if (std::none_of(mask->values.begin(), mask->values.end(), [](auto v) { return v > 0; }))
        return wrong(text, fmt::format("covers no sample of the picture, which has {}x{}",
                                       picture.width, picture.height));
      const Box around = mask->box;
      return region_of(around, std::move(mask), when);
    }
    if (kind != "tl" && kind != "tr" && kind != "bl" && kind != "br")
      return wrong(text, "begins with an unknown word; it may be tl, tr, bl, br or poly");
    const auto told = box(kind, place, picture);
    if (!told) return wrong(text, "is no box; give x,y,width,height in whole samples");
    const Box inside = told->intersect({0, 0, picture.width, picture.height});
    if (inside.empty())
      return wrong(text, fmt::format("lies outside the picture, which has {}x{} samples",
                                     picture.width, picture.height));
    if (inside != *told)
      log_line(LogLevel::warning,
               "Region '{}' reaches out of the picture and is cut to {},{},{},{}.", text, inside.x,
               inside.y, inside.width, inside.height);
    return region_of(inside, nullptr, when);
  });
}

Result<std::vector<Region>> told_regions(const Options& options, Size picture) {
  return guarded("detect", [&]() -> Result<std::vector<Region>> {
    std::vector<Region> regions;
    for (const auto& text : options.region) {
      CP_TRY(Region region, parse_region(text, picture));
      regions.push_back(std::move(region));
    }
    if (options.mask.empty()) return regions;
    CP_TRY(const Picture grey, read_png_grey(options.mask));
    if (grey.size != picture)
      return Error{Code::invalid_option, "detect",
                   fmt::format("The mask '{}' has {}x{} samples and the picture {}x{}; give a mask "
                               "of the coded picture's size.",
                               options.mask, grey.size.width, grey.size.height, picture.width,
                               picture.height)};
    auto of_mask = mask_regions(grey);
    if (of_mask.empty())
      return Error{
          Code::invalid_option, "detect",
          fmt::format("The mask '{}' marks nothing; samples above 127 are overlay.", options.mask)};
    std::move(of_mask.begin(), of_mask.end(), std::back_inserter(regions));
    return regions;
  });
}

const Stay* Region::at(double seconds) const {
  const auto next = std::upper_bound(stays.begin(), stays.end(), seconds,
                                     [](double t, const Stay& s) { return t < s.when.from; });
  if (next == stays.begin() || !std::prev(next)->when.holds(seconds)) return nullptr;
  return &*std::prev(next);
}

}  // namespace cleanplate
