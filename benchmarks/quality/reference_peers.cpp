#include "peers.h"

namespace quality {

namespace {
class Untouched : public Peer {
 public:
  Untouched() : Peer("untouched") {}
  demo::FramePtr restore(const AVFrame& seen, int) override {
    return demo::FramePtr(av_frame_clone(&seen));
  }
};

class Oracle : public Peer {
 public:
  explicit Oracle(const Case& made) : Peer("oracle"), made_(made) {}
  demo::FramePtr restore(const AVFrame& seen, int number) override {
    demo::FramePtr frame(av_frame_clone(&seen));
    demo::checked(av_frame_make_writable(frame.get()), "Copying a frame");
    demo::take_off(*frame, made_.truth(number));
    return frame;
  }

 private:
  const Case& made_;
};
}  // namespace

Told told_of(const Case& made, const AVFrame& like, const std::string& scratch) {
  return {made.support_map(), made.support_box(), made.boxes(), like, scratch};
}

std::vector<std::unique_ptr<Peer>> reference_peers(const Case& made, bool opaque) {
  std::vector<std::unique_ptr<Peer>> peers;
  peers.push_back(std::make_unique<Untouched>());
  if (!opaque) peers.push_back(std::make_unique<Oracle>(made));
  return peers;
}

}  // namespace quality
