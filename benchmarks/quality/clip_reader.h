/// @file
/// Decoded frames of a clip's video; its sound's packets for copying.
#pragma once
#include <string>
#include <vector>

#include "demo_clip/av_handles.h"

namespace quality {

/// Threads: one object, one thread at a time. Failures are thrown as std::runtime_error.
class ClipReader {
 public:
  explicit ClipReader(const std::string& path, int threads = 2);
  ClipReader(const ClipReader&) = delete;
  ClipReader& operator=(const ClipReader&) = delete;
  ~ClipReader();

  /// The next frame in presentation order; false at the end.
  bool next(AVFrame& frame);
  [[nodiscard]] const AVStream& video() const { return *format_->streams[video_]; }
  /// The first sound stream; null: none.
  [[nodiscard]] const AVStream* sound() const {
    return sound_ < 0 ? nullptr : format_->streams[sound_];
  }
  /// The sound's packets met so far; empties the list.
  std::vector<demo::PacketPtr> take_sound();

 private:
  AVFormatContext* format_ = nullptr;
  demo::CodecPtr codec_;
  demo::PacketPtr packet_ = demo::new_packet();
  std::vector<demo::PacketPtr> met_;
  int video_ = -1, sound_ = -1;
  bool drained_ = false;
};

}  // namespace quality
