/// @file
/// Writes a clip with libx264 and, where wanted, sound.
#pragma once
#include <string>

#include "av_handles.h"

namespace demo {

struct WriterSettings {
  int crf = 18;
  std::string preset = "medium";
  bool lossless = false;  ///< qp 0 instead of crf
  AVRational time_base{1, 25};
  AVRational frame_rate{25, 1};
  int threads = 0;  ///< 0: libx264's choice
};

/// Threads: one object, one thread at a time. Failures are thrown as std::runtime_error.
class ClipWriter {
 public:
  /// @param like  a frame with the size, pixel format and colour of those to come.
  ClipWriter(std::string path, const AVFrame& like, const WriterSettings& settings);
  ClipWriter(const ClipWriter&) = delete;
  ClipWriter& operator=(const ClipWriter&) = delete;
  ~ClipWriter();

  /// A stream whose packets will be given to push_packet; before the first push. @return its index.
  int copy_stream(const AVStream& source);
  /// A sine sweep as AAC, written by finish; before the first push.
  void add_sweep(double seconds);

  /// @param frame  pts in ticks of settings.time_base, rising.
  void push(const AVFrame& frame);
  /// @param stream  what copy_stream gave. @param time_base  of the packet's times.
  void push_packet(const AVPacket& packet, int stream, AVRational time_base);
  void finish();

 private:
  void begin();
  void drain(AVCodecContext& codec, AVStream& stream);
  void encode_sweep();

  std::string path_;
  AVFormatContext* format_ = nullptr;
  CodecPtr video_, sound_;
  AVStream* video_stream_ = nullptr;
  AVStream* sound_stream_ = nullptr;
  double sweep_seconds_ = 0;
  bool begun_ = false;
};

}  // namespace demo
