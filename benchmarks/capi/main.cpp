// What a push and a pull cost more through the C ABI than in C++: both in one process, in turns, on
// the same frames, which pass through as they are, so that the call is all there is to time.
//   capi_calls [PAIRS]
#include <cleanplate.h>
#include <cleanplate/restorer.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
constexpr int width = 64, height = 48;

double nanoseconds(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double, std::nano>(to - from).count();
}

double median(std::vector<double>& times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

[[noreturn]] void fail(const char* sentence) {
  std::fprintf(stderr, "capi_calls: %s\n", sentence);
  std::exit(1);
}

/// Through the C++ API.
class Plain {
 public:
  Plain() {
    cleanplate::Options options;
    options.detect = "none";
    options.device = "cpu";
    cleanplate::VideoInfo video;
    video.size = {width, height};
    video.time_base = {1, 1000};
    auto made = cleanplate::Restorer::create(options, video);
    if (!made) fail(made.error().message.c_str());
    restorer_.emplace(*std::move(made));
  }
  /// One frame in, the same out; ns.
  double pair(int n) {
    auto frame = cleanplate::Frame::allocate({cleanplate::Layout::yuv420, 8}, {width, height});
    if (!frame) fail(frame.error().message.c_str());
    frame->pts = n;
    cleanplate::Frame out;
    const auto start = Clock::now();
    const auto pushed = restorer_->push(*frame);
    const auto pulled = restorer_->pull(out);
    const auto stop = Clock::now();
    if (!pushed || !pulled || *pulled != cleanplate::Flow::ok || out.pts != n ||
        out.component(0).data != frame->component(0).data)
      fail("the C++ restorer gave another frame");
    return nanoseconds(start, stop);
  }

 private:
  std::optional<cleanplate::Restorer> restorer_;
};

/// Through the C ABI, with an error struct as a program has it.
class ThroughC {
 public:
  ThroughC() {
    cleanplate_options* options = nullptr;
    cleanplate_video_info video{};
    video.struct_size = sizeof video;
    video.layout = CLEANPLATE_LAYOUT_YUV420, video.bits = 8;
    video.width = width, video.height = height;
    video.time_base_num = 1, video.time_base_den = 1000;
    cleanplate_options_create(&options, &error_);
    cleanplate_options_set(options, "detect", "none", &error_);
    cleanplate_options_set(options, "device", "cpu", &error_);
    cleanplate_restorer_create(options, &video, nullptr, nullptr, nullptr, &restorer_, &error_);
    cleanplate_options_destroy(options);
    if (error_.code) fail(error_.message);
  }
  ThroughC(const ThroughC&) = delete;
  ThroughC& operator=(const ThroughC&) = delete;
  ~ThroughC() { cleanplate_restorer_destroy(restorer_); }

  double pair(int n) {
    cleanplate_frame_info info{};
    info.struct_size = sizeof info;
    info.layout = CLEANPLATE_LAYOUT_YUV420, info.bits = 8;
    info.width = width, info.height = height, info.pts = n;
    cleanplate_frame *frame = nullptr, *out = nullptr;
    cleanplate_frame_allocate(&info, &frame, &error_);
    const auto start = Clock::now();
    cleanplate_restorer_push(restorer_, frame, &error_);
    cleanplate_restorer_pull(restorer_, &out, &error_);
    const auto stop = Clock::now();
    cleanplate_component in_luma{}, out_luma{};
    in_luma.struct_size = out_luma.struct_size = sizeof in_luma;
    cleanplate_frame_read(frame, 0, &in_luma, &error_);
    cleanplate_frame_read(out, 0, &out_luma, &error_);
    if (error_.code || in_luma.data != out_luma.data) fail("the C restorer gave another frame");
    cleanplate_frame_destroy(frame);
    cleanplate_frame_destroy(out);
    return nanoseconds(start, stop);
  }

 private:
  cleanplate_error error_{sizeof error_, 0, 0, -1, "", ""};
  cleanplate_restorer* restorer_ = nullptr;
};

}  // namespace

int main(int argc, char** argv) {
  const int pairs = argc > 1 ? std::max(1000, std::atoi(argv[1])) : 200000;
  Plain plain;
  ThroughC c;
  std::vector<double> in_cpp, in_c;
  for (int n = 0; n < pairs; ++n) {
    in_cpp.push_back(plain.pair(n));
    in_c.push_back(c.pair(n));
  }
  const double cpp = median(in_cpp), over = median(in_c);
  std::printf("push and pull, median of %d: C++ %.0f ns, C %.0f ns; the C ABI costs %.0f ns more\n",
              pairs, cpp, over, over - cpp);
  return over - cpp <= 2000 ? 0 : 1;
}
