/// @file
/// A thousand frames in one job, looked at as they come.
#pragma once
#include <functional>

#include "path/device_job.h"

namespace cleanplate {

/// A file whose frames the card decodes, restores and, where it can, encodes.
struct Soak {
  static constexpr int frames = 1000;
  static constexpr int warm = 200;  ///< frames; decoder, window and encoder have their memory then
  clips::Folder folder;
  Options options = quick_options();

  Soak() {
    clips::Clip clip;
    clip.width = 320;  // NVENC takes nothing much smaller
    clip.height = 180;
    for (int i = 0; i < frames; ++i) clip.times.push_back(i * 3600);
    clip.coding = {{"preset", "ultrafast"}};
    clips::make(folder / "in.mkv", clip);
    options.region = {"100,100,40,30"};
    options.device = "cuda";
  }

  /// @param look  after each frame that came, from 0 on.
  [[nodiscard]] Report run(const std::function<void(int frame)>& look) const {
    int frame = 0;
    Callbacks callbacks;
    callbacks.restored = [&](const Frame&) { look(frame++); };
    return must(
        must(Pipeline::create(options)).run(folder / "in.mkv", folder / "out.mkv", callbacks));
  }
};

}  // namespace cleanplate
