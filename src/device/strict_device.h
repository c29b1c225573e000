/// @file
/// The host playing the worst device that the rules allow; for tests.
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/random.h"
#include "device/access_history.h"
#include "device/device_core.h"
#include "device/protected_memory.h"

namespace cleanplate {

struct StrictOptions {
  std::uint64_t seed = 1;  ///< of the order in which streams get on
  std::size_t capacity = std::numeric_limits<std::size_t>::max() / 2;  ///< bytes
  int fail_allocation = -1;  ///< this allocation fails, counted from 0; -1: none
  int fail_launch = -1;      ///< likewise; another library's work is counted among them
  int drop_wait = -1;        ///< this Stream::wait orders nothing, likewise: a wait forgotten, by
                             ///< luck without harm to memory
  bool in_place = false;     ///< kernels reach host memory, as on HostDevice; a card does not
  Simd build = Simd::baseline;
};

/// Streams run late and in a random order, held back only by events and waits. Every launch, copy,
/// free and declared host access is checked against all others by vector clocks, so that a missing
/// wait is found even where this run happened to come out right. Device memory is closed to the
/// host and to kernels that did not declare it: touching it ends the process (SIGSEGV).
/// The host counts as one actor, whatever its threads: those are TSan's business.
/// Threads: any; everything runs under one lock.
class StrictDevice : public DeviceCore {
 public:
  explicit StrictDevice(const StrictOptions& options = {});
  ~StrictDevice() override;

  [[nodiscard]] std::string name() const override;
  [[nodiscard]] MemoryInfo memory() const override;
  [[nodiscard]] Result<Stream> stream() override;
  [[nodiscard]] bool reaches_host_memory() const override { return options_.in_place; }
  void host_touches(const void* first, std::size_t bytes, Touch touch) override;

  /// What was done wrong so far, one sentence each.
  [[nodiscard]] std::vector<std::string> violations() const;
  /// How many were asked for, failed ones included; for injecting a fault at each in turn.
  [[nodiscard]] int allocations() const;
  [[nodiscard]] int launches() const;
  [[nodiscard]] int waits() const;
  /// Bytes that copies of a kind were asked to move.
  [[nodiscard]] std::uint64_t copied(Copy::Way way) const;

 protected:
  Result<void*> take(std::size_t bytes, Memory kind) override;
  void give_back(void* address, std::size_t bytes, Memory kind) noexcept override;

 private:
  friend class StrictStream;
  struct Mark;   // where an event was recorded
  struct Block;  // an allocation, kept after its end
  struct Step {
    std::function<void()> run;
    std::shared_ptr<Mark> after, reaches;
    std::vector<Access> touches;
  };
  struct Forgotten {  // the wait that options_.drop_wait took out
    std::size_t lane;
    std::thread::id thread;
  };
  struct Lane {
    Clock clock;
    std::deque<Step> waiting;
    std::optional<Error> failed;  // another library's work, since the last wait
  };

  Result<void> launch(std::size_t lane, const Launch& launch);
  Result<void> copy(std::size_t lane, const Copy& copy);
  Result<void> call(std::size_t lane, const char* name, Work work, std::span<const Access> touches);
  Event record(std::size_t lane);
  void wait_for(std::size_t lane, const Event& event);
  Result<void> wait(std::size_t lane);

  /// Checks and queues a step; `name` without the stream.
  void queue(std::size_t lane, const std::string& name, std::vector<Access> touches,
             std::function<void()> run);
  /// @return false, with a violation, if a touch is outside living memory.
  bool lies_well(const std::string& name, const Access& access);
  void complain(std::string sentence);
  bool run_one();
  void run_rows_in_any_order(const Launch& launch);
  [[nodiscard]] Block* block_at(const void* address);
  void set_doors(const std::vector<Access>& touches, bool open);

  const StrictOptions options_;
  mutable std::mutex lock_;
  Random random_;
  Clock host_;
  std::optional<Forgotten> forgotten_;
  std::vector<Lane> lanes_;  // lane i is actor i + 1
  std::map<std::uintptr_t, std::unique_ptr<Block>> blocks_;
  AccessHistory history_;
  std::vector<std::string> violations_;
  std::size_t used_ = 0;
  int allocations_ = 0, launches_ = 0, waits_ = 0;
  std::array<std::uint64_t, 3> copied_{};
};

}  // namespace cleanplate
