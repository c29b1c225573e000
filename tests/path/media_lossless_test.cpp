// `lossless` is what shows that nothing outside a mask changes, so it must be that.
#include <catch2/catch.hpp>
#include <cstring>

#include "media_clips.h"
#include "path/media_run.h"

using namespace cleanplate;

namespace {
std::vector<Frame> all_frames(const std::string& path) {
  auto decoder = VideoDecoder::open(path, quick_options());
  REQUIRE(decoder);
  std::vector<Frame> frames;
  Frame frame;
  while (true) {
    const auto flow = decoder->pull(frame);
    REQUIRE(flow);
    if (*flow == Flow::end) return frames;
    frames.push_back(frame);
  }
}

bool same_samples(const Frame& a, const Frame& b) {
  if (a.format() != b.format() || a.size() != b.size()) return false;
  for (int c = 0; c < a.format().components(); ++c) {
    const auto u = a.component(c), v = b.component(c);
    const auto row = static_cast<std::size_t>(u.width * a.format().bytes_per_sample());
    for (int y = 0; y < u.height; ++y)
      if (std::memcmp(u.data + y * u.stride, v.data + y * v.stride, row) != 0) return false;
  }
  return true;
}
}  // namespace

TEST_CASE("without loss, every sample comes out as it went in") {
  struct Case {
    const char *video, *out, *encoder;
    AVPixelFormat format;
  };
  const Case c = GENERATE(Case{"libx264", "mp4", "libx264", AV_PIX_FMT_YUV420P},
                          Case{"libx264", "mp4", "libx264", AV_PIX_FMT_YUV444P},
                          Case{"libx264", "ts", "libx264", AV_PIX_FMT_YUV422P10},
                          Case{"libx264", "mkv", "libx264", AV_PIX_FMT_GRAY8},
                          Case{"libx264", "webm", "libvpx-vp9", AV_PIX_FMT_YUV420P},
                          Case{"libx265", "mp4", "libx265", AV_PIX_FMT_YUV420P10},
                          Case{"libx265", "mkv", "libx265", AV_PIX_FMT_YUV420P12},
                          Case{"libvpx-vp9", "webm", "libvpx-vp9", AV_PIX_FMT_YUV444P10},
                          Case{"mpeg4", "mkv", "ffv1", AV_PIX_FMT_YUV420P},
                          Case{"mpeg4", "mp4", "libx264", AV_PIX_FMT_YUV420P},
                          Case{"ffv1", "mkv", "ffv1", AV_PIX_FMT_YUV422P12},
                          Case{"mjpeg", "mov", "libx264", AV_PIX_FMT_YUVJ420P});
  CAPTURE(c.video, c.out, static_cast<int>(c.format));
  const clips::Folder folder;
  clips::Clip clip;
  clip.video = c.video;
  clip.format = c.format;
  clip.sound = nullptr;
  if (c.format == AV_PIX_FMT_YUVJ420P) clip.range = AVCOL_RANGE_JPEG;
  const std::string out = folder / (std::string("out.") + c.out);
  clips::make(folder / "in.mkv", clip);
  Options options = quick_options();
  options.lossless = true;
  const Ran ran = run_through(folder / "in.mkv", out, options);
  CAPTURE(ran.error.message);
  REQUIRE(ran.error.message.empty());
  REQUIRE(ran.encoder == c.encoder);
  const auto a = all_frames(folder / "in.mkv"), b = all_frames(out);
  REQUIRE(a.size() == 24);
  REQUIRE(b.size() == a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CAPTURE(i);
    REQUIRE(same_samples(a[i], b[i]));
    // VP9 cannot leave the range open.
    REQUIRE((a[i].colour.range == b[i].colour.range || a[i].colour.range == 0));
  }
}

TEST_CASE("without loss, either field may come first") {
  const clips::Folder folder;
  clips::Clip clip;
  clip.interlaced = true;
  clip.bottom_field_first = GENERATE(false, true);
  clip.width = 192;
  clip.height = 128;
  clip.sound = nullptr;
  clip.coding = {{"x264-params", clip.bottom_field_first ? "bff=1" : "tff=1"}};
  CAPTURE(clip.bottom_field_first);
  clips::make(folder / "in.mp4", clip);
  Options options = quick_options();
  options.lossless = true;
  const Ran ran = run_through(folder / "in.mp4", folder / "out.mp4", options);
  CAPTURE(ran.error.message);
  REQUIRE(ran.error.message.empty());
  const auto a = all_frames(folder / "in.mp4"), b = all_frames(folder / "out.mp4");
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CAPTURE(i);
    REQUIRE(b[i].interlaced);
    REQUIRE(b[i].top_field_first != clip.bottom_field_first);
    REQUIRE(same_samples(a[i], b[i]));
  }
}

TEST_CASE("quality is one number for every encoder: lower is better and larger") {
  const char* encoder = GENERATE("libx264", "libx265", "libvpx-vp9", "libsvtav1", "mpeg4");
  CAPTURE(encoder);
  const clips::Folder folder;
  clips::Clip clip;
  clip.sound = nullptr;
  clips::make(folder / "in.mkv", clip);
  std::vector<std::uintmax_t> sizes;
  for (const int quality : {10, 20, 34}) {
    Options options = quick_options();
    options.encoder = encoder;
    options.quality = quality;
    const Ran ran = run_through(folder / "in.mkv", folder / "out.mkv", options);
    CAPTURE(ran.error.message);
    REQUIRE(ran.error.message.empty());
    sizes.push_back(std::filesystem::file_size(folder / "out.mkv"));
  }
  REQUIRE(sizes[0] > sizes[1]);
  REQUIRE(sizes[1] > sizes[2]);
}
