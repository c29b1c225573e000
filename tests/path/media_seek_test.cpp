// Looking into the middle of a file, as a scan does.
#include <catch2/catch.hpp>
#include <optional>

#include "media_clips.h"
#include "path/media_run.h"

using namespace cleanplate;

namespace {

/// 100 frames of 1/25 s, a key frame every 12, open behind the first.
struct Opened {
  clips::Folder folder;
  std::optional<VideoDecoder> decoder;
  std::int64_t start = 0;
  double tick = 0;

  explicit Opened(const std::string& kind) {
    clips::Clip clip;
    clip.coding = {{"sc_threshold", "0"}};
    for (int i = 0; i < 100; ++i) clip.times.push_back(i * 3600);
    clips::make(folder / ("in." + kind), clip);
    auto opened = VideoDecoder::open(folder / ("in." + kind), quick_options());
    REQUIRE(opened);
    decoder = *std::move(opened);
    Frame frame;
    REQUIRE(decoder->pull(frame));
    start = frame.pts;
    tick = decoder->info().time_base.value();
  }
};

}  // namespace

TEST_CASE("a seek lands on a key frame at or before the time, in every container") {
  const std::string kind = GENERATE("mp4", "mkv", "mov", "ts");
  CAPTURE(kind);
  Opened in(kind);
  Frame frame;
  for (const double to : {2.0, 0.5, 3.1, 0.0}) {
    CAPTURE(to);
    REQUIRE(in.decoder->seek(to));
    const auto flow = in.decoder->pull(frame);
    REQUIRE(flow);
    REQUIRE(*flow == Flow::ok);
    const double at = static_cast<double>(frame.pts - in.start) * in.tick;
    REQUIRE(at <= to + 1e-3);
    // A transport stream has no index: libavformat may come down some key frames early.
    REQUIRE(at >= to - (kind == "ts" ? 2.1 : 0.49));
    REQUIRE(frame.key);
  }
}

TEST_CASE("an index tells where the key frames are, and a seek lands on each") {
  const std::string kind = GENERATE("mp4", "mkv", "mov");
  CAPTURE(kind);
  Opened in(kind);
  Frame frame;
  REQUIRE(in.decoder->seek(0));
  const std::vector<double> key = in.decoder->key_frames();
  REQUIRE(key.size() == 9);
  for (std::size_t k = 0; k < key.size(); ++k) {
    CAPTURE(k);
    REQUIRE(in.decoder->seek(key[k]));
    REQUIRE(in.decoder->pull(frame));
    REQUIRE(frame.key);
    REQUIRE(static_cast<double>(frame.pts - in.start) * in.tick ==
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
