/// @file
/// libav's objects as owning C++ handles, and its failures as sentences.
#pragma once
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
}
#include <memory>
#include <stdexcept>
#include <string>

namespace demo {

template <auto free_function>
struct FreeAv {
  template <class T>
  void operator()(T* held) const {
    free_function(&held);
  }
};
using FramePtr = std::unique_ptr<AVFrame, FreeAv<av_frame_free>>;
using PacketPtr = std::unique_ptr<AVPacket, FreeAv<av_packet_free>>;
using CodecPtr = std::unique_ptr<AVCodecContext, FreeAv<avcodec_free_context>>;

inline FramePtr new_frame() { return FramePtr(av_frame_alloc()); }
inline PacketPtr new_packet() { return PacketPtr(av_packet_alloc()); }

/// Gives `code` back when it is no failure; else throws what was tried and libav's reason.
inline int checked(int code, const std::string& tried) {
  if (code >= 0) return code;
  char reason[AV_ERROR_MAX_STRING_SIZE] = "";
  av_strerror(code, reason, sizeof reason);
  throw std::runtime_error(tried + " failed: " + reason + ".");
}

}  // namespace demo
