#include <cleanplate/detector.h>

#include "core/try.h"
#include "detect/auto_detector.h"
#include "detect/network_detector.h"
#include "detect/region_detector.h"
#include "detect/static_detector.h"
#include "detect/template_detector.h"
#include "detect/yolo_detector.h"

namespace cleanplate {

Result<std::unique_ptr<Detector>> Detector::create(const Options& options, const VideoInfo& video,
                                                   const Device& device) {
  using Made = Result<std::unique_ptr<Detector>>;
  return guarded("detect", [&]() -> Made {
    CP_TRY(auto told, told_regions(options, video.size));
    if (!options.templates.empty())
      return TemplateDetector::create(options, video, std::move(told));
    if (!told.empty() || options.detect == "none")
      return Made(std::make_unique<RegionDetector>(std::move(told), video.time_base));
    if (options.detect == "network" && !options.detector_model.empty()) {
      CP_TRY(auto yolo, YoloDetector::open(options, video, device));
      return Made(std::move(yolo));
    }
    if (options.detect == "network") return Made(std::make_unique<NetworkDetector>(options, video));
    if (options.detect == "auto") {
      CP_TRY(auto made, AutoDetector::create(options, video, device));
      return Made(std::move(made));
    }
    if (options.detect == "template")
      return Error{Code::invalid_option, "detect",
                   "The detector 'template' looks for a file's mark, and none is named; give "
                   "--template logo.png."};
    return Made(std::make_unique<StaticDetector>(options, video));
  });
}

}  // namespace cleanplate
