/// @file
/// Finds the user's masters in a clip: `template`.
#pragma once
#include <cleanplate/logo.h>

#include <optional>
#include <string>
#include <vector>

#include "detect/regions.h"
#include "detect/sample_detector.h"
#include "detect/template_evidence.h"
#include "detect/template_search.h"

namespace cleanplate {

/// Looks at all pushed frames together (a sample of the clip), then says the same of each. Its
/// candidates carry the master's model at the place, with the strength that the file gives it.
/// Threads: one object, one thread at a time.
class TemplateDetector : public SampleDetector {
 public:
  /// @param told  where to look, one candidate each, any of the masters; a place without one stays
  ///              told. Empty: anywhere, one candidate a file, a pack's masters being one mark's.
  /// @return `not_found`, `unreadable`: a master's file; `invalid_option`: it is clear everywhere.
  [[nodiscard]] static Result<std::unique_ptr<Detector>> create(const Options& options,
                                                                const VideoInfo& video,
                                                                std::vector<Region> told);
  /// Masters of one file. `last` is not among them.
  struct File {
    std::string path;
    std::size_t first, last;  ///< numbers of its logos
  };
  TemplateDetector(const VideoInfo& video, std::vector<File> files, std::vector<Logo> logos,
                   std::vector<Region> told);

  [[nodiscard]] Result<Flow> push(const Frame& frame) override;
  [[nodiscard]] Result<Flow> flush() override;

 private:
  [[nodiscard]] const std::string& file_of(std::size_t logo) const;
  [[nodiscard]] bool shows_any(const Frame& frame) const;
  Result<void> look();
  Result<void> judge(const std::optional<TemplateMatch>& match, const std::string& file, bool told,
                     Candidate& candidate) const;

  std::vector<File> files_;
  VideoInfo video_;
  std::vector<Logo> logos_;
  std::vector<Region> told_;
  TemplateEvidence evidence_;
};

}  // namespace cleanplate
