/// @file
/// A media file being written: frames in, a finished file or nothing out.
#pragma once
#include <cleanplate/device.h>
#include <cleanplate/media_info.h>
#include <cleanplate/options.h>
#include <cleanplate/report.h>
#include <cleanplate/result.h>
#include <cleanplate/video_decoder.h>

#include <memory>
#include <string>
#include <vector>

namespace cleanplate {

/// Encodes, muxes, and copies the other streams. Writes to a temporary name beside the target;
/// `finish` syncs and renames. Destroyed unfinished, it leaves nothing behind.
/// Threads: one object, one thread at a time.
class VideoEncoder {
 public:
  /// @param source   the opened input, whose streams, times and colour are kept; it must outlive
  ///                 this call only.
  /// @param options  `encoder`, `encoder_options`, `quality`, `lossless`, `tag_edited`, `threads`,
  ///                 `strict`.
  /// @return `unwritable`, `same_file`, `encoder`, `unsupported`, `degraded`.
  [[nodiscard]] static Result<VideoEncoder> open(const std::string& path,
                                                 const VideoDecoder& source,
                                                 const Options& options);
  VideoEncoder(VideoEncoder&&) noexcept;
  VideoEncoder& operator=(VideoEncoder&&) noexcept;
  ~VideoEncoder();

  /// The next frame, in presentation order, in the host's memory or on a device: it is brought to
  /// where the encoder takes it. @return `encoder`, `disk_full`, `unwritable`; `out_of_memory`,
  /// `device`: of bringing it there.
  [[nodiscard]] Result<Flow> push(const Frame& frame);
  /// A packet from VideoDecoder::take_packets, written as it is.
  [[nodiscard]] Result<Flow> push_packet(const Packet& packet);
  /// Flushes, writes the index, syncs, renames onto the target.
  [[nodiscard]] Result<void> finish();

  /// "libx264", and the rungs that were tried before it with the reasons.
  [[nodiscard]] const std::string& encoder_name() const;
  [[nodiscard]] const std::vector<Degradation>& degradations() const;
  /// Whether it is NVENC and takes the decoder's frames from the card's memory, where they lie. It
  /// is tried where the source was opened with a Device that frames stay on.
  [[nodiscard]] bool takes_device_frames() const;

 private:
  struct State;
  explicit VideoEncoder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Whether an encoder really opens here: one frame at this size and format is encoded.
/// @return the error's sentence is FFmpeg's reason.
[[nodiscard]] Result<void> probe_encoder(const std::string& name, PixelFormat format, Size size);
/// Encoders tried for a codec, best first ("h264" → h264_nvenc, libx264, …).
[[nodiscard]] std::vector<std::string> encoder_ladder(const std::string& codec);

}  // namespace cleanplate
