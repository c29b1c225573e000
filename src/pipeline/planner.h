/// @file
/// From candidates and a sample of the frames to the plan; knows no decoder.
#pragma once
#include <cleanplate/cancel.h>
#include <cleanplate/media_info.h>
#include <cleanplate/options.h>
#include <cleanplate/plan.h>

#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "detect/regions.h"
#include "matte/crop_stack.h"
#include "matte/matte_network.h"
#include "pipeline/early_places.h"
#include "pipeline/method_choice.h"
#include "pipeline/places.h"

namespace cleanplate {

/// Keeps the candidates' places of the frames it is shown, then estimates each overlay and decides.
/// Threads: one object, one thread at a time.
class Planner {
 public:
  /// @param regions  candidate k's times from region k; empty: all are there always.
  Planner(const Options& options, const VideoInfo& video, std::vector<Candidate> candidates,
          std::vector<Region> regions);

  /// 0: no candidate was accepted, so no frame is needed.
  [[nodiscard]] int most_frames() const { return most_frames_; }
  /// The crops that were kept already, where they are at all the places.
  /// @param wanted  frames, above 0; with much fewer it is better to look again.
  /// @return whether they were taken; then no frame is needed.
  bool take(const EarlyPlaces& early, std::int64_t wanted);
  /// @param seconds  from the clip's first frame.
  void add(const Frame& frame, double seconds);
  /// @return `cancelled`. May be asked again after more frames.
  [[nodiscard]] Result<Plan> plan(const CancelToken& cancel);

 private:
  struct AllFrames {
    CropStack seen, placebo;
    std::vector<std::int64_t> times;
  };
  std::optional<AllFrames> leave_few(std::size_t place);
  [[nodiscard]] std::optional<PlannedOverlay> overlay_at(std::size_t place, Candidate& candidate);
  [[nodiscard]] There when_there(std::size_t place) const;
  [[nodiscard]] bool bare_at(std::size_t place, double seconds) const;
  [[nodiscard]] Likely look(std::size_t place, const Field& hint);
  bool follow_text(std::size_t place, PlannedOverlay& overlay, std::string& reason) const;
  [[nodiscard]] bool changes_within(std::size_t place) const;
  void leave_out(Plan& plan, std::vector<std::size_t>& place_of, std::size_t k,
                 std::string_view reason) const;
  void leave_to_text(Plan& plan, std::vector<std::size_t>& place_of) const;
  void take_once(Plan& plan, std::vector<std::size_t>& place_of) const;
  void lend(Plan& plan, const std::vector<std::size_t>& place_of) const;
  void fill_as_other_lines(Plan& plan, const std::vector<std::size_t>& place_of) const;

  Options options_;
  Method wanted_;
  Size picture_;
  std::vector<Candidate> candidates_;
  std::vector<Region> regions_;
  std::vector<PlaceToLookAt> places_;
  std::vector<CropStack> seen_, placebo_;
  std::vector<std::vector<std::int64_t>> times_;  // pts of each place's frames
  std::vector<CropStack> bare_;  // the place in frames that are known not to have the mark
  std::vector<std::vector<std::int64_t>> bare_times_;
  std::vector<std::uint8_t> by_steps_;  // 1: the model came of both, however well it tells
  std::vector<std::shared_ptr<const Mask>> measured_;  // what stands out in a part of the place
  std::vector<int> every_;                             // each place keeps every n-th frame
  std::int64_t added_ = 0;
  int most_frames_ = 0, few_frames_ = 0;  // of any place; of each where many share the memory
  std::mutex looking_;
  std::optional<MatteNetwork> network_;  // loaded where it is wanted
  bool no_network_ = false;              // it was tried, and cannot be had
  std::vector<Degradation> degradations_;
};

/// What the user told needs no looking for.
[[nodiscard]] std::vector<Candidate> told_candidates(const std::vector<Region>& regions);
/// The plan's overlays with their times, for the detector that sees what it was told.
[[nodiscard]] std::vector<Region> regions_of(const Plan& plan);

}  // namespace cleanplate
