/// @file
/// A small file through the pipeline on any device, and the frames that come out.
#pragma once
#include <cleanplate/pipeline.h>

#include <vector>

#include "../reference/every_device.h"
#include "media_clips.h"
#include "path/media_run.h"

namespace cleanplate {

using Samples = std::vector<std::byte>;

inline Samples samples_of(const Frame& frame) {
  Samples all;
  for (int p = 0; p < frame.format().planes(); ++p) {
    const ComponentView v = frame.component(p);
    const auto row = static_cast<std::size_t>(v.width * v.step * frame.format().bytes_per_sample());
    for (int y = 0; y < v.height; ++y)
      all.insert(all.end(), v.data + y * v.stride, v.data + y * v.stride + row);
  }
  return all;
}

/// A moving pattern of 40 frames, 10 bit, with a place told that is filled from other frames.
struct Job {
  clips::Folder folder;
  Options options = quick_options();

  explicit Job(AVPixelFormat format = AV_PIX_FMT_YUV420P10) {
    clips::Clip clip;
    clip.format = format;
    clip.sound = nullptr;
    clip.b_frames = 0;
    for (int i = 0; i < 40; ++i) clip.times.push_back(i * 3600);
    clip.coding = {{"crf", "20"}};
    clips::make(folder / "in.mkv", clip);
    options.region = {"33,17,21,14@0.2-1.3", "4,40,12,9"};
    options.encoder = "libx264";
  }

  struct Ran {
    Report report;
    std::vector<Samples> frames;
  };
  [[nodiscard]] Ran run(const Device& device) const {
    Ran ran;
    Pipeline pipeline = must(Pipeline::create(options, device));
    Callbacks callbacks;
    callbacks.restored = [&](const Frame& frame) { ran.frames.push_back(samples_of(frame)); };
    ran.report = must(pipeline.run(folder / "in.mkv", folder / "out.mkv", callbacks));
    return ran;
  }
};

/// 0 … n-1, a good dozen of them, or about so many.
inline std::vector<int> spread(int n, int about = 12) {
  std::vector<int> out;
  for (int k = 0; k < n; k += k < 4 ? 1 : std::max(1, n / about)) out.push_back(k);
  if (out.back() != n - 1) out.push_back(n - 1);
  return out;
}

/// All frames came out as on the plain device, and the report says what happened.
inline void whole_but_degraded(const Job::Ran& ran, const Job::Ran& plain, const char* from,
                               const char* reason) {
  REQUIRE(ran.report.frames_out == 40);
  REQUIRE(ran.frames == plain.frames);
  REQUIRE(ran.report.degradations.size() == 1);
  const Degradation& d = ran.report.degradations[0];
  REQUIRE(d.stage == "inpaint");
  REQUIRE(d.from.starts_with(from));
  REQUIRE(d.to.starts_with("cpu"));
  REQUIRE(d.reason.find(reason) != std::string::npos);
  REQUIRE(ran.report.methods.size() == plain.report.methods.size());
  for (std::size_t i = 0; i < plain.report.methods.size(); ++i)
    REQUIRE(ran.report.methods[i].frames == plain.report.methods[i].frames);
}

}  // namespace cleanplate
