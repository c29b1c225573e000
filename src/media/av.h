/// @file
/// libav's objects with owners, and its failures as ours.
#pragma once
#include <cleanplate/result.h>

#include <memory>
#include <string>

#include "media/compat.h"

namespace cleanplate::media {

/// Frees a codec, whatever state it is in.
void close_codec(AVCodecContext* context);

struct AvDelete {
  void operator()(AVFrame* p) const { av_frame_free(&p); }
  void operator()(AVPacket* p) const { av_packet_free(&p); }
  void operator()(AVCodecContext* p) const { close_codec(p); }
};
using FramePtr = std::unique_ptr<AVFrame, AvDelete>;
using PacketPtr = std::unique_ptr<AVPacket, AvDelete>;
using CodecPtr = std::unique_ptr<AVCodecContext, AvDelete>;

struct CloseInput {
  void operator()(AVFormatContext* p) const { avformat_close_input(&p); }
};
using InputPtr = std::unique_ptr<AVFormatContext, CloseInput>;

/// An AVDictionary with an owner.
class Dictionary {
 public:
  Dictionary() = default;
  Dictionary(Dictionary&& o) noexcept : held_(std::exchange(o.held_, nullptr)) {}
  Dictionary& operator=(Dictionary&& o) noexcept {
    std::swap(held_, o.held_);
    return *this;
  }
  Dictionary(const Dictionary& o) { av_dict_copy(&held_, o.held_, 0); }
  ~Dictionary() { av_dict_free(&held_); }

  void set(const std::string& key, const std::string& value) {
    av_dict_set(&held_, key.c_str(), value.c_str(), 0);
  }
  /// The first key left, empty for none.
  [[nodiscard]] std::string first_key() const {
    const AVDictionaryEntry* e = av_dict_get(held_, "", nullptr, AV_DICT_IGNORE_SUFFIX);
    return e ? e->key : "";
  }
  [[nodiscard]] std::string get(const std::string& key) const {
    const AVDictionaryEntry* e = av_dict_get(held_, key.c_str(), nullptr, AV_DICT_MATCH_CASE);
    return e ? e->value : "";
  }
  AVDictionary** out() { return &held_; }

 private:
  AVDictionary* held_ = nullptr;
};

/// Throws std::bad_alloc on null: libav's allocations inside guarded calls.
template <class T>
T* must(T* p) {
  if (!p) throw std::bad_alloc();
  return p;
}
inline FramePtr new_frame() { return FramePtr(must(av_frame_alloc())); }
inline PacketPtr new_packet() { return PacketPtr(must(av_packet_alloc())); }

/// libav's words for a code: "Invalid data found when processing input".
[[nodiscard]] std::string av_words(int code);
/// "<tried>: <libav's reason>." with the native code; out of memory keeps its own code.
[[nodiscard]] Error av_error(Code code, const char* stage, const std::string& tried, int native);

/// Keeps the first and the last error line that libav logs on this thread while in scope; the codes
/// alone say little ("Generic error in an external library").
class AvReason {
 public:
  AvReason();
  AvReason(const AvReason&) = delete;
  AvReason& operator=(const AvReason&) = delete;
  ~AvReason();
  /// The last line, without a full stop; else libav's words for `code`.
  [[nodiscard]] std::string text(int code) const;
  /// That, and the first line where it is another: the cause; what stands here if there is none.
  [[nodiscard]] std::string whole_or(const std::string& words) const;

 private:
  std::string first_, last_;
  AvReason* outer_;
  friend void take_av_line(void*, int, const char*, va_list);
};

/// Sends libav's messages to our log and nothing to stderr. libav has one callback a process, so
/// this is set once, at the first file that is opened.
void route_av_log();

}  // namespace cleanplate::media
