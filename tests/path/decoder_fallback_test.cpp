// Software takes over from a card that failed: here from software, which any machine has.
#include <catch2/catch.hpp>

#include "media/decoder_state.h"
#include "media_clips.h"
#include "path/device_job.h"
#include "path/media_run.h"

namespace cleanplate {
struct DecoderInside {
  static VideoDecoder::State& of(VideoDecoder& decoder) { return *decoder.state_; }
};
}  // namespace cleanplate

using namespace cleanplate;

namespace {
struct Given {
  std::vector<Samples> frames;
  std::vector<std::int64_t> pts, durations, packets;
  bool operator==(const Given&) const = default;
};

/// All that comes after `seek`; the decoder is changed for another before frame `at`.
Given all_of(VideoDecoder decoder, std::optional<double> seek, int at) {
  Given given;
  if (seek) must(decoder.seek(*seek));
  for (Frame frame;; frame = {}) {
    if (static_cast<int>(given.frames.size()) == at)
      must(DecoderInside::of(decoder).to_software("it was pulled out"));
    const Flow flow = must(decoder.pull(frame));
    for (const Packet& p : decoder.take_packets())
      given.packets.push_back(static_cast<const AVPacket*>(p.get())->pts);
    if (flow == Flow::end) break;
    given.frames.push_back(samples_of(frame));
    given.pts.push_back(frame.pts);
    given.durations.push_back(frame.duration);
  }
  REQUIRE(decoder.degradations().size() == (at < 0 ? 0 : 1));
  REQUIRE(decoder.lost_frames() == 0);
  if (at < 0) return given;
  const Degradation& d = decoder.degradations()[0];
  REQUIRE(d.stage == "decode");
  REQUIRE(d.to == "cpu (h264)");
  REQUIRE(d.reason == "it was pulled out");
  REQUIRE(decoder.device() == "cpu");
  return given;
}
}  // namespace

TEST_CASE("a decoder that fails at any frame loses none, and no packet of another stream") {
  const std::string kind = GENERATE("mp4", "mkv", "ts");
  const auto seek = GENERATE(std::optional<double>{}, std::optional<double>{0.7});
  CAPTURE(kind, seek.value_or(-1));
  const clips::Folder folder;
  clips::Clip clip;  // with sound and pictures out of order; times that are not even
  clip.coding = {{"sc_threshold", "0"}};
  for (int i = 0; i < 40; ++i) clip.times.push_back(i * 3600 + (i % 5) * 90);
  clips::make(folder / ("in." + kind), clip);
  const auto open = [&] {
    return must(VideoDecoder::open(folder / ("in." + kind), quick_options()));
  };
  const Given plain = all_of(open(), seek, -1);
  REQUIRE(plain.frames.size() >= 20);
  REQUIRE(!plain.packets.empty());
  for (const int at : {1, 2, 7, 13, 20}) {
    CAPTURE(at);
    REQUIRE(all_of(open(), seek, at) == plain);
  }
}
