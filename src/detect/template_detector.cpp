#include "detect/template_detector.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/try.h"

namespace cleanplate {

namespace {

// Of the static edges in a place, a master that is there explains most, in a scene that stands
// still or where it is there for a part only, little; by chance, among all places and sizes, up to
// a fourth, and then as much elsewhere. The frames decide afterwards, by the gain that they show.
struct Enough {
  double fit, over_rival;
};
constexpr Enough enough[] = {{.3, 1.2}, {.2, 1.35}, {.05, 1.8}};
constexpr double told_fit = .03;  // where the place is known; the frames then decide, one by one
constexpr std::size_t most_logos = 64;

std::string where(const TemplateMatch& m) {
  return fmt::format(
      "at {:.2f},{:.2f}, scale {:.3f} x {:.3f}; it explains {:.0f} % of what stays "
      "there, the next best place {:.0f} %",
      m.place.x, m.place.y, m.place.scale_x, m.place.scale_y, 100 * m.fit, 100 * m.rival);
}

}  // namespace

Result<std::unique_ptr<Detector>> TemplateDetector::create(const Options& options,
                                                           const VideoInfo& video,
                                                           std::vector<Region> told) {
  std::vector<File> files;
  std::vector<Logo> all;
  for (const std::string& path : options.templates) {
    CP_TRY(std::vector<Logo> logos, read_logos(path));
    std::erase_if(logos, [](const Logo& logo) {
      return std::none_of(logo.alpha[0].begin(), logo.alpha[0].end(),
                          [](float a) { return a > .01f; });
    });
    if (logos.empty())
      return Error{
          Code::invalid_option, "detect",
          fmt::format("The master '{}' is clear everywhere; give one with an opacity.", path)};
    if (logos.size() > most_logos) logos.resize(most_logos);
    files.push_back({path, all.size(), all.size() + logos.size()});
    std::move(logos.begin(), logos.end(), std::back_inserter(all));
  }
  return Result<std::unique_ptr<Detector>>(
      std::make_unique<TemplateDetector>(video, std::move(files), std::move(all), std::move(told)));
}

TemplateDetector::TemplateDetector(const VideoInfo& video, std::vector<File> files,
                                   std::vector<Logo> logos, std::vector<Region> told)
    : files_(std::move(files)),
      video_(video),
      logos_(std::move(logos)),
      told_(std::move(told)),
      evidence_(video.format, video.size) {}

const std::string& TemplateDetector::file_of(std::size_t logo) const {
  return std::find_if(files_.begin(), files_.end(),
                      [&](const File& f) { return logo >= f.first && logo < f.last; })
      ->path;
}

/// Frames outside all told times would only dilute what is in them.
bool TemplateDetector::shows_any(const Frame& frame) const {
  const std::int64_t first = times_.empty() ? frame.pts : times_.front();
  const double seconds = static_cast<double>(frame.pts - first) * video_.time_base.value();
  return told_.empty() ||
         std::any_of(told_.begin(), told_.end(), [&](const Region& r) { return r.holds(seconds); });
}

Result<Flow> TemplateDetector::push(const Frame& frame) {
  return guarded("detect", [&]() -> Result<Flow> {
    CP_CHECK(fits(frame, video_.size));
    if (shows_any(frame)) evidence_.add(frame);
    if (times_.empty()) video_.colour = frame.colour;
    times_.push_back(frame.pts);
    return Flow::ok;
  });
}

Result<Flow> TemplateDetector::flush() {
  return guarded("detect", [&]() -> Result<Flow> {
    if (!flushed_) CP_CHECK(look());
    flushed_ = true;
    return Flow::ok;
  });
}

Result<void> TemplateDetector::look() {
  TemplateSearch search(evidence_, video_, logos_);
  for (const Region& region : told_) {
    Candidate candidate{region.detection, true, "It was told. "};
    candidate.detection.told = true;
    std::optional<TemplateMatch> match;
    if (evidence_.frames() > 0) match = search.find(candidate.detection.box, 0, logos_.size());
    CP_CHECK(judge(match, match ? file_of(match->logo) : files_.front().path, true, candidate));
    candidates_.push_back(std::move(candidate));
  }
  if (!told_.empty() || evidence_.frames() == 0) return {};
  for (const File& file : files_) {
    Candidate candidate;
    CP_CHECK(judge(search.find({}, file.first, file.last), file.path, false, candidate));
    candidates_.push_back(std::move(candidate));
  }
  return {};
}

/// @param told  the candidate's place is the user's.
Result<void> TemplateDetector::judge(const std::optional<TemplateMatch>& match,
                                     const std::string& file, bool told,
                                     Candidate& candidate) const {
  Detection& d = candidate.detection;
  if (!match) {
    candidate.reason += fmt::format("The master '{}' does not fit into the place.", file);
    return {};
  }
  if (!told) d.box = match->box.intersect({0, 0, video_.size.width, video_.size.height});
  const bool found = (told && match->fit >= told_fit) ||
                     std::any_of(std::begin(enough), std::end(enough), [&](const Enough& e) {
                       return match->fit >= e.fit && match->fit >= e.over_rival * match->rival;
                     });
  if (!found) {
    candidate.reason += fmt::format("The master '{}' is not found{}: best {}.", file,
                                    told ? " there" : "", where(*match));
    return {};
  }
  CP_TRY(OverlayModel model, place_logo(logos_[match->logo], match->place, video_));
  d.master = std::make_shared<OverlayModel>(std::move(model));
  d.score = std::clamp(match->fit, .5, 1.);
  candidate.accepted = true;
  candidate.reason += fmt::format("The master '{}' is {}.", file, where(*match));
  return {};
}

}  // namespace cleanplate
