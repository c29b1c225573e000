// The card's own decoder gives what software gives, or says that it did not decode.
#include "path/decoded.h"

using namespace cleanplate;

namespace {
clips::Clip clip_of(const char* encoder, AVPixelFormat format, int width) {
  clips::Clip clip;
  clip.video = encoder;
  clip.format = format;
  clip.width = width;
  clip.height = 270;  // no multiple of 16: what is cut away is not shown
  return clip;
}
}  // namespace

TEST_CASE("the card decodes to software's samples") {
  struct Kind {
    const char* encoder;
    AVPixelFormat format;
  };
  const auto kind =
      GENERATE(Kind{"libx264", AV_PIX_FMT_YUV420P}, Kind{"libx265", AV_PIX_FMT_YUV420P},
               Kind{"libx265", AV_PIX_FMT_YUV420P10}, Kind{"libx265", AV_PIX_FMT_YUV444P10});
  CAPTURE(kind.encoder, kind.format);
  const clips::Folder folder;
  clips::make(folder / "in.mkv", clip_of(kind.encoder, kind.format, 480));
  const Decoded card = decode(folder / "in.mkv", "cuda"), host = decode(folder / "in.mkv", "cpu");
  if (!card.degradations.empty()) WARN(card.degradations[0].reason);  // a container without NVDEC
  REQUIRE(card.device == (card.degradations.empty() ? "cuda:0 (NVDEC)" : "cpu"));
  REQUIRE(card.pts == host.pts);
  REQUIRE(card.frames == host.frames);
}

TEST_CASE("what the card does not decode is decoded in software, and reported") {
  const clips::Folder folder;
  clips::make(folder / "in.mkv", clip_of("libx264", AV_PIX_FMT_YUV422P, 480));
  const Decoded card = decode(folder / "in.mkv", "cuda"), host = decode(folder / "in.mkv", "cpu");
  REQUIRE(card.device == "cpu");
  REQUIRE(card.degradations.size() == 1);
  REQUIRE(card.degradations[0].stage == "decode");
  REQUIRE(card.frames == host.frames);
}
