/// @file
/// Three threads in a row with a few frames between them.
#pragma once
#include <cleanplate/cancel.h>
#include <cleanplate/video_decoder.h>

#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/bounded_queue.h"
#include "pipeline/chain.h"
#include "pipeline/stage_clock.h"

namespace cleanplate {

/// Starts the three, passes items along in order, and gives the first failure. A failed or
/// cancelled stage stops the others.
class Line {
 public:
  /// A frame, or packets of the streams that are copied, in file order.
  struct Item {
    Frame frame;
    std::vector<Packet> packets;
  };
  using Queue = BoundedQueue<Item>;

  class Out {
   public:
    explicit Out(Queue& queue) : queue_(queue) {}
    /// @return false: the line is stopping.
    [[nodiscard]] bool frame(Frame frame) { return queue_.push({std::move(frame), {}}); }
    [[nodiscard]] bool packets(std::vector<Packet> packets) {
      return packets.empty() || queue_.push({{}, std::move(packets)});
    }

   private:
    Queue& queue_;
  };
  class In {
   public:
    explicit In(Queue& queue) : queue_(queue) {}
    /// @return false: no more, or the line is stopping.
    [[nodiscard]] bool next(Item& item) { return queue_.pop(item); }

   private:
    Queue& queue_;
  };

  Line(const CancelToken& cancel, int frames_between);
  ~Line();

  void start(std::function<Result<void>(Out&)> body);
  void then(std::function<Result<void>(In&, Out&)> body);
  void last(std::function<Result<void>(In&)> body);
  /// Until all three are done. @return the first failure; `cancelled`.
  [[nodiscard]] Result<void> wait();

 private:
  void run(std::function<Result<void>()> body, Queue* ends);

  CancelToken cancel_;
  Queue decoded_, restored_;
  std::mutex lock_;
  std::optional<Error> first_;
  std::vector<std::thread> threads_;
};

/// The line's middle: what comes in goes through the chain, packets go round it.
/// @param[out] changed  frames that have a mask.
[[nodiscard]] Result<void> restore_frames(Chain& chain, Line::In& in, Line::Out& out,
                                          StageClock& clock, std::int64_t& changed);

[[nodiscard]] std::int64_t frame_bytes(const VideoInfo& video);

}  // namespace cleanplate
