// Looking into the middle of a file, as a scan does.
#include <catch2/catch.hpp>

#include "media_clips.h"
#include "path/media_run.h"

using namespace cleanplate;

TEST_CASE("a seek lands on a key frame at or before the time, in every container") {
  const std::string kind = GENERATE("mp4", "mkv", "mov", "ts");
  CAPTURE(kind);
  const clips::Folder folder;
  clips::Clip clip;  // a key frame every 12 frames of 1/25 s
  clip.coding = {{"sc_threshold", "0"}};
  for (int i = 0; i < 100; ++i) clip.times.push_back(i * 3600);
  clips::make(folder / ("in." + kind), clip);
  auto decoder = VideoDecoder::open(folder / ("in." + kind), quick_options());
  REQUIRE(decoder);
  Frame frame;
  REQUIRE(decoder->pull(frame));
  const auto start = frame.pts;
  const double tick = decoder->info().time_base.value();
  for (const double to : {2.0, 0.5, 3.1, 0.0}) {
    CAPTURE(to);
    REQUIRE(decoder->seek(to));
    const auto flow = decoder->pull(frame);
    REQUIRE(flow);
    REQUIRE(*flow == Flow::ok);
    const double at = static_cast<double>(frame.pts - start) * tick;
    REQUIRE(at <= to + 1e-3);
    // A transport stream has no index: libavformat may come down some key frames early.
    REQUIRE(at >= to - (kind == "ts" ? 2.1 : 0.49));
    REQUIRE(frame.key);
  }
}

TEST_CASE("an index tells where the key frames are, and a seek lands on each") {
  const std::string kind = GENERATE("mp4", "mkv", "mov");
  CAPTURE(kind);
  const clips::Folder folder;
  clips::Clip clip;  // a key frame every 12 frames of 1/25 s
  clip.coding = {{"sc_threshold", "0"}};
  for (int i = 0; i < 100; ++i) clip.times.push_back(i * 3600);
  clips::make(folder / ("in." + kind), clip);
  auto decoder = VideoDecoder::open(folder / ("in." + kind), quick_options());
  REQUIRE(decoder);
  Frame frame;
  REQUIRE(decoder->pull(frame));
  const auto start = frame.pts;
  const double tick = decoder->info().time_base.value();
  REQUIRE(decoder->seek(0));
  const std::vector<double> key = decoder->key_frames();
  REQUIRE(key.size() == 9);
  for (std::size_t k = 0; k < key.size(); ++k) {
    CAPTURE(k);
    REQUIRE(decoder->seek(key[k]));
    REQUIRE(decoder->pull(frame));
    REQUIRE(frame.key);
    REQUIRE(static_cast<double>(frame.pts - start) * tick ==
            Approx(.48 * static_cast<double>(k)).margin(.002));
  }
}

TEST_CASE("key frames alone can be asked for, and all of them again") {
  const std::string kind = GENERATE("mp4", "mkv", "ts");
  CAPTURE(kind);
  const clips::Folder folder;
  clips::Clip clip;
  clip.coding = {{"sc_threshold", "0"}};
  for (int i = 0; i < 60; ++i) clip.times.push_back(i * 3600);
  clips::make(folder / ("in." + kind), clip);
  auto decoder = VideoDecoder::open(folder / ("in." + kind), quick_options());
  REQUIRE(decoder);
  decoder->keep_packets(false);
  const auto count = [&] {
    int n = 0;
    Frame frame;
    while (true) {
      const auto flow = decoder->pull(frame);
      REQUIRE(flow);
      if (*flow == Flow::end) return n;
      ++n;
    }
  };
  decoder->key_frames_only(true);
  REQUIRE(decoder->seek(0));
  REQUIRE(count() == 5);
  REQUIRE(decoder->take_packets().empty());
  decoder->key_frames_only(false);
  REQUIRE(decoder->seek(0));
  REQUIRE(count() == 60);
}

TEST_CASE("frames outlive their decoder") {
  const clips::Folder folder;
  clips::make(folder / "in.mp4", {});
  Frame frame;
  {
    auto decoder = VideoDecoder::open(folder / "in.mp4", quick_options());
    REQUIRE(decoder);
    REQUIRE(decoder->pull(frame));
  }
  const auto copy = frame.writable_copy();
  REQUIRE(copy);
  REQUIRE(copy->size() == Size{96, 64});
}
