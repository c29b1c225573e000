// A file goes through decoder and encoder with nothing changed on the way: what comes out must be
// the same film. Clips are made and compared with libav alone.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "media_clips.h"
#include "path/media_run.h"

using namespace cleanplate;

namespace {

/// Presentation times in rising order, seconds, from the video's first.
std::vector<double> times(const clips::StreamRead& s, double from) {
  std::vector<double> all;
  for (const auto& p : s.packets) all.push_back(p.pts - from);
  std::sort(all.begin(), all.end());
  return all;
}
double first_time(const clips::FileRead& f, std::size_t stream) {
  return times(f.streams[stream], 0).at(0);
}

/// Half a tick of both files, each of which rounded once, and the rounding of the double.
double tolerance(const clips::StreamRead& a, const clips::StreamRead& b) {
  return (av_q2d(a.tick) + av_q2d(b.tick)) * .5 + 1e-6;
}

/// Every stream that both have: as many packets, at the same times, sound to the byte.
void check_same_film(const clips::FileRead& in, const clips::FileRead& out, bool same_framing) {
  REQUIRE(in.streams.size() == out.streams.size());
  const double in_from = first_time(in, 0), out_from = first_time(out, 0);
  for (std::size_t i = 0; i < in.streams.size(); ++i) {
    const auto &a = in.streams[i], &b = out.streams[i];
    CAPTURE(i, a.kind, a.codec, b.codec);
    REQUIRE(a.kind == b.kind);
    REQUIRE(a.packets.size() == b.packets.size());
    const auto ta = times(a, in_from), tb = times(b, out_from);
    double worst = 0;
    for (std::size_t k = 0; k < ta.size(); ++k) worst = std::max(worst, std::abs(ta[k] - tb[k]));
    REQUIRE(worst <= tolerance(a, b) + tolerance(in.streams[0], out.streams[0]));
    if (a.kind == "video" && i == 0) continue;
    REQUIRE(a.codec == b.codec);
    if (same_framing)
      for (std::size_t k = 0; k < a.packets.size(); ++k)
        REQUIRE(a.packets[k].bytes == b.packets[k].bytes);
  }
}

struct Case {
  const char* name;
  const char *in, *out;  ///< extensions
  const char* encoder;
  AVPixelFormat format;
  const char* sound;
  const char* codec;  ///< expected in the output
};
constexpr Case cases[] = {
    {"h264 mp4", "mp4", "mp4", "libx264", AV_PIX_FMT_YUV420P, "aac", "h264"},
    {"h264 4:2:2 10 mov", "mov", "mov", "libx264", AV_PIX_FMT_YUV422P10, "aac", "h264"},
    {"h264 4:4:4 mkv", "mkv", "mkv", "libx264", AV_PIX_FMT_YUV444P, "aac", "h264"},
    {"h264 grey mkv", "mkv", "mkv", "libx264", AV_PIX_FMT_GRAY8, "aac", "h264"},
    {"h264 10 ts", "ts", "ts", "libx264", AV_PIX_FMT_YUV420P10, "mp2", "h264"},
    {"h264 full range mp4", "mp4", "mp4", "libx264", AV_PIX_FMT_YUVJ420P, "aac", "h264"},
    {"hevc mp4", "mp4", "mp4", "libx265", AV_PIX_FMT_YUV420P, "aac", "hevc"},
    {"hevc 10 mkv", "mkv", "mkv", "libx265", AV_PIX_FMT_YUV420P10, "ac3", "hevc"},
    {"hevc 12 mkv", "mkv", "mkv", "libx265", AV_PIX_FMT_YUV420P12, "aac", "hevc"},
    {"hevc ts", "ts", "ts", "libx265", AV_PIX_FMT_YUV420P, "ac3", "hevc"},
    {"vp9 webm", "webm", "webm", "libvpx-vp9", AV_PIX_FMT_YUV420P, "libopus", "vp9"},
    {"vp9 4:4:4 10 webm", "webm", "webm", "libvpx-vp9", AV_PIX_FMT_YUV444P10, "libopus", "vp9"},
    {"vp8 webm", "webm", "webm", "libvpx", AV_PIX_FMT_YUV420P, "libopus", "vp8"},
    {"av1 mp4", "mp4", "mp4", "libsvtav1", AV_PIX_FMT_YUV420P10, "aac", "av1"},
    {"mpeg4 mp4", "mp4", "mp4", "mpeg4", AV_PIX_FMT_YUV420P, "aac", "mpeg4"},
    {"mpeg2 ts", "ts", "ts", "mpeg2video", AV_PIX_FMT_YUV420P, "mp2", "mpeg2video"},
    {"mpeg2 4:2:2 mkv", "mkv", "mkv", "mpeg2video", AV_PIX_FMT_YUV422P, "mp2", "mpeg2video"},
    {"mjpeg mov", "mov", "mov", "mjpeg", AV_PIX_FMT_YUVJ422P, "pcm_s16le", "mjpeg"},
    {"prores mov", "mov", "mov", "prores_ks", AV_PIX_FMT_YUV422P10, "pcm_s16le", "prores"},
    {"v210 mov", "mov", "mov", "v210", AV_PIX_FMT_YUV422P10, "pcm_s16le", "v210"},
    {"ffv1 9 mkv", "mkv", "mkv", "ffv1", AV_PIX_FMT_YUV420P9, "flac", "ffv1"},
    {"ffv1 4:4:4 12 mkv", "mkv", "mkv", "ffv1", AV_PIX_FMT_YUV444P12, "flac", "ffv1"},
    {"mp4 to mkv", "mp4", "mkv", "libx264", AV_PIX_FMT_YUV420P, "aac", "h264"},
    {"mkv to mp4", "mkv", "mp4", "libx264", AV_PIX_FMT_YUV420P, "aac", "h264"},
    {"mkv to mov", "mkv", "mov", "libx265", AV_PIX_FMT_YUV420P, "aac", "hevc"},
    {"mp4 to ts", "mp4", "ts", "libx264", AV_PIX_FMT_YUV420P, "ac3", "h264"},
    {"ts to mp4", "ts", "mp4", "libx264", AV_PIX_FMT_YUV420P, "ac3", "h264"},
    {"ts to mkv", "ts", "mkv", "mpeg2video", AV_PIX_FMT_YUV420P, "mp2", "mpeg2video"},
    {"webm to mp4", "webm", "mp4", "libvpx-vp9", AV_PIX_FMT_YUV420P, "libopus", "vp9"},
    {"mp4 to webm", "mp4", "webm", "libx264", AV_PIX_FMT_YUV420P, "libopus", "vp9"},
};

}  // namespace

TEST_CASE("every codec, container and pixel format comes out as the same film") {
  const Case c = GENERATE(from_range(std::begin(cases), std::end(cases)));
  CAPTURE(c.name);
  const clips::Folder folder;
  clips::Clip clip;
  clip.video = c.encoder;
  clip.format = c.format;
  clip.sound = c.sound;
  if (c.format == AV_PIX_FMT_YUVJ420P) clip.range = AVCOL_RANGE_JPEG;
  const std::string in = folder / (std::string("in.") + c.in);
  const std::string out = folder / (std::string("out.") + c.out);
  clips::make(in, clip);
  const Ran ran = run_through(in, out);
  CAPTURE(ran.error.message);
  REQUIRE(ran.error.message.empty());
  REQUIRE(ran.degradations.empty());
  REQUIRE(ran.lost == 0);
  REQUIRE(ran.frames == 24);
  const auto a = clips::read(in), b = clips::read(out);
  check_same_film(a, b, std::string(c.sound) != "aac" || std::string(c.out) != "ts");
  const auto &va = a.first("video"), &vb = b.first("video");
  REQUIRE(vb.codec == c.codec);
  REQUIRE(vb.parameters.width == va.parameters.width);
  REQUIRE(vb.parameters.height == va.parameters.height);
  const bool same_name = va.parameters.format == vb.parameters.format;
  // yuvj420p is yuv420p of full range under its old name.
  REQUIRE((same_name || va.parameters.color_range == vb.parameters.color_range));
  REQUIRE(folder.names() ==
          std::vector<std::string>{std::string("in.") + c.in, std::string("out.") + c.out});
}

TEST_CASE("every frame keeps its own time, however uneven") {
  struct Timing {
    const char* name;
    AVRational tick;
    std::vector<std::int64_t> times;
  };
  std::vector<Timing> timings{
      {"film rate", {1001, 24000}, {}},
      {"uneven", {1, 90000}, {0, 3003, 6006, 15000, 18003, 90000, 90001, 93003, 150000, 180000}},
      {"half rate from the middle", {1, 600}, {}},
      {"late start", {1, 1000}, {}},
      {"fine ticks", {1, 1000000}, {}}};
  for (int i = 0; i < 20; ++i) {
    timings[0].times.push_back(i);
    timings[2].times.push_back(i < 10 ? i * 20 : 200 + (i - 10) * 40);
    timings[3].times.push_back(1500 + i * 40);
    timings[4].times.push_back(i * 33367 + (i % 3));
  }
  const Timing timing = timings[GENERATE(range(0, 5))];
  const std::string extension = GENERATE("mp4", "mkv", "mov", "ts");
  const char* sound = GENERATE(as<const char*>(), "aac", static_cast<const char*>(nullptr));
  CAPTURE(timing.name, extension, sound ? sound : "silent");
  const clips::Folder folder;
  clips::Clip clip;
  clip.tick = timing.tick;
  clip.times = timing.times;
  clip.sound = sound;
  clip.width = 64;
  clip.height = 48;
  const std::string in = folder / ("in." + extension), out = folder / ("out." + extension);
  clips::make(in, clip);
  const Ran ran = run_through(in, out);
  CAPTURE(ran.error.message);
  REQUIRE(ran.error.message.empty());
  const auto a = clips::read(in), b = clips::read(out);
  check_same_film(a, b, true);
  // An offset at the start is part of the film; only Matroska's priming may move the whole.
  if (!sound || extension != "mkv") {
    REQUIRE(std::abs(first_time(a, 0) - first_time(b, 0)) <=
            2 * tolerance(a.streams[0], b.streams[0]));
  }
}

TEST_CASE("odd sizes come out as they went in") {
  const char* extension = GENERATE("mp4", "mkv");
  const char* encoder = GENERATE("libx264", "libx265", "libvpx-vp9");
  CAPTURE(extension, encoder);
  const clips::Folder folder;
  clips::Clip clip;
  clip.video = encoder;
  clip.width = 97;
  clip.height = 65;
  clip.sound = nullptr;
  clip.format = std::string(encoder) != "libvpx-vp9" ? AV_PIX_FMT_YUV444P : AV_PIX_FMT_YUV420P;
  const std::string in = folder / (std::string("in.") + extension);
  const std::string out = folder / (std::string("out.") + extension);
  clips::make(in, clip);
  const Ran ran = run_through(in, out);
  CAPTURE(ran.error.message);
  REQUIRE(ran.error.message.empty());
  REQUIRE(ran.encoder == encoder);
  const auto b = clips::read(out);
  REQUIRE(b.first("video").parameters.width == 97);
  REQUIRE(b.first("video").parameters.height == 65);
}

TEST_CASE("the sound may start before or after the picture") {
  const double from = GENERATE(-0.1, 0.0, 0.37);
  const std::string extension = GENERATE("mp4", "mkv", "webm", "ts");
  CAPTURE(from, extension);
  const clips::Folder folder;
  clips::Clip clip;
  if (extension == "webm") clip.video = "libvpx-vp9";
  clip.sound = extension == "webm" ? "libopus" : "aac";
  clip.sound_from = from;
  const std::string in = folder / ("in." + extension), out = folder / ("out." + extension);
  clips::make(in, clip);
  const Ran ran = run_through(in, out);
  CAPTURE(ran.error.message);
  REQUIRE(ran.error.message.empty());
  check_same_film(clips::read(in), clips::read(out), true);
}

TEST_CASE("real files come out as the same film") {
  const char* given = std::getenv("CLEANPLATE_DATA");
  const std::filesystem::path data =
      given ? given : std::filesystem::path(CLEANPLATE_SOURCE_DIR) / "../shared/data";
  if (!std::filesystem::exists(data / "media")) {
    WARN("no test data beside the sources; left out");
    return;
  }
  const char* name = GENERATE("edts.mp4", "sar_2x1.mp4", "10bit_bt2020.mp4", "10bit_h264.mp4",
                              "rotated.mp4", "vfr.mp4");
  CAPTURE(name);
  const clips::Folder folder;
  const std::string in = (data / "media" / name).string(), out = folder / "out.mp4";
  Options fast = quick_options();
  fast.encoder_options = "preset=ultrafast";
  const Ran ran = run_through(in, out, fast);
  CAPTURE(ran.error.message);
  REQUIRE(ran.error.message.empty());
  const auto a = clips::read(in), b = clips::read(out);
  check_same_film(a, b, true);
  const auto &va = a.first("video"), &vb = b.first("video");
  REQUIRE(va.side_data.count(AV_PKT_DATA_DISPLAYMATRIX) ==
          vb.side_data.count(AV_PKT_DATA_DISPLAYMATRIX));
  REQUIRE(va.parameters.color_primaries == vb.parameters.color_primaries);
  REQUIRE(av_cmp_q(va.sample_aspect.num ? va.sample_aspect : AVRational{1, 1},
                   vb.sample_aspect.num ? vb.sample_aspect : AVRational{1, 1}) == 0);
}
