/// @file
/// A media file opened for reading: frames of its main video, packets of all else.
#pragma once
#include <cleanplate/device.h>
#include <cleanplate/media_info.h>
#include <cleanplate/options.h>
#include <cleanplate/report.h>
#include <cleanplate/result.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cleanplate {

/// A packet of a stream that is copied; opaque outside media.
using Packet = std::shared_ptr<const void>;

/// Reads with libavformat and decodes in software, or under device=cuda on the card (NVDEC) what
/// that gives the same samples of: 4:2:0 of 8 or 10 bits. Where the card fails, at any frame,
/// software goes on from there. Frames are read-only, and in the host's memory unless a Device is
/// given for them to stay on.
/// Threads: one object, one thread at a time.
class VideoDecoder {
 public:
  /// @param options  `threads`, `tolerant`, `max_memory`, `device`.
  /// @param alone  no encoder works beside it: all of `threads` decode, not only a share, and
  ///        no card does.
  /// @param device  a card: frames that it decodes stay in its memory (Frame::on_device), each in a
  ///        copy of its own; but not those after a failure, or after it had no memory left for one.
  ///        What VideoInfo::format says is to_host()'s.
  /// @return `not_found`, `unreadable`, `no_video`, `encrypted`, `unsupported`, `damaged`,
  ///         `decoder`.
  [[nodiscard]] static Result<VideoDecoder> open(const std::string& path, const Options& options,
                                                 bool alone = false, const Device& device = {});
  VideoDecoder(VideoDecoder&&) noexcept;
  VideoDecoder& operator=(VideoDecoder&&) noexcept;
  ~VideoDecoder();

  [[nodiscard]] const VideoInfo& info() const;
  [[nodiscard]] const std::vector<StreamInfo>& streams() const;

  /// The next frame in presentation order.
  /// @return `ok`, or `end`; error `damaged` (not under `tolerant`), `unsupported`
  ///         (size or format changed in mid-stream), `decoder`.
  [[nodiscard]] Result<Flow> pull(Frame& frame);
  /// From here on frames come to the host's memory, the next one too.
  /// @return as `pull`, where software has to take over.
  [[nodiscard]] Result<void> bring_down();
  /// Packets of other streams met on the way so far, in file order; empties the list.
  /// With `keep_packets(false)` they are dropped at once.
  [[nodiscard]] std::vector<Packet> take_packets();
  void keep_packets(bool keep);

  /// Goes to the last key frame at or before `seconds` (from the first frame's time).
  /// @return `unsupported`: the file cannot be sought in.
  [[nodiscard]] Result<void> seek(double seconds);
  /// The key frames' times in seconds from the first frame's, rising, as far as the container's
  /// index tells them; empty: it has none, or it is read with the first seek only. A seek to one of
  /// them lands on it.
  [[nodiscard]] std::vector<double> key_frames() const;
  /// Only key frames from here on (fast); for looking at a sample of a clip.
  void key_frames_only(bool only);
  /// Only frames that others are predicted from, from here on: for a sample of a clip at less than
  /// the cost of all its frames. Where a codec has no other frames, none is left out.
  void reference_frames_only(bool only);

  /// Frames that `tolerant` had to give up.
  [[nodiscard]] std::int64_t lost_frames() const;
  /// What media would have to say in a report: side data dropped and the like; sentences.
  [[nodiscard]] const std::vector<std::string>& warnings() const;
  /// Where it decodes now: "cpu", or "cuda:0 (NVDEC)".
  [[nodiscard]] std::string device() const;
  /// Steps down: from the card's memory to the host's, from the card to software; at most two.
  [[nodiscard]] const std::vector<Degradation>& degradations() const;

 private:
  struct State;
  explicit VideoDecoder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
  friend class VideoEncoder;
  friend struct DecoderInside;  // tests
};

}  // namespace cleanplate
