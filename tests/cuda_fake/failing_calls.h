/// @file
/// Work on a made-up card, done again with one of its calls into CUDA failing.
#pragma once
#include "cuda_fake/fake_cudart.h"
#include "path/device_job.h"

namespace cleanplate {

inline Device card() {
  Options options = quick_options();
  options.device = "cuda";
  return must(Device::open(options));
}

struct FailingCall {
  int number, of;  ///< from 0 on
  bool for_good;   ///< and each one after it
  /// After the last frame: nothing is left to be lost.
  [[nodiscard]] bool while_given_back() const { return number > of * 9 / 10; }
};

/// @param work   what is done on a Device.
/// @param check  looks at what work gave, the Device gone by then, and which call failed.
/// @param tries  about so many calls fail, spread over all.
template <class Work, class Check>
void with_each_call_failing(Work&& work, Check&& check, int tries = 12) {
  fake::set({});
  int calls = 0;
  {
    const Device whole = card();
    const int opened = fake::calls();
    static_cast<void>(work(whole));
    calls = fake::calls() - opened;
  }
  REQUIRE(calls > 20);
  for (const bool for_good : {false, true})
    for (const int k : spread(calls, tries)) {
      CAPTURE(k, calls, for_good);
      fake::Card machine;
      machine.seed = static_cast<std::uint64_t>(k);
      fake::set(machine);
      Device device = card();
      fake::fail_after(k, for_good ? cudaErrorIllegalAddress : cudaErrorMemoryAllocation, for_good);
      const auto done = work(device);
      device = {};
      check(done, FailingCall{k, calls, for_good});
    }
}

}  // namespace cleanplate
