/// @file
/// Small media files with all that can be odd about them, made and read back with libav alone, so
/// that the media room is checked against something it has no part in.
#pragma once
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace clips {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Clip {
  const char* video = "libx264";  ///< encoder; null: none
  AVPixelFormat format = AV_PIX_FMT_YUV420P;
  int width = 96, height = 64;
  AVRational tick{1, 90000};        ///< of `times`
  std::vector<std::int64_t> times;  ///< pts of each frame; empty: 24 frames at 25 a second
  std::int64_t last_duration = 0;   ///< ticks of the last frame; 0: as the one before
  Pairs coding;                     ///< encoder options
  int b_frames = 2;
  bool interlaced = false, bottom_field_first = false;
  bool captions = false;  ///< CEA-608 bytes with every frame
  bool notes = false;     ///< two messages of no standard with every frame (libx264)
  AVColorRange range = AVCOL_RANGE_UNSPECIFIED;
  AVColorPrimaries primaries = AVCOL_PRI_UNSPECIFIED;
  AVColorTransferCharacteristic transfer = AVCOL_TRC_UNSPECIFIED;
  AVColorSpace matrix = AVCOL_SPC_UNSPECIFIED;
  AVRational sample_aspect{0, 1};
  double rotation = 0;             ///< degrees counter-clockwise, as a display matrix
  bool hdr10 = false;              ///< mastering display and content light on the stream
  const char* sound = "aac";       ///< encoder; null: none
  double sound_from = 0;           ///< seconds
  bool second_video = false;       ///< one more video stream, of another size
  const char* subtitle = nullptr;  ///< "subrip", "mov_text", "webvtt"
  bool chapters = false, attachment = false, cover = false, timecode = false;
  Pairs tags;    ///< of the file
  Pairs muxing;  ///< muxer options
};

/// Writes a clip; the container follows the extension. Throws std::runtime_error with the reason.
void make(const std::string& path, const Clip& clip);
/// A file of these frames at 25 a second, size changing in the middle (annex B in a .ts file).
void make_changing_size(const std::string& path);

struct PacketRead {
  double pts = 0, dts = 0, duration = 0;  ///< seconds; pts NaN where there is none
  std::string bytes;
  bool key = false;
};
struct StreamRead {
  std::string kind, codec;
  AVRational tick{0, 1};
  AVCodecParameters parameters{};  ///< plain fields only; pointers are null
  AVRational sample_aspect{0, 1};
  int disposition = 0;
  std::map<std::string, std::string> tags;
  std::map<int, std::string> side_data;  ///< by AVPacketSideDataType
  std::vector<PacketRead> packets;       ///< in file order
  std::string extradata;
};
struct ChapterRead {
  double from = 0, to = 0;
  std::string title;
  bool operator==(const ChapterRead&) const = default;
};
struct FileRead {
  std::vector<StreamRead> streams;
  std::vector<ChapterRead> chapters;
  std::map<std::string, std::string> tags;
  /// The first stream of a kind ("video", "audio", …); throws where there is none.
  [[nodiscard]] const StreamRead& first(const std::string& kind) const;
  [[nodiscard]] int count(const std::string& kind) const;
};
/// Demuxes all of a file.
[[nodiscard]] FileRead read(const std::string& path);

/// A folder of its own, removed at the end.
class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();
  [[nodiscard]] std::string operator/(const std::string& name) const {
    return (path_ / name).string();
  }
  [[nodiscard]] std::vector<std::string> names() const;  ///< sorted

 private:
  std::filesystem::path path_;
};

}  // namespace clips
