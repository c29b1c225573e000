// Which frames of a long clip a scan looks at. The test clips' picture comes again every 40 frames.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "media_clips.h"
#include "path/media_run.h"
#include "pipeline/sampler.h"

using namespace cleanplate;

namespace {

struct Sampled {
  std::vector<std::int64_t> frames;  // numbers
  int key = 0;
};

/// @param group  frames from key frame to key frame.
Sampled sampled(int group, int most, int threads = 2) {
  const clips::Folder folder;
  clips::Clip clip;
  clip.width = 320, clip.height = 192;
  clip.sound = nullptr;
  clip.coding = {{"sc_threshold", "0"}, {"g", std::to_string(group)}, {"preset", "ultrafast"}};
  for (int i = 0; i < 960; ++i) clip.times.push_back(i * 3600);
  clips::make(folder / "in.mp4", clip);
  Options options = quick_options();
  options.threads = threads;
  auto decoder = VideoDecoder::open(folder / "in.mp4", options, true);
  REQUIRE(decoder);
  Sampled out;
  const auto used = sample_frames(*decoder, folder / "in.mp4", options, {most, most}, {},
                                  [&](const Frame& frame) -> Result<void> {
                                    out.frames.push_back(frame.pts / 3600);
                                    out.key += frame.key;
                                    return {};
                                  });
  REQUIRE(used);
  REQUIRE(*used == std::ssize(out.frames));
  REQUIRE(std::is_sorted(out.frames.begin(), out.frames.end()));
  REQUIRE(out.frames.back() > 880);
  return out;
}

}  // namespace

TEST_CASE("of a long clip key frames are looked at, over all of its length") {
  const Sampled seen = sampled(12, 60);
  CHECK(seen.frames.size() == 60);
  CHECK(seen.key == 60);
}

TEST_CASE("where key frames are alike, what follows them is looked at too") {
  const Sampled seen = sampled(20, 80);
  CHECK(seen.frames.size() >= 30);
  std::set<std::int64_t> pictures;
  for (const std::int64_t n : seen.frames) pictures.insert(n % 40);
  CHECK(pictures.size() >= 10);
}

TEST_CASE("the same frames are looked at by however many threads") {
  for (const int group : {12, 20}) {
    const Sampled alone = sampled(group, 60, 1);
    CHECK(alone.frames == sampled(group, 60, 2).frames);
    CHECK(alone.frames == sampled(group, 60, 4).frames);
  }
}

TEST_CASE("a clip that is not very long and has few key frames is decoded through") {
  const Sampled seen = sampled(400, 60);
  CHECK(seen.frames.size() >= 50);
}
