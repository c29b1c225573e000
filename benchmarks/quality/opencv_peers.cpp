#include <algorithm>

#include "peers.h"

#ifdef CLEANPLATE_WITH_OPENCV
#include <opencv2/core.hpp>
#include <opencv2/core/version.hpp>
#include <opencv2/photo.hpp>

namespace quality {

namespace {
constexpr double reach = 3;  // inpaint radius, luma samples, OpenCV's own example value
constexpr int around = 16;   // samples of surroundings that the fill gets to see

/// Each plane is filled by itself, the chroma planes with the mask of any covered luma sample.
class Filled : public Peer {
 public:
  Filled(std::string name, int method, const Told& told) : Peer(std::move(name)), method_(method) {
    for (int c = 0; c < 3; ++c) {
      const auto [w, h] = demo::size_of(told.like, c);
      const int sx = w < told.like.width, sy = h < told.like.height;
      cv::Mat mask = cv::Mat::zeros(h, w, CV_8U);
      for (int y = 0; y < told.like.height; ++y)
        for (int x = 0; x < told.like.width; ++x)
          if (told.support[static_cast<std::size_t>(y * told.like.width + x)])
            mask.at<std::uint8_t>(std::min(y >> sy, h - 1), std::min(x >> sx, w - 1)) = 255;
      const auto [bx, by, bw, bh] = told.boxes[static_cast<std::size_t>(c)];
      const cv::Rect box = cv::Rect(bx - around, by - around, bw + 2 * around, bh + 2 * around) &
                           cv::Rect(0, 0, w, h);
      boxes_[c] = box;
      masks_[c] = mask(box).clone();
    }
  }

  demo::FramePtr restore(const AVFrame& seen, int) override {
    demo::FramePtr frame(av_frame_clone(&seen));
    demo::checked(av_frame_make_writable(frame.get()), "Copying a frame");
    const bool deep = demo::bits_of(seen) > 8;
    for (int c = 0; c < 3; ++c) {
      auto* first =
          frame->data[c] + boxes_[c].y * frame->linesize[c] + boxes_[c].x * (deep ? 2 : 1);
      cv::Mat plane(boxes_[c].size(), deep ? CV_16U : CV_8U, first,
                    static_cast<std::size_t>(frame->linesize[c]));
      cv::Mat filled;
      cv::inpaint(plane, masks_[c], filled, reach, method_);
      filled.copyTo(plane);
    }
    return frame;
  }

 private:
  int method_;
  cv::Rect boxes_[3];
  cv::Mat masks_[3];
};
}  // namespace

std::vector<std::unique_ptr<Peer>> opencv_peers(const Told& told) {
  std::vector<std::unique_ptr<Peer>> peers;
  peers.push_back(std::make_unique<Filled>("telea", cv::INPAINT_TELEA, told));
  peers.push_back(std::make_unique<Filled>("navier-stokes", cv::INPAINT_NS, told));
  return peers;
}

std::string opencv_version() { return CV_VERSION; }

}  // namespace quality
#else
namespace quality {
std::vector<std::unique_ptr<Peer>> opencv_peers(const Told&) { return {}; }
std::string opencv_version() { return {}; }
}  // namespace quality
#endif
