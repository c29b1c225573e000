#include "pipeline/planner.h"

#include <algorithm>

#include "composite/component_mask.h"
#include "core/budget.h"
#include "core/threads.h"
#include "core/try.h"
#include "detect/network_candidates.h"
#include "infer/library.h"
#include "matte/edge_gap.h"
#include "matte/estimate.h"
#include "matte/lent_model.h"
#include "matte/outline.h"
#include "matte/text_look.h"
#include "pipeline/closer_place.h"
#include "pipeline/other_lines.h"
#include "pipeline/place_estimate.h"
#include "pipeline/proof.h"
#include "pipeline/taken_once.h"
#include "track/track_list.h"

namespace cleanplate {

namespace {

constexpr double more_left = .1;  // share of the contrast, that an estimate by looks may leave
constexpr int least_frames = 12, enough_frames = 40;

/// Frames that fit, of so many bytes each.
int frames_in(std::size_t memory, std::size_t bytes, int most) {
  return static_cast<int>(
      std::clamp<std::size_t>(memory / bytes, least_frames, static_cast<std::size_t>(most)));
}

/// Where the overlay may be, on the grid of the place's box.
Field hint_of(const Detection& detection, int reach, const Box& box) {
  const int grown = detection.told ? 1 : 6;
  const Box allowed = extent_of(detection).grown(grown + reach);
  Field hint(box.width, box.height);
  for (int y = 0; y < box.height; ++y)
    for (int x = 0; x < box.width; ++x)
      hint.at(x, y) = allowed.contains(x + box.x, y + box.y) ? 1.f : 0.f;
  return hint;
}

}  // namespace

Planner::Planner(const Options& options, const VideoInfo& video, std::vector<Candidate> candidates,
                 std::vector<Region> regions)
    : options_(options),
      wanted_(wanted_method(options)),
      picture_(video.size),
      candidates_(worth_a_look(std::move(candidates))),
      regions_(std::move(regions)),
      places_(places_to_look_at(candidates_, regions_, video.format, video.size)) {
  std::size_t frame_bytes = 0, sure_bytes = 0;
  times_.resize(places_.size());
  bare_times_.resize(places_.size());
  by_steps_.resize(places_.size());
  measured_.resize(places_.size());
  for (const PlaceToLookAt& p : places_) {
    bare_.emplace_back(video.format, video.size, p.box);
    seen_.emplace_back(video.format, video.size, p.box);
    placebo_.emplace_back(video.format, video.size, p.placebo);
    const std::size_t bytes = 2 * CropStack::bytes_per_frame(video.format, video.size, p.box);
    frame_bytes += bytes;
    if (surely_found(candidates_[p.candidate])) sure_bytes += bytes;
  }
  every_.assign(places_.size(), 1);
  if (frame_bytes == 0) return;
  const int all = most_frames_ = frames_in(place_memory, frame_bytes, options.scan_frames);
  few_frames_ = all;
  if (sure_bytes == 0 || all >= enough_frames) return;
  // What is surely there is not seen less often for what hardly is; more than the frames that the
  // scan has looked at would have to be decoded.
  most_frames_ = std::max(all, frames_in(place_memory / 2, sure_bytes,
                                         std::max(least_frames, options.scan_frames / 3)));
  for (std::size_t k = 0; k < places_.size(); ++k)
    if (!surely_found(candidates_[places_[k].candidate]))
      every_[k] = (most_frames_ + all - 1) / all;
}

void Planner::add(const Frame& frame, double seconds) {
  const std::int64_t at = added_++;
  for (std::size_t k = 0; k < places_.size(); ++k) {
    if (at % every_[k] != 0) continue;
    if (!regions_.empty() && !regions_[places_[k].candidate].holds(seconds)) {
      if (bare_at(k, seconds)) bare_[k].add(frame), bare_times_[k].push_back(frame.pts);
      continue;
    }
    const Stay* stay = regions_.empty() ? nullptr : regions_[places_[k].candidate].at(seconds);
    if (stay && (stay->dx != 0 || stay->dy != 0)) {
      const int before = seen_[k].frames();
      seen_[k].add(frame, stay->dx, stay->dy);
      if (seen_[k].frames() == before) continue;  // it is partly outside
      times_[k].push_back(frame.pts);
      const int beside = placebo_[k].frames();
      placebo_[k].add(frame, stay->dx, stay->dy);
      if (placebo_[k].frames() == beside) placebo_[k].add(frame);
      continue;
    }
    seen_[k].add(frame);
    placebo_[k].add(frame);
    times_[k].push_back(frame.pts);
  }
}

/// Told, or found, to come and go, or to move.
There Planner::when_there(std::size_t k) const {
  if (regions_.empty() || regions_[places_[k].candidate].stays.empty()) return There::always;
  const std::vector<Stay>& stays = regions_[places_[k].candidate].stays;
  const bool moves =
      std::any_of(stays.begin(), stays.end(), [](const Stay& s) { return s.dx != 0 || s.dy != 0; });
  return moves ? There::moving : There::at_times;
}

/// Whether the mark is known to be away from its place, and nothing else is there.
bool Planner::bare_at(std::size_t k, double seconds) const {
  const Region& here = regions_[places_[k].candidate];
  if (when_there(k) != There::at_times) return false;
  return std::none_of(places_.begin(), places_.end(), [&](const PlaceToLookAt& other) {
    return regions_[other.candidate].holds(seconds) &&
           !candidates_[other.candidate].detection.box.intersect(here.detection.box).empty();
  });
}

bool Planner::take(const EarlyPlaces& early, std::int64_t wanted) {
  constexpr double enough = .75;  // of them
  const std::int64_t kept = std::ssize(early.times());
  if (!regions_.empty() || static_cast<double>(kept) < enough * static_cast<double>(wanted))
    return false;
  std::vector<int> used;
  std::vector<std::vector<std::int64_t>> times(places_.size());
  for (std::int64_t t = 0; t < kept; t += std::max<std::int64_t>(1, kept / wanted))
    used.push_back(static_cast<int>(t));
  std::vector<CropStack> seen, placebo;
  for (std::size_t k = 0; k < places_.size(); ++k) {
    const PlaceToLookAt& p = places_[k];
    const EarlyPlaces::Kept* there = early.at(p.box);
    if (!there) return false;
    const Box &from = there->seen.box(0), &beside = there->placebo.box(0);
    const Box bare{beside.x + p.box.x - from.x, beside.y + p.box.y - from.y, p.box.width,
                   p.box.height};
    for (const Candidate& c : candidates_)
      if (c.accepted && c.detection.box.intersect(bare).area() > 0) return false;
    std::vector<int> of;
    for (std::size_t t = 0; t < used.size(); t += static_cast<std::size_t>(every_[k])) {
      of.push_back(used[t]);
      times[k].push_back(early.times()[static_cast<std::size_t>(used[t])]);
    }
    seen.push_back(there->seen.cut(p.box, picture_).of(of));
    placebo.push_back(there->placebo.cut(bare, picture_).of(of));
  }
  seen_ = std::move(seen), placebo_ = std::move(placebo), times_ = std::move(times);
  return true;
}

Result<Plan> Planner::plan(const CancelToken& cancel) {
  Plan plan;
  plan.candidates = candidates_;
  std::vector<std::optional<PlannedOverlay>> made(places_.size());
  const int places = static_cast<int>(places_.size());
  ThreadPool pool(std::clamp(places, 1, share_budget(options_, 0).threads));
  pool.rows(places, [&](int begin, int end) {
    for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k)
      if (!cancel.cancelled()) made[k] = overlay_at(k, plan.candidates[places_[k].candidate]);
  });
  if (cancel.cancelled()) return Error{Code::cancelled, "scan", "The job was cancelled."};
  std::vector<std::size_t> place_of;  // each overlay's, in places_
  for (std::size_t k = 0; k < places_.size(); ++k) {
    Candidate& candidate = plan.candidates[places_[k].candidate];
    if (!made[k]) {
      candidate.accepted = false;
      continue;
    }
    PlannedOverlay overlay = *std::move(made[k]);
    candidate.reason += told_gain(overlay.gain);
    overlay.detection.told = true;  // from here on its times are the plan's
    if (!regions_.empty()) {
      overlay.when = regions_[places_[k].candidate].when;
      overlay.stays = regions_[places_[k].candidate].stays;
    }
    plan.overlays.push_back(std::move(overlay));
    place_of.push_back(k);
  }
  leave_to_text(plan, place_of);
  take_once(plan, place_of);
  lend(plan, place_of);
  fill_as_other_lines(plan, place_of);
  // What was found is a place in a coarse grid; what is taken off is the mark.
  for (std::size_t k = 0; k < place_of.size(); ++k) {
    PlannedOverlay& overlay = plan.overlays[k];
    Detection& found = plan.candidates[places_[place_of[k]].candidate].detection;
    if (overlay.text) continue;
    const Box exact = box_of(overlay.support->values, overlay.support->box);
    if (!found.told && !exact.empty()) found.box = overlay.detection.box = exact;
  }
  plan.degradations = degradations_;
  return plan;
}

/// Where a place was given more frames than are good for an estimate, it keeps as many as those
/// are.
std::optional<Planner::AllFrames> Planner::leave_few(std::size_t k) {
  if (few_frames_ == 0 || seen_[k].frames() <= few_frames_ || !regions_.empty())
    return std::nullopt;
  AllFrames all{std::move(seen_[k]), std::move(placebo_[k]), std::move(times_[k])};
  std::vector<int> few;
  times_[k].clear();
  for (int n = 0; n < few_frames_; ++n) {
    few.push_back(n * all.seen.frames() / few_frames_);
    times_[k].push_back(all.times[static_cast<std::size_t>(few.back())]);
  }
  seen_[k] = all.seen.of(few), placebo_[k] = all.placebo.of(few);
  return all;
}

/// @return nothing where it is not there or is no overlay; the candidate's reason then says why.
std::optional<PlannedOverlay> Planner::overlay_at(std::size_t k, Candidate& candidate) {
  const std::optional<AllFrames> all = leave_few(k);
  const There there = when_there(k);
  const bool always = there == There::always, moves = there == There::moving;
  const Detection& d = candidate.detection;
  if (d.master) {
    PlaceEstimate place = master_place(*d.master, seen_[k], placebo_[k], times_[k]);
    if (place.matte.model)
      return planned_master(candidate, std::move(place), wanted_, candidate.reason);
    candidate.reason += " But the frames do not show it.";
    if (!d.told) return std::nullopt;
  }
  if (!d.told && plain_bar(seen_[k], d.box)) {
    candidate.reason += " But it is a bar with nothing in it, as lie round a picture.";
    return std::nullopt;
  }
  if (!d.told && d.kind == "text") {
    PlannedOverlay text{d, nullptr, nullptr, Method::fill, {}, {}};
    if (follow_text(k, text, candidate.reason)) return text;
    candidate.reason += " But its glyphs are not told from the scene in one frame alone.";
    return std::nullopt;
  }
  const Field anywhere = hint_of(d, places_[k].reach, seen_[k].box(0));
  Field hint = anywhere;
  PlaceEstimate place;
  if (seen_[k].frames() > 0) place.matte = estimate_matte(seen_[k], placebo_[k], hint);
  // Beside an overlay that is sure, what the frames alone do not prove is not worth libtorch.
  const bool aside = !d.told && d.score < sure_score && any_sure(candidates_);
  if (aside && !proven(place.matte, d, there, candidate.reason)) return std::nullopt;
  const Likely likely = doubtful(place.matte) ? look(k, hint) : Likely{};
  bool by_looks = false;
  if (likely.known()) {
    MatteEstimate other = estimate_matte(seen_[k], placebo_[k], hint, likely);
    by_looks = other.model && (!place.matte.model || other.left < place.matte.left + more_left);
    if (by_looks) place.matte = std::move(other);
  }
  if (!d.told) {
    candidate.detection.box = clear_place(d, place.matte);
    if (!proven(place.matte, d, there, candidate.reason)) return std::nullopt;
  }
  // What is doubtful is refused by what comes and goes in all of the place; what was found by its
  // coming and going is opaque text mostly, which its whole place is filled for.
  if (!d.told && always) {
    if (d.score >= no_doubt)
      look_closer(seen_[k], placebo_[k], d.box, likely, hint, place.matte, by_looks);
    candidate.detection.box = closer_place(d.box, place.matte, likely, seen_[k].box(0));
  }
  if (auto step = mark_by_steps({seen_[k], times_[k]}, {bare_[k], bare_times_[k]}, hint,
                                place.matte, Step::sudden)) {
    by_steps_[k] = 1;
    place.matte = std::move(step->matte);
  }
  // Whose times are known to the frame, or who moves, needs no gain.
  if (always)
    place = estimate_place(seen_[k], placebo_[k], hint, anywhere, times_[k], place.matte,
                           by_looks ? likely : Likely{});
  // A fade needs more frames to be seen than a mark to be estimated.
  if (all && !place.gain.varies) {
    PlaceEstimate again = estimate_place(all->seen, all->placebo, hint, anywhere, all->times,
                                         place.matte, by_looks ? likely : Likely{});
    if (again.gain.varies) place = std::move(again);
  }
  if (!d.told && mostly_away(d, place.gain)) {
    candidate.reason += told_gain(place.gain) + " So it is no overlay that stays.";
    return std::nullopt;
  }
  if (!d.told && place.matte.model && !spans(*place.matte.support, d.box))
    measured_[k] = place.matte.support;
  PlannedOverlay made =
      planned(candidate, std::move(place), likely, seen_[k], there, wanted_, candidate.reason);
  if (always && follow_text(k, made, candidate.reason)) return made;
  if (made.method == Method::fill && !d.told && !moves)
    made.support = up_to_edges(std::move(made.support), picture_);
  return made;
}

/// Where it is text that changes, and opaque, its glyphs alone are filled.
bool Planner::follow_text(std::size_t k, PlannedOverlay& overlay, std::string& reason) const {
  constexpr double opaque = .75;
  if (when_there(k) == There::moving || wanted_ == Method::unblend) return false;
  if (overlay.method != Method::fill && overlay.model->alpha_peak < opaque && !changes_within(k))
    return false;
  Box place = overlay.detection.box;
  if (!overlay.detection.told)  // a found one may end at the glyphs
    place = place.grown(std::max(4, place.height / 5)).intersect(seen_[k].box(0));
  overlay.text = text_look(seen_[k], place);
  if (!overlay.text) return false;
  overlay.detection.box = place;
  overlay.method = Method::fill;
  overlay.model = overlay.appearance = nullptr;
  overlay.gain = {};
  overlay.support = mask_of(overlay.detection);
  reason += " It is text that changes; in each frame its glyphs are filled.";
  return true;
}

/// Whether a part of it was seen to come and go.
bool Planner::changes_within(std::size_t k) const {
  const Box& all = candidates_[places_[k].candidate].detection.box;
  for (std::size_t j = 0; j < places_.size(); ++j) {
    if (when_there(j) == There::always) continue;
    const Box& part = candidates_[places_[j].candidate].detection.box;
    if (part.width < all.width && all.contains(part.x + part.width / 2, part.y + part.height / 2))
      return true;
  }
  return false;
}

/// By its looks, where a network is at hand.
Likely Planner::look(std::size_t k, const Field& hint) {
  const std::lock_guard one(looking_);
  if (no_network_) return {};
  auto likely = [&]() -> Result<Likely> {
    if (!network_) {
      CP_TRY(network_, MatteNetwork::load(options_));
    }
    return network_->look(seen_[k], hint);
  }();
  if (likely) return *std::move(likely);
  no_network_ = true;
  if (built_with_networks())
    degradations_.push_back({"scan", "network", "outline", likely.error().message, 0});
  return {};
}

/// What another overlay takes off too is none of its own.
void Planner::leave_out(Plan& plan, std::vector<std::size_t>& place_of, std::size_t k,
                        std::string_view reason) const {
  Candidate& candidate = plan.candidates[places_[place_of[k]].candidate];
  candidate.accepted = false;
  candidate.reason += reason;
  plan.overlays.erase(plan.overlays.begin() + static_cast<std::ptrdiff_t>(k));
  place_of.erase(place_of.begin() + static_cast<std::ptrdiff_t>(k));
}

/// Single lines of a text that is followed are taken off with it.
void Planner::leave_to_text(Plan& plan, std::vector<std::size_t>& place_of) const {
  constexpr double within = .5;
  for (std::size_t k = plan.overlays.size(); k-- > 0;) {
    const PlannedOverlay& line = plan.overlays[k];
    const bool part =
        !line.text &&
        std::any_of(plan.overlays.begin(), plan.overlays.end(), [&](const PlannedOverlay& o) {
          return o.text && shared(o.detection.box, line.detection.box) > within;
        });
    if (!part) continue;
    leave_out(plan, place_of, k, " It is taken off with the text that changes there.");
  }
}

/// A mark that two candidates have is taken off with one of them.
void Planner::take_once(Plan& plan, std::vector<std::size_t>& place_of) const {
  std::vector<std::shared_ptr<const Mask>> measured;
  for (const std::size_t place : place_of) measured.push_back(measured_[place]);
  const std::vector<std::size_t> twice = taken_with_another(plan.overlays, measured);
  for (auto k = twice.rbegin(); k != twice.rend(); ++k) {
    const bool smaller = measured[*k] && plan.overlays[*k].method == Method::fill;
    leave_out(plan, place_of, *k,
              smaller ? " What stands out there is taken off as a smaller one."
                      : " It is taken off with a larger one.");
  }
}

/// The best model of an overlay with several places serves at the others, if it fits there, and
/// what it hides there was not seen.
void Planner::lend(Plan& plan, const std::vector<std::size_t>& place_of) const {
  constexpr int reach = 8;  // luma samples that two boxes may be found differently by
  if (regions_.empty()) return;
  const auto identity = [&](std::size_t k) {
    return regions_[places_[place_of[k]].candidate].identity;
  };
  const auto confidence = [&](std::size_t k) {
    const PlannedOverlay& o = plan.overlays[k];
    return o.method == Method::unblend && o.model ? o.model->confidence : 0;
  };
  std::vector<std::size_t> lender(place_of.size());
  for (std::size_t k = 0; k < place_of.size(); ++k) {
    lender[k] = k;
    for (std::size_t j = 0; j < place_of.size(); ++j)
      if (identity(k) >= 0 && identity(j) == identity(k) && confidence(j) > confidence(lender[k]))
        lender[k] = j;
  }
  for (std::size_t k = 0; k < place_of.size(); ++k) {
    if (lender[k] == k || by_steps_[place_of[k]]) continue;
    const PlannedOverlay& from = plan.overlays[lender[k]];
    PlannedOverlay& to = plan.overlays[k];
    const CropStack& seen = seen_[place_of[k]];
    const Box &a = from.detection.box, &b = to.detection.box;
    const LentModel lent = lent_model(
        *from.model, *from.support,
        {static_cast<double>(b.x - a.x), static_cast<double>(b.y - a.y)}, reach, seen, picture_);
    if (!lent.model) continue;
    const Box where = lent.support->box.unite(to.support->box);
    if (to.method == Method::unblend &&
        steps_left(*to.model, seen, where) < steps_left(*lent.model, seen, where))
      continue;
    to.model = lent.model;
    to.support = lent.support;
    to.method = Method::unblend;
    plan.candidates[places_[place_of[k]].candidate].reason +=
        " What it is made of was measured at another of its places.";
  }
}

/// Opacities told from a scene that nobody saw bare are guesses, and too low for thin text.
void Planner::fill_as_other_lines(Plan& plan, const std::vector<std::size_t>& place_of) const {
  if (wanted_ != Method::automatic) return;
  std::vector<bool> bare;
  for (const std::size_t place : place_of) bare.push_back(by_steps_[place] != 0);
  for (const std::size_t k : filled_as_other_lines(plan.overlays, bare)) {
    PlannedOverlay& line = plan.overlays[k];
    line.support =
        mark_outline(line.support.get(), {}, seen_[place_of[k]], line.detection.box, Margin::close);
    line.model = nullptr;
    line.method = Method::fill;
    plan.candidates[places_[place_of[k]].candidate].reason +=
        " But another line at its place is filled, and so is it.";
  }
}

std::vector<Candidate> told_candidates(const std::vector<Region>& regions) {
  std::vector<Candidate> out;
  for (const Region& r : regions) {
    out.push_back({r.detection, true, "It was told."});
    out.back().detection.told = true;
  }
  return out;
}

std::vector<Region> regions_of(const Plan& plan) {
  std::vector<Region> regions;
  for (const PlannedOverlay& o : plan.overlays) {
    regions.push_back({o.detection, o.when, o.stays});
    regions.back().detection.mask = o.support;
  }
  return regions;
}

}  // namespace cleanplate
