#include "stages/timed_device.h"

#include <chrono>

#include "core/try.h"

namespace bench {

using namespace cleanplate;

class TimedDevice::TimedStream : public StreamCore {
 public:
  TimedStream(std::shared_ptr<TimedDevice> device, Stream inner)
      : device_(std::move(device)), inner_(std::move(inner)) {}

  Result<void> launch(const Launch& launch) override {
    using Clock = std::chrono::steady_clock;
    CP_CHECK(inner_.wait());
    const auto began = Clock::now();
    for (int n = 0; n < device_->times_; ++n) CP_CHECK(inner_.core().launch(launch));
    CP_CHECK(inner_.wait());
    const double took = std::chrono::duration<double>(Clock::now() - began).count();
    const std::lock_guard held(device_->lock_);
    Launched& all = device_->launched_[launch.name];
    ++all.launches;
    all.seconds += took / device_->times_;
    for (const Access& access : launch.touches) all.bytes += static_cast<double>(access.bytes);
    return {};
  }
  Result<void> copy(const Copy& copy) override { return inner_.core().copy(copy); }
  Result<void> call(const char* name, Work work, std::span<const Access> touches) override {
    return inner_.core().call(name, std::move(work), touches);
  }
  Result<Event> record() override { return inner_.record(); }
  Result<void> wait_for(const Event& event) override { return inner_.wait_for(event); }
  Result<void> wait() override { return inner_.wait(); }
  [[nodiscard]] void* native() const override { return inner_.native(); }

 private:
  std::shared_ptr<TimedDevice> device_;
  Stream inner_;
};

Result<Stream> TimedDevice::stream() {
  CP_TRY(Stream inner, inner_.core().stream());
  return Stream(std::make_shared<TimedStream>(
      std::static_pointer_cast<TimedDevice>(shared_from_this()), std::move(inner)));
}

std::map<std::string, Launched> TimedDevice::launched() const {
  const std::lock_guard held(lock_);
  return launched_;
}

Result<void*> TimedDevice::take(std::size_t bytes, Memory kind) {
  CP_TRY(Buffer buffer, inner_.core().allocate(bytes, kind));
  void* address = buffer.view<unsigned char>(0, 0).first.address();
  const std::lock_guard held(lock_);
  buffers_.emplace(address, std::move(buffer));
  return address;
}

void TimedDevice::give_back(void* address, std::size_t /*bytes*/, Memory /*kind*/) noexcept {
  const std::lock_guard held(lock_);
  buffers_.erase(address);
}

}  // namespace bench
