#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/bounded_queue.h"
#include "core/budget.h"
#include "core/random.h"
#include "core/threads.h"

using namespace cleanplate;

TEST_CASE("the pool runs every row once, whatever its size") {
  const int threads = GENERATE(1, 2, 3, 8);
  const int rows = GENERATE(0, 1, 2, 7, 64, 1081);
  const int least = GENERATE(1, 16, 5000);
  CAPTURE(threads, rows, least);
  ThreadPool pool(threads);
  std::vector<std::atomic<int>> seen(static_cast<std::size_t>(rows));
  pool.rows(
      rows,
      [&](int begin, int end) {
        for (int y = begin; y < end; ++y) ++seen[static_cast<std::size_t>(y)];
      },
      least);
  for (const auto& count : seen) REQUIRE(count == 1);
}

TEST_CASE("the pool serves several callers at once, and bodies that call it again") {
  ThreadPool pool(3);
  std::atomic<int> sum{0};
  const auto work = [&] {
    for (int i = 0; i < 20; ++i)
      pool.rows(16, [&](int begin, int end) {
        pool.rows(end - begin, [&](int b, int e) { sum += e - b; });
      });
  };
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) callers.emplace_back(work);
  for (auto& caller : callers) caller.join();
  REQUIRE(sum == 4 * 20 * 16);
}

TEST_CASE("what a body throws reaches the caller, and the pool stays usable") {
  ThreadPool pool(2);
  REQUIRE_THROWS_AS(pool.rows(100,
                              [](int begin, int) {
                                if (begin > 30) throw std::runtime_error("row");
                              }),
                    std::runtime_error);
  std::atomic<int> rows{0};
  pool.rows(100, [&](int begin, int end) { rows += end - begin; });
  REQUIRE(rows == 100);
}

TEST_CASE("a queue hands everything over in order, and never holds more than its bound") {
  BoundedQueue<int> queue(3);
  std::thread giver([&] {
    for (int i = 0; i < 1000; ++i)
      if (!queue.push(i)) return;
    queue.close();
  });
  std::vector<int> got;
  for (int value = 0; queue.pop(value);) {
    got.push_back(value);
    if (queue.size() > queue.capacity()) break;
  }
  giver.join();
  REQUIRE(got.size() == 1000);
  REQUIRE(std::is_sorted(got.begin(), got.end()));
  REQUIRE_FALSE(queue.push(1));
}

TEST_CASE("a closed queue gives what it holds, a cancelled one nothing") {
  BoundedQueue<int> closed(4), cancelled(4);
  for (auto* queue : {&closed, &cancelled})
    for (int i = 0; i < 3; ++i) REQUIRE(queue->push(i));
  closed.close();
  cancelled.cancel();
  int value = -1, count = 0;
  while (closed.pop(value)) ++count;
  REQUIRE(count == 3);
  REQUIRE_FALSE(cancelled.pop(value));
  REQUIRE_FALSE(cancelled.push(1));
}

TEST_CASE("a full or an empty queue lets go of its waiters when it is cancelled") {
  BoundedQueue<int> full(1), empty(1);
  REQUIRE(full.push(0));
  std::thread pusher([&] { CHECK_FALSE(full.push(1)); });
  std::thread popper([&] {
    int value = 0;
    CHECK_FALSE(empty.pop(value));
  });
  full.cancel();
  empty.cancel();
  pusher.join();
  popper.join();
}

TEST_CASE("a set token ends the waiting in a queue") {
  const CancelToken token;
  BoundedQueue<int> queue(1, token);
  std::thread popper([&] {
    int value = 0;
    CHECK_FALSE(queue.pop(value));
  });
  token.cancel();
  popper.join();
  REQUIRE_FALSE(queue.push(1));
}

TEST_CASE("the generator gives the same numbers everywhere") {
  Random random(1);
  // The first numbers of SplitMix64 for seed 1, from its published description.
  REQUIRE(random.next() == 0x910a2dec89025cc1U);
  REQUIRE(random.next() == 0xbeeb8da1658eec67U);
  double sum = 0, squares = 0;
  for (int i = 0; i < 10000; ++i) {
    const int n = random.below(7);
    REQUIRE((n >= 0 && n < 7));
    const double u = random.uniform(), v = random.normal();
    REQUIRE((u >= 0 && u < 1));
    sum += v, squares += v * v;
  }
  REQUIRE(std::abs(sum / 10000) < 0.05);         // 5 standard errors
  REQUIRE(std::abs(squares / 10000 - 1) < 0.1);  // 7 standard errors
}

TEST_CASE("the budget's shares follow threads and memory, and none is empty") {
  Options options;
  for (const int threads : {1, 2, 3, 4, 16, 1024}) {
    options.threads = threads;
    const Budget b = share_budget(options, 0);
    CAPTURE(threads);
    REQUIRE((b.decoder_threads >= 1 && b.pool_threads >= 1 && b.encoder_threads >= 1));
    REQUIRE(b.encoder_threads <= threads);
    REQUIRE(b.decoder_threads + b.pool_threads + b.encoder_threads <= threads + threads / 4 + 2);
  }
  options.max_memory = 64;
  const Budget small = share_budget(options, 3840LL * 2160 * 3);
  REQUIRE(small.memory == 64LL << 20);
  REQUIRE(small.queue_frames == 2);
  options.max_memory = 4096;
  REQUIRE(share_budget(options, 1280LL * 720 * 3 / 2).queue_frames == 4);
  REQUIRE(share_budget(options, 1920LL * 1080 * 3 / 2).queue_frames == 3);
  options.max_memory = 0;
  REQUIRE(share_budget(options, 0).memory > 0);
  REQUIRE(usable_cores() >= 1);
}

TEST_CASE("batches left at their defaults fit the memory there is, and those that were set stay") {
  constexpr std::int64_t gibi = std::int64_t{1} << 30;
  const auto fitted = [](Options options, std::int64_t free) {
    fit_batches(options, free);
    return std::vector{options.detect_batch, options.inpaint_batch, options.segment_frames};
  };
  REQUIRE(fitted({}, 8 * gibi - 1) == std::vector{8, 4, 180});
  REQUIRE(fitted({}, 8 * gibi) == std::vector{16, 8, 300});
  REQUIRE(fitted({}, 16 * gibi - 1) == std::vector{16, 8, 300});
  REQUIRE(fitted({}, 16 * gibi) == std::vector{24, 12, 450});
  Options told;
  told.detect_batch = 5;
  told.segment_frames = 2;
  REQUIRE(fitted(told, gibi) == std::vector{5, 4, 2});
  told.max_memory = 4000;
  REQUIRE(host_memory(told) == std::int64_t{4000} << 20);
}
