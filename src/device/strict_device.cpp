#include "device/strict_device.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "core/try.h"
#include "device/host_device.h"

namespace cleanplate {

struct StrictDevice::Mark {
  Clock clock;
  bool reached = false;
};

struct StrictDevice::Block {
  explicit Block(std::size_t bytes) : memory(bytes) {}
  ProtectedMemory memory;
  bool freed = false;
};

class StrictStream : public StreamCore {
 public:
  StrictStream(std::shared_ptr<StrictDevice> device, std::size_t lane)
      : device_(std::move(device)), lane_(lane) {}
  Result<void> launch(const Launch& launch) override {
    return guarded("device", [&] { return device_->launch(lane_, launch); });
  }
  Result<void> copy(const Copy& copy) override {
    return guarded("device", [&] { return device_->copy(lane_, copy); });
  }
  Result<void> call(const char* name, Work work, std::span<const Access> touches) override {
    return guarded("device", [&] { return device_->call(lane_, name, std::move(work), touches); });
  }
  Result<Event> record() override {
    return guarded("device", [&]() -> Result<Event> { return device_->record(lane_); });
  }
  Result<void> wait_for(const Event& event) override {
    return guarded("device", [&]() -> Result<void> {
      device_->wait_for(lane_, event);
      return {};
    });
  }
  Result<void> wait() override {
    return guarded("device", [&] { return device_->wait(lane_); });
  }

 private:
  std::shared_ptr<StrictDevice> device_;
  std::size_t lane_;
};

StrictDevice::StrictDevice(const StrictOptions& options)
    : options_(options), random_(options.seed) {}
StrictDevice::~StrictDevice() = default;

std::string StrictDevice::name() const {
  return std::string("strict (") + simd_name(options_.build) + ", seed " +
         std::to_string(options_.seed) + ")";
}

MemoryInfo StrictDevice::memory() const {
  const std::lock_guard held(lock_);
  return {options_.capacity, options_.capacity - used_};
}

std::vector<std::string> StrictDevice::violations() const {
  const std::lock_guard held(lock_);
  return violations_;
}
int StrictDevice::allocations() const {
  const std::lock_guard held(lock_);
  return allocations_;
}
int StrictDevice::launches() const {
  const std::lock_guard held(lock_);
  return launches_;
}
int StrictDevice::waits() const {
  const std::lock_guard held(lock_);
  return waits_;
}
std::uint64_t StrictDevice::copied(Copy::Way way) const {
  const std::lock_guard held(lock_);
  return copied_[static_cast<std::size_t>(way)];
}

Result<Stream> StrictDevice::stream() {
  return guarded("device", [&]() -> Result<Stream> {
    const std::lock_guard held(lock_);
    lanes_.emplace_back();
    auto self = std::static_pointer_cast<StrictDevice>(shared_from_this());
    return Stream(std::make_shared<StrictStream>(std::move(self), lanes_.size() - 1));
  });
}

Result<void*> StrictDevice::take(std::size_t bytes, Memory /*kind*/) {
  const std::lock_guard held(lock_);
  const bool injected = allocations_++ == options_.fail_allocation;
  if (injected || bytes > options_.capacity - used_)
    return Error{Code::out_of_memory, "device",
                 "Asked the strict device for " + std::to_string(bytes) + " bytes, and " +
                     (injected ? "this allocation was told to fail."
                               : std::to_string(options_.capacity - used_) + " are free.")};
  auto block = std::make_unique<Block>(bytes);
  void* address = block->memory.address();
  block->memory.set(Door::write);
  std::memset(address, 0xcb, bytes);  // what nobody wrote shows
  block->memory.set(Door::closed);
  blocks_.emplace(reinterpret_cast<std::uintptr_t>(address), std::move(block));
  used_ += bytes;
  return address;
}

void StrictDevice::give_back(void* address, std::size_t bytes, Memory /*kind*/) noexcept {
  const std::lock_guard held(lock_);
  const Access all{address, bytes, Touch::write};
  const AccessHistory::Step step{0, host_.step(0), "the host's free"};
  for (auto& sentence : history_.note(step, host_, &all, 1))
    complain("Use after free: " + std::move(sentence));
  Block* block = block_at(address);
  block->freed = true;
  block->memory.retire();
  used_ -= bytes;
}

void StrictDevice::host_touches(const void* first, std::size_t bytes, Touch touch) {
  const std::lock_guard held(lock_);
  const Access access{first, bytes, touch};
  const AccessHistory::Step step{0, host_.step(0), "the host"};
  for (auto& sentence : history_.note(step, host_, &access, 1)) complain(std::move(sentence));
  if (block_at(first)) complain("The host touches device memory; download it first.");
}

Result<void> StrictDevice::launch(std::size_t lane, const Launch& launch) {
  const std::lock_guard held(lock_);
  if (launches_++ == options_.fail_launch)
    return Error{Code::device, "device",
                 std::string("The launch of ") + launch.name + " was told to fail."};
  const auto* bytes = static_cast<const std::byte*>(launch.kernel);
  // Aligned for any kernel: operator new's alignment is at least that of every standard type.
  std::vector<std::byte> kernel(bytes, bytes + launch.kernel_bytes);
  queue(lane, std::string("launch ") + launch.name, {launch.touches.begin(), launch.touches.end()},
        [this, queued = launch, kernel = std::move(kernel)]() mutable {
          queued.kernel = kernel.data();
          queued.touches = {};
          run_rows_in_any_order(queued);
        });
  return {};
}

Result<void> StrictDevice::copy(std::size_t lane, const Copy& copy) {
  const std::lock_guard held(lock_);
  const auto span = [&](const void* first, std::ptrdiff_t stride, Touch touch) {
    const DeviceView<const std::byte> rows{
        DevicePtr<const std::byte>(static_cast<const std::byte*>(first)), stride,
        static_cast<int>(copy.row_bytes), copy.rows};
    return access_of(rows, touch);
  };
  const Access to = span(copy.to, copy.to_stride, Touch::write);
  const Access from = span(copy.from, copy.from_stride, Touch::read);
  copied_[static_cast<std::size_t>(copy.way)] +=
      copy.row_bytes * static_cast<std::uint64_t>(copy.rows);
  const bool upload = copy.way == Copy::Way::upload, download = copy.way == Copy::Way::download;
  if ((upload && block_at(copy.from)) || (download && block_at(copy.to)))
    complain("A copy takes device memory for the host's.");
  if ((!upload && !block_at(copy.from)) || (!download && !block_at(copy.to)))
    if (!options_.in_place) complain("A copy takes host memory for the device's.");
  queue(lane,
        upload     ? "upload"
        : download ? "download"
                   : "copy",
        {from, to}, [copy] { copy_rows(copy); });
  return {};
}

Result<void> StrictDevice::call(std::size_t lane, const char* name, Work work,
                                std::span<const Access> touches) {
  const std::lock_guard held(lock_);
  if (launches_++ == options_.fail_launch)
    return Error{Code::device, "device", std::string("The call of ") + name + " was told to fail."};
  queue(lane, std::string("call of ") + name, {touches.begin(), touches.end()},
        [this, lane, work = std::move(work)] {
          auto done = work(nullptr);
          if (!done && !lanes_[lane].failed) lanes_[lane].failed = std::move(done).error();
        });
  return {};
}

Event StrictDevice::record(std::size_t lane) {
  const std::lock_guard held(lock_);
  auto mark = std::make_shared<Mark>();
  mark->clock = lanes_[lane].clock;
  lanes_[lane].waiting.push_back({{}, {}, mark, {}});
  return {mark};
}

void StrictDevice::wait_for(std::size_t lane, const Event& event) {
  if (!event.native) return;
  const std::lock_guard held(lock_);
  auto mark = std::static_pointer_cast<Mark>(event.native);
  lanes_[lane].clock.join(mark->clock);
  lanes_[lane].waiting.push_back({{}, std::move(mark), {}, {}});
}

Result<void> StrictDevice::wait(std::size_t lane) {
  const std::lock_guard held(lock_);
  while (!lanes_[lane].waiting.empty() && run_one()) {
  }
  const Forgotten here{lane, std::this_thread::get_id()};
  const bool dropped = waits_++ == options_.drop_wait;
  if (dropped) forgotten_ = here;
  // Nor does another thread's later wait for the stream stand in for the forgotten one.
  const bool stands_in =
      forgotten_ && forgotten_->lane == lane && forgotten_->thread != here.thread;
  if (!dropped && !stands_in) host_.join(lanes_[lane].clock);
  if (auto failed = std::exchange(lanes_[lane].failed, {})) return *std::move(failed);
  return {};
}

void StrictDevice::queue(std::size_t lane, const std::string& name, std::vector<Access> touches,
                         std::function<void()> run) {
  const std::string full = name + " on stream " + std::to_string(lane + 1);
  bool well = true;
  for (const Access& a : touches) well = lies_well(full, a) && well;
  Clock& clock = lanes_[lane].clock;
  clock.join(host_);  // whatever the host did before it queued this
  const AccessHistory::Step step{lane + 1, clock.step(lane + 1), full};
  for (auto& sentence : history_.note(step, clock, touches.data(), touches.size()))
    complain(std::move(sentence));
  if (well) lanes_[lane].waiting.push_back({std::move(run), {}, {}, std::move(touches)});
  while (random_.below(4) == 0 && run_one()) {  // mostly late, now and then early
  }
}

bool StrictDevice::lies_well(const std::string& name, const Access& access) {
  if (!access.bytes) return true;
  Block* block = block_at(access.first);
  if (!block) {
    if (!options_.in_place && name.starts_with("launch"))
      complain(name + " touches memory that is not the device's; upload it first.");
    return options_.in_place || !name.starts_with("launch");
  }
  if (block->freed) {
    complain("Use after free: " + name + " touches memory that was given back.");
    return false;
  }
  const auto end = reinterpret_cast<std::uintptr_t>(access.first) + access.bytes;
  const auto block_end =
      reinterpret_cast<std::uintptr_t>(block->memory.address()) + block->memory.bytes();
  if (end <= block_end) return true;
  complain(name + " reaches " + std::to_string(end - block_end) + " bytes past its buffer.");
  return false;
}

bool StrictDevice::run_one() {
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < lanes_.size(); ++i)
    if (!lanes_[i].waiting.empty()) {
      const auto& after = lanes_[i].waiting.front().after;
      if (!after || after->reached) ready.push_back(i);
    }
  if (ready.empty()) return false;
  auto& waiting =
      lanes_[ready[static_cast<std::size_t>(random_.below(static_cast<int>(ready.size())))]]
          .waiting;
  Step step = std::move(waiting.front());
  waiting.pop_front();
  if (step.reaches) step.reaches->reached = true;
  // Memory freed since this was queued: already reported; running would end the process.
  const bool alive = std::none_of(step.touches.begin(), step.touches.end(), [&](const Access& a) {
    const Block* block = block_at(a.first);
    return block && block->freed;
  });
  if (step.run && alive) {
    set_doors(step.touches, true);
    step.run();
    set_doors(step.touches, false);
  }
  return true;
}

void StrictDevice::run_rows_in_any_order(const Launch& launch) {
  std::vector<int> rows(static_cast<std::size_t>(std::max(0, launch.extent.height)));
  std::iota(rows.begin(), rows.end(), 0);
  for (std::size_t i = rows.size(); i > 1; --i)
    std::swap(rows[i - 1], rows[static_cast<std::size_t>(random_.below(static_cast<int>(i)))]);
  for (const int y : rows)
    launch.rows(options_.build, launch.kernel, launch.extent.width, y, y + 1);
}

void StrictDevice::set_doors(const std::vector<Access>& touches, bool open) {
  for (const Touch touch : {Touch::read, Touch::write})  // writers last: their door is the wider
    for (const Access& a : touches)
      if (Block* block = a.touch == touch ? block_at(a.first) : nullptr)
        block->memory.set(!open ? Door::closed : touch == Touch::read ? Door::read : Door::write);
}

StrictDevice::Block* StrictDevice::block_at(const void* address) {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  auto next = blocks_.upper_bound(at);
  if (next == blocks_.begin()) return nullptr;
  Block* block = std::prev(next)->second.get();
  const auto begin = std::prev(next)->first;
  return at < begin + std::max<std::size_t>(block->memory.bytes(), 1) ? block : nullptr;
}

void StrictDevice::complain(std::string sentence) {
  if (std::find(violations_.begin(), violations_.end(), sentence) == violations_.end())
    violations_.push_back(std::move(sentence));
}

}  // namespace cleanplate
