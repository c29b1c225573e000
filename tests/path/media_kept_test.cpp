// What a file says about itself beside its pictures: kept, or named where it cannot be.
#include <catch2/catch.hpp>
#include <cstring>

#include "media_clips.h"
#include "path/media_run.h"

using namespace cleanplate;

namespace {
Ran run_clean(const std::string& in, const std::string& out, const Options& o = quick_options()) {
  Ran ran = run_through(in, out, o);
  INFO(ran.error.message);
  REQUIRE(ran.error.message.empty());
  return ran;
}
bool has_tag(const clips::FileRead& f, const std::string& key, const std::string& value) {
  for (const auto& [k, v] : f.tags)
    if (v == value && k.size() == key.size() &&
        std::equal(k.begin(), k.end(), key.begin(),
                   [](char a, char b) { return std::tolower(a) == std::tolower(b); }))
      return true;
  return false;
}
/// Without the empty samples that fill the gaps between QuickTime's subtitles.
std::vector<std::string> bytes_of(const clips::StreamRead& s) {
  std::vector<std::string> all;
  for (const auto& p : s.packets)
    if (s.codec != "mov_text" || p.bytes.size() > 2) all.push_back(p.bytes);
  return all;
}
/// The bytes of all side data of a type, in order.
std::vector<std::string> side_data(const std::string& path, AVFrameSideDataType type) {
  auto decoder = VideoDecoder::open(path, quick_options());
  REQUIRE(decoder);
  std::vector<std::string> all;
  Frame frame;
  while (true) {
    const auto flow = decoder->pull(frame);
    REQUIRE(flow);
    if (*flow == Flow::end) return all;
    const auto* side = static_cast<const AVFrame*>(frame.side_data.get());
    for (int i = 0; side && i < side->nb_side_data; ++i)
      if (const AVFrameSideData& d = *side->side_data[i]; d.type == type)
        all.emplace_back(reinterpret_cast<const char*>(d.data), d.size);
  }
}
}  // namespace

TEST_CASE("rotation, sample aspect, colour and HDR10 are kept") {
  const std::string extension = GENERATE("mp4", "mov", "mkv");
  const char* encoder = GENERATE("libx264", "libx265");
  CAPTURE(extension, encoder);
  const clips::Folder folder;
  clips::Clip clip;
  clip.video = encoder;
  clip.format = AV_PIX_FMT_YUV420P10;
  clip.range = AVCOL_RANGE_MPEG;
  clip.primaries = AVCOL_PRI_BT2020;
  clip.transfer = AVCOL_TRC_SMPTE2084;
  clip.matrix = AVCOL_SPC_BT2020_NCL;
  clip.sample_aspect = {4, 3};
  clip.hdr10 = true;
  if (extension != "mkv") clip.rotation = 90;
  const std::string in = folder / ("in." + extension), out = folder / ("out." + extension);
  clips::make(in, clip);
  run_clean(in, out);
  const auto before = clips::read(in), after = clips::read(out);
  const auto &a = before.first("video"), &b = after.first("video");
  REQUIRE(b.parameters.color_range == clip.range);
  REQUIRE(b.parameters.color_primaries == clip.primaries);
  REQUIRE(b.parameters.color_trc == clip.transfer);
  REQUIRE(b.parameters.color_space == clip.matrix);
  REQUIRE(b.parameters.chroma_location == a.parameters.chroma_location);
  REQUIRE(av_cmp_q(b.sample_aspect, clip.sample_aspect) == 0);
  for (const int type : {AV_PKT_DATA_DISPLAYMATRIX, AV_PKT_DATA_MASTERING_DISPLAY_METADATA,
                         AV_PKT_DATA_CONTENT_LIGHT_LEVEL}) {
    CAPTURE(type);
    REQUIRE(a.side_data.count(type) == b.side_data.count(type));
    if (a.side_data.count(type)) {
      REQUIRE(a.side_data.at(type) == b.side_data.at(type));
    }
  }
  REQUIRE(a.side_data.count(AV_PKT_DATA_CONTENT_LIGHT_LEVEL) == 1);
}

TEST_CASE("HDR10 is in the coded video too, where the container cannot say it") {
  const clips::Folder folder;
  clips::Clip clip;
  clip.video = "libx265";  // FFmpeg 5.1 does not read it back from H.264
  clip.format = AV_PIX_FMT_YUV420P10;
  clip.hdr10 = true;
  clip.sound = nullptr;
  clips::make(folder / "in.mp4", clip);
  run_clean(folder / "in.mp4", folder / "out.ts");
  run_clean(folder / "out.ts", folder / "back.mp4");
  const auto before = clips::read(folder / "in.mp4"), after = clips::read(folder / "back.mp4");
  const auto &a = before.first("video"), &b = after.first("video");
  for (const int type : {AV_PKT_DATA_MASTERING_DISPLAY_METADATA, AV_PKT_DATA_CONTENT_LIGHT_LEVEL}) {
    CAPTURE(type);
    REQUIRE(b.side_data.count(type) == 1);
  }
  REQUIRE(a.side_data.at(AV_PKT_DATA_CONTENT_LIGHT_LEVEL) ==
          b.side_data.at(AV_PKT_DATA_CONTENT_LIGHT_LEVEL));
}

TEST_CASE("all other streams, chapters, dispositions, languages and tags are kept") {
  struct Rich {
    const char *extension, *subtitle;
    bool attachment, cover, timecode;
  };
  const Rich rich = GENERATE(Rich{"mkv", "subrip", true, false, false},
                             Rich{"mp4", "mov_text", false, true, true},
                             Rich{"mov", "mov_text", false, false, true});
  CAPTURE(rich.extension);
  const clips::Folder folder;
  clips::Clip clip;
  clip.subtitle = rich.subtitle;
  clip.attachment = rich.attachment;
  clip.cover = rich.cover;
  clip.timecode = rich.timecode;
  clip.chapters = true;
  clip.second_video = true;
  clip.tags = {{"title", "A film"}, {"comment", "as it was"}, {"studio_code", "X-17"}};
  // Free names are beyond the plain form of MP4: then the clip itself does not carry it.
  const bool free_names = std::string(rich.extension) != "mp4";
  if (std::string(rich.extension) == "mov") clip.muxing = {{"movflags", "use_metadata_tags"}};
  const std::string in = folder / (std::string("in.") + rich.extension);
  const std::string out = folder / (std::string("out.") + rich.extension);
  clips::make(in, clip);
  const Ran ran = run_clean(in, out);
  REQUIRE(ran.degradations.empty());
  const auto a = clips::read(in), b = clips::read(out);
  REQUIRE(a.chapters.size() == 2);
  REQUIRE(a.chapters == b.chapters);
  REQUIRE(has_tag(b, "title", "A film"));
  REQUIRE(has_tag(b, "comment", "as it was"));
  if (free_names) {
    REQUIRE(has_tag(b, "studio_code", "X-17"));
  }
  for (const char* kind : {"video", "audio", "subtitle", "attachment"})
    REQUIRE(a.count(kind) == b.count(kind));
  REQUIRE(a.streams.size() == b.streams.size());
  for (std::size_t i = 0; i < a.streams.size(); ++i) {
    const auto &s = a.streams[i], &t = b.streams[i];
    CAPTURE(i, s.kind, s.codec);
    REQUIRE(s.kind == t.kind);
    REQUIRE(s.codec == t.codec);
    REQUIRE(s.disposition == t.disposition);
    if (s.tags.contains("language")) {
      REQUIRE(s.tags.at("language") == t.tags.at("language"));
    }
    if (s.tags.contains("timecode")) {
      REQUIRE(s.tags.at("timecode") == t.tags.at("timecode"));
    }
    if (s.kind == "attachment") {
      REQUIRE(s.extradata == t.extradata);
    }
    if (i == 0) continue;
    REQUIRE(bytes_of(s) == bytes_of(t));
  }
}

TEST_CASE("the output says that it was edited, unless told not to") {
  const std::string extension = GENERATE("mp4", "mov", "mkv", "webm");
  CAPTURE(extension);
  const clips::Folder folder;
  clips::Clip clip;
  if (extension == "webm") clip.video = "libvpx-vp9";
  clip.sound = nullptr;
  const std::string in = folder / ("in." + extension), out = folder / ("out." + extension);
  clips::make(in, clip);
  Options options = quick_options();
  const auto tagged = [&] {
    for (const auto& [key, value] : clips::read(out).tags)
      if (value.starts_with("cleanplate ")) return true;
    return false;
  };
  run_clean(in, out, options);
  REQUIRE(tagged());
  options.tag_edited = false;
  run_clean(in, out, options);
  REQUIRE_FALSE(tagged());
}

TEST_CASE("a stream that the target cannot hold is named, and refused under strict") {
  const clips::Folder folder;
  clips::Clip clip;
  clip.subtitle = "subrip";
  clip.attachment = true;
  clips::make(folder / "in.mkv", clip);
  const Ran ran = run_clean(folder / "in.mkv", folder / "out.mp4");
  REQUIRE(ran.degradations.size() == 2);
  REQUIRE_THAT(ran.degradations[0].from, Catch::Contains("subrip"));
  Options strict = quick_options();
  strict.strict = true;
  const Ran refused = run_through(folder / "in.mkv", folder / "strict.mp4", strict);
  REQUIRE(refused.error.code == Code::degraded);
  REQUIRE_THAT(refused.error.message, Catch::Contains("subrip"));
  REQUIRE(folder.names() == std::vector<std::string>{"in.mkv", "out.mp4"});
}

TEST_CASE("interlaced video stays interlaced, or is refused") {
  const clips::Folder folder;
  clips::Clip clip;
  clip.interlaced = true;
  clip.sound = nullptr;
  clip.video = GENERATE(as<const char*>(), "libx264", "mpeg2video");
  CAPTURE(clip.video);
  clips::make(folder / "in.ts", clip);
  run_clean(folder / "in.ts", folder / "out.ts");
  auto decoder = VideoDecoder::open(folder / "out.ts", quick_options());
  REQUIRE(decoder);
  REQUIRE(decoder->info().interlaced);
  Frame frame;
  REQUIRE(decoder->pull(frame));
  REQUIRE(frame.interlaced);
  REQUIRE(frame.top_field_first);
  const Ran refused = run_through(folder / "in.ts", folder / "out.webm");
  REQUIRE_THAT(refused.error.message, Catch::Contains("interlaced"));
}

TEST_CASE("captions inside the pictures travel with them") {
  const clips::Folder folder;
  clips::Clip clip;
  clip.captions = true;
  clip.sound = nullptr;
  clips::make(folder / "in.mp4", clip);
  const auto before = side_data(folder / "in.mp4", AV_FRAME_DATA_A53_CC);
  REQUIRE(before.size() == 24);
  Options options = quick_options();
  options.encoder = GENERATE("libx264", "libx265", "mpeg2video");
  CAPTURE(options.encoder);
  const Ran ran = run_clean(folder / "in.mp4", folder / "out.mkv", options);
  REQUIRE(ran.degradations.empty());
  REQUIRE(side_data(folder / "out.mkv", AV_FRAME_DATA_A53_CC) == before);
}

TEST_CASE("a picture may carry several messages of one kind") {
  const clips::Folder folder;
  clips::Clip clip;
  clip.notes = true;
  clip.sound = nullptr;
  clips::make(folder / "in.mp4", clip);
  const auto notes = side_data(folder / "in.mp4", AV_FRAME_DATA_SEI_UNREGISTERED);
  REQUIRE(notes.size() >= 48);
  Options options = quick_options();
  options.encoder_options = "udu_sei=1";
  run_clean(folder / "in.mp4", folder / "out.mp4", options);
  auto after = side_data(folder / "out.mp4", AV_FRAME_DATA_SEI_UNREGISTERED);
  for (const std::string& note : notes)
    REQUIRE(std::find(after.begin(), after.end(), note) != after.end());
}

TEST_CASE("captions that an encoder has no place for are named") {
  const clips::Folder folder;
  clips::Clip clip;
  clip.captions = true;
  clip.sound = nullptr;
  clips::make(folder / "in.mp4", clip);
  const Ran ran = run_clean(folder / "in.mp4", folder / "out.webm");
  REQUIRE(ran.degradations.size() == 1);
  REQUIRE_THAT(ran.degradations[0].from, Catch::Contains("captions"));
}
