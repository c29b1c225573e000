// A card's decoder through FFmpeg's own NVDEC code, over a driver that is made up: what it gives is
// software's frames, and where it fails software goes on.
#include <catch2/catch.hpp>

#include "device/cuda_facts.h"
#include "device/range.h"
#include "material.h"

// In place of those of a build without CUDA: there is a card, for decoding.
namespace cleanplate {
CudaFacts cuda_facts() {
  CudaFacts facts;
  facts.built = true;
  facts.driver = facts.runtime = 13000;
  facts.cards = 1;
  return facts;
}
Result<std::shared_ptr<DeviceCore>> open_cuda(const Options& /*options*/, int /*card*/) {
  return Error{Code::device, "device", "This card only decodes."};
}
void begin_range(const char* /*name*/) {}
void end_range() {}
}  // namespace cleanplate

using namespace cleanplate;

namespace {
void same_frames(const Decoded& card, const Decoded& host) {
  REQUIRE(card.format == host.format);
  REQUIRE(card.pts == host.pts);
  REQUIRE(card.frames == host.frames);
  REQUIRE(fake_nvdec()->open == 0);
}
}  // namespace

TEST_CASE("a card decodes to software's frames in software's layout, cut to what is shown") {
  const Kind kind =
      GENERATE(Kind{"libx264", AV_PIX_FMT_YUV420P}, Kind{"libx264", AV_PIX_FMT_YUVJ420P},
               Kind{"libx265", AV_PIX_FMT_YUV420P}, Kind{"libx265", AV_PIX_FMT_YUV420P10},
               Kind{"libx265", AV_PIX_FMT_YUV420P12}, Kind{"libx265", AV_PIX_FMT_YUV444P},
               Kind{"libx265", AV_PIX_FMT_YUV444P10}, Kind{"libx265", AV_PIX_FMT_YUV444P12});
  CAPTURE(kind.encoder, kind.format);
  const Material material(kind);
  const Decoded card = material.on_card();
  if (!card.degradations.empty()) FAIL_CHECK(card.degradations[0].reason);
  REQUIRE(card.device == "cuda:0 (NVDEC)");
  REQUIRE(fake_nvdec()->decoded == static_cast<int>(material.host.frames.size()));
  same_frames(card, material.host);
}

TEST_CASE("a card that fails at any picture leaves the rest to software, and no frame is lost") {
  const Material material({"libx264", AV_PIX_FMT_YUV420P});
  for (const int at : {0, 1, 5, 12, 23}) {
    CAPTURE(at);
    fake_nvdec()->decoded = 0;
    fake_nvdec()->fail_at = at;
    const Decoded card = material.on_card();
    REQUIRE(card.device == "cpu");
    REQUIRE(card.degradations.size() == 1);
    const Degradation& d = card.degradations[0];
    REQUIRE(d.stage == "decode");
    REQUIRE(d.from == "cuda:0 (NVDEC)");
    REQUIRE(d.to == "cpu (h264)");
    REQUIRE(d.reason.find("failed to decode") != std::string::npos);
    REQUIRE(d.first_frame <= at);
    same_frames(card, material.host);
  }
}

TEST_CASE("a card without a decoder to give leaves all to software") {
  const Material material({"libx264", AV_PIX_FMT_YUV420P});
  fake_nvdec()->opens = false;
  const Decoded card = material.on_card();
  REQUIRE(card.device == "cpu");
  REQUIRE(card.degradations.size() == 1);
  REQUIRE(card.degradations[0].first_frame == 0);
  same_frames(card, material.host);
}

TEST_CASE("samples that no card decodes go to software, and the report has why") {
  const Kind kind =
      GENERATE(Kind{"libx264", AV_PIX_FMT_YUV420P10}, Kind{"libx264", AV_PIX_FMT_YUV422P});
  CAPTURE(kind.format);
  const Material material(kind);
  const Decoded card = material.on_card();
  REQUIRE(card.device == "cpu");
  REQUIRE(card.degradations.size() == 1);
  REQUIRE(card.degradations[0].reason.find("h264") != std::string::npos);
  same_frames(card, material.host);
}

TEST_CASE("4:4:4 goes to software where the card is too old for it, and the report has why") {
  const Material material({"libx265", AV_PIX_FMT_YUV444P10});
  fake_nvdec()->full_chroma = false;
  const Decoded card = material.on_card();
  REQUIRE(card.device == "cpu");
  REQUIRE(card.degradations.size() == 1);
  REQUIRE(card.degradations[0].to == "cpu (hevc)");
  CAPTURE(card.degradations[0].reason);
  REQUIRE(card.degradations[0].reason.find("lacking required capabilities") != std::string::npos);
  REQUIRE(fake_nvdec()->decoded == 0);
  same_frames(card, material.host);
}

TEST_CASE("device=auto decodes in software, and so does what looks at a sample of a clip") {
  const Material material({"libx264", AV_PIX_FMT_YUV420P});
  REQUIRE(decode(material.folder / "in.mkv", "auto").device == "cpu");
  Options options = quick_options();
  options.device = "cuda";
  REQUIRE(must(VideoDecoder::open(material.folder / "in.mkv", options, true)).device() == "cpu");
  REQUIRE(fake_nvdec()->decoded == 0);
}

TEST_CASE("a job's report says where it was decoded") {
  const Material material({"libx264", AV_PIX_FMT_YUV420P});
  Options options = quick_options();
  options.device = "cuda";
  options.encoder = "libx264";
  options.region = {"100,100,40,30"};
  Pipeline pipeline = must(
      Pipeline::create(options, Device(std::make_shared<HostDevice>(Simd::baseline, 1, 1 << 30))));
  const auto decoded_on = [&] {
    for (const StageReport& stage :
         must(pipeline.run(material.folder / "in.mkv", material.folder / "out.mkv")).stages)
      if (stage.stage == "decode") return stage.device;
    return std::string();
  };
  REQUIRE(decoded_on() == "cuda:0 (NVDEC)");
  fake_nvdec()->decoded = 0;
  fake_nvdec()->fail_at = 7;
  REQUIRE(decoded_on() == "cpu");
}
