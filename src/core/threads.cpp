#include "core/threads.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace cleanplate {

namespace {

constexpr int ranges_per_thread = 4;  // evens out rows of unequal work

/// One call of rows(): lives on the caller's stack until every helper has let go of it.
struct Job {
  const ThreadPool::Body& body;
  const int rows, range;
  std::atomic<int> next{0};
  int helpers = 0;  // guarded by the pool's lock
  std::exception_ptr failure;
  std::mutex failure_lock;

  Job(const ThreadPool::Body& run, int all, int each) : body(run), rows(all), range(each) {}

  /// Works on ranges until none is left.
  void work() {
    for (;;) {
      const int begin = next.fetch_add(range);
      if (begin >= rows) return;
      try {
        body(begin, std::min(rows, begin + range));
      } catch (...) {
        const std::lock_guard held(failure_lock);
        if (!failure) failure = std::current_exception();
        next = rows;
      }
    }
  }
};

}  // namespace

struct ThreadPool::State {
  std::mutex lock;
  std::condition_variable work_came, helper_left;
  std::deque<Job*> jobs;
  std::vector<std::thread> workers;
  bool stopping = false;

  void serve() {
    std::unique_lock held(lock);
    for (;;) {
      work_came.wait(held, [&] { return stopping || !jobs.empty(); });
      if (stopping) return;
      Job* job = jobs.front();
      if (job->next >= job->rows) {  // all handed out: nothing to help with
        jobs.pop_front();
        continue;
      }
      ++job->helpers;
      held.unlock();
      job->work();
      held.lock();
      --job->helpers;
      helper_left.notify_all();
    }
  }
};

ThreadPool::ThreadPool(int threads) : state_(std::make_unique<State>()) {
  try {
    for (int i = 1; i < threads; ++i)
      state_->workers.emplace_back([s = state_.get()] { s->serve(); });
  } catch (const std::system_error&) {  // the system's limit: fewer threads, the same results
  }
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard held(state_->lock);
    state_->stopping = true;
  }
  state_->work_came.notify_all();
  for (auto& worker : state_->workers) worker.join();
}

int ThreadPool::threads() const { return static_cast<int>(state_->workers.size()) + 1; }

void ThreadPool::rows(int rows, const Body& body, int least) {
  if (rows <= 0) return;
  const int even = rows / (threads() * ranges_per_thread);
  const int range = std::clamp(even, std::max(1, least), std::max({1, least, rows}));
  if (threads() == 1 || range >= rows) return body(0, rows);

  Job job(body, rows, range);
  {
    const std::lock_guard held(state_->lock);
    state_->jobs.push_back(&job);
  }
  state_->work_came.notify_all();
  job.work();
  std::unique_lock held(state_->lock);
  std::erase(state_->jobs, &job);
  state_->helper_left.wait(held, [&] { return job.helpers == 0; });
  held.unlock();
  if (job.failure) std::rethrow_exception(job.failure);
}

}  // namespace cleanplate
