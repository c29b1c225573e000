#include "media/av.h"

#include <cstdint>
#include <cstring>
#include <string_view>
extern "C" {
#include <libavutil/log.h>
}

#include <cstdarg>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <string_view>

#include "core/log.h"

namespace cleanplate::media {

void close_codec(AVCodecContext* context) {
  // libsvtav1 1.4 waits for ever in its closing when it never had a frame: it gets one first.
  const std::string_view name = context && context->codec ? context->codec->name : "";
  if (name == "libsvtav1" && avcodec_is_open(context)) {
    if (const FramePtr frame{av_frame_alloc()}) {
      frame->width = context->width;
      frame->height = context->height;
      frame->format = context->pix_fmt;
      frame->pts = std::int64_t{1} << 40;  // after whatever came before
      if (av_frame_get_buffer(frame.get(), 0) == 0) {
        for (const AVBufferRef* buffer : frame->buf)
          if (buffer) std::memset(buffer->data, 0, buffer->size);
        (void)avcodec_send_frame(context, frame.get());
      }
    }
  }
  avcodec_free_context(&context);
}

namespace {
thread_local AvReason* innermost = nullptr;

std::string without_stop(std::string s) {
  while (!s.empty() && (s.back() == '\n' || s.back() == '.' || s.back() == ' ')) s.pop_back();
  return s;
}
}  // namespace

void take_av_line(void* from, int level, const char* format, va_list args) {
  const bool failure = level <= AV_LOG_ERROR;
  if (level > AV_LOG_VERBOSE) return;
  if (!(failure && innermost) && !log_wanted(LogLevel::debug)) return;
  char line[1024];
  int print_prefix = 1;
  av_log_format_line2(from, level, format, args, line, sizeof line, &print_prefix);
  try {
    std::string text = without_stop(line);
    if (text.empty()) return;
    // What fails in libav is often only a question asked (a probe); our own Error says what counts.
    log_line(LogLevel::debug, "libav: {}", text);
    if (!failure || !innermost) return;
    if (const auto bracket = text.find("] "); text[0] == '[' && bracket != std::string::npos)
      text.erase(0, bracket + 2);
    if (innermost->first_.empty()) innermost->first_ = text;
    innermost->last_ = text;
  } catch (...) {  // a lost log line must not unwind through C
  }
}

AvReason::AvReason() : outer_(innermost) { innermost = this; }
AvReason::~AvReason() { innermost = outer_; }
std::string AvReason::text(int code) const { return last_.empty() ? av_words(code) : last_; }
std::string AvReason::whole_or(const std::string& words) const {
  if (last_.empty()) return words;
  return first_ == last_ ? last_ : last_ + ": " + first_;
}

void route_av_log() {
  static std::once_flag once;
  std::call_once(once, [] { av_log_set_callback(take_av_line); });
}

std::string av_words(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, text, sizeof text);
  return without_stop(text);
}

Error av_error(Code code, const char* stage, const std::string& tried, int native) {
  if (native == AVERROR(ENOMEM)) code = Code::out_of_memory;
  return {code, stage, tried + ": " + av_words(native) + ".", -1, native};
}

}  // namespace cleanplate::media
