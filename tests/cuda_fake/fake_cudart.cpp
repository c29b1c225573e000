#include "cuda_fake/fake_cudart.h"

#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "core/random.h"
#include "device/cuda/grid.h"

using cleanplate::Copy;

struct CUevent_st {
  int recorded = 0, reached = 0;
};
namespace {
struct Step {
  std::function<void()> run;
  CUevent_st* after = nullptr;
  int after_count = 0;
};
}  // namespace
struct CUstream_st {
  std::deque<Step> waiting;
};

namespace {

struct Machine {
  std::recursive_mutex lock;
  fake::Card card;
  cleanplate::Random random{1};
  int calls = 0, grids = 0, given = 0;
  bool dead = false;
  std::map<std::uintptr_t, std::size_t> device, pinned, lent;
  std::set<std::uintptr_t> pooled;  ///< of device
  std::map<cudaMemcpyKind, std::vector<std::size_t>> copies;
  std::set<CUstream_st*> streams;
  CUstream_st standard;  ///< the null stream
  std::set<CUevent_st*> events;
  std::vector<void*> graveyard;  ///< kept, so that a late use shows as wrong samples, not a crash
  std::vector<std::string> complaints;
  std::size_t used = 0;

  void clear_graveyard() {
    for (void* address : graveyard) std::free(address);
    graveyard.clear();
  }
  [[nodiscard]] std::vector<CUstream_st*> all_streams() {
    std::vector<CUstream_st*> all(streams.begin(), streams.end());
    all.push_back(&standard);
    return all;
  }
  ~Machine() { clear_graveyard(); }
};
Machine& machine() {
  static Machine one;
  return one;
}

CUstream_st& of(cudaStream_t stream) { return stream ? *stream : machine().standard; }
thread_local int current_card = 0;
thread_local int others = 0;

void complain(const std::string& sentence) { machine().complaints.push_back(sentence); }

bool within(const std::map<std::uintptr_t, std::size_t>& blocks, const void* first,
            std::size_t bytes) {
  const auto at = reinterpret_cast<std::uintptr_t>(first);
  auto next = blocks.upper_bound(at);
  if (next == blocks.begin()) return false;
  const auto& [begin, size] = *std::prev(next);
  return at + bytes <= begin + size;
}

bool run_one() {
  Machine& m = machine();
  std::vector<CUstream_st*> ready;
  for (CUstream_st* s : m.all_streams())
    if (!s->waiting.empty() && (!s->waiting.front().after || s->waiting.front().after->reached >=
                                                                 s->waiting.front().after_count))
      ready.push_back(s);
  if (ready.empty()) return false;
  CUstream_st* s = ready[static_cast<std::size_t>(m.random.below(static_cast<int>(ready.size())))];
  Step step = std::move(s->waiting.front());
  s->waiting.pop_front();
  if (step.run) step.run();
  return true;
}

/// Counts the call, and fails it if it is its turn.
cudaError_t gate() {
  Machine& m = machine();
  if (others > 0) return cudaSuccess;
  if (m.dead) return m.card.failure;
  if (m.calls++ == m.card.fail_call) {
    m.dead = m.card.for_good;
    if (m.dead)  // a context that has ended runs nothing more
      for (CUstream_st* s : m.all_streams()) s->waiting.clear();
    return m.card.failure;
  }
  while (m.random.below(4) == 0 && run_one()) {
  }
  return cudaSuccess;
}

cudaError_t give(void** address, std::size_t bytes, std::map<std::uintptr_t, std::size_t>& blocks) {
  *address = std::aligned_alloc(256, (bytes + 255) / 256 * 256);
  std::memset(*address, 0xcb, bytes);
  ++machine().given;
  blocks[reinterpret_cast<std::uintptr_t>(*address)] = bytes;
  return cudaSuccess;
}
void take_back(void* address, std::map<std::uintptr_t, std::size_t>& blocks) {
  Machine& m = machine();
  const auto it = blocks.find(reinterpret_cast<std::uintptr_t>(address));
  if (it == blocks.end()) return complain("Memory is given back that nobody had.");
  std::memset(address, 0xdd, it->second);
  if (&blocks == &m.device) m.used -= it->second;
  m.graveyard.push_back(address);
  blocks.erase(it);
}

}  // namespace

#define FAKE_GATE                                  \
  const std::lock_guard fake_held(machine().lock); \
  if (const cudaError_t fake_code = gate(); fake_code != cudaSuccess) return fake_code

namespace fake {

void set(const Card& card) {
  Machine& m = machine();
  const std::lock_guard held(m.lock);
  m.card = card;
  m.random = cleanplate::Random(card.seed);
  m.calls = m.grids = m.given = 0;
  m.copies.clear();
  m.dead = false;
  m.complaints.clear();
  m.standard.waiting.clear();
  m.clear_graveyard();
}
void fail_after(int calls, cudaError_t failure, bool for_good) {
  Machine& m = machine();
  m.card.fail_call = m.calls + calls;
  m.card.failure = failure;
  m.card.for_good = for_good;
}
Others::Others() { ++others; }
Others::~Others() { --others; }
bool alive() {
  const std::lock_guard held(machine().lock);
  return !machine().dead;
}
int calls() { return machine().calls; }
std::vector<std::size_t> copies(cudaMemcpyKind kind) {
  const std::lock_guard held(machine().lock);
  return machine().copies[kind];
}
void lend(const void* first, std::size_t bytes) {
  const std::lock_guard held(machine().lock);
  machine().lent[reinterpret_cast<std::uintptr_t>(first)] = bytes;
}
void take_away(const void* first) {
  const std::lock_guard held(machine().lock);
  machine().lent.erase(reinterpret_cast<std::uintptr_t>(first));
}
bool is_plain(const void* first, std::size_t bytes) {
  Machine& m = machine();
  const std::lock_guard held(m.lock);
  return within(m.device, first, bytes) && !m.pooled.count(reinterpret_cast<std::uintptr_t>(first));
}
int given() {
  const std::lock_guard held(machine().lock);
  return machine().given;
}
std::size_t used() {
  const std::lock_guard held(machine().lock);
  return machine().used;
}
int grids() { return machine().grids; }
std::vector<std::string> complaints() {
  Machine& m = machine();
  auto all = m.complaints;
  if (!m.device.empty()) all.push_back("The card's memory was not all given back.");
  if (!m.pinned.empty()) all.push_back("Pinned memory was not all given back.");
  if (!m.streams.empty()) all.push_back("A stream was not destroyed.");
  if (!m.events.empty()) all.push_back("An event was not destroyed.");
  return all;
}

}  // namespace fake

namespace cleanplate {

cudaError_t queue_grid(const Launch& launch, cudaStream_t stream) {
  FAKE_GATE;
  const auto* bytes = static_cast<const std::byte*>(launch.kernel);
  std::vector<std::byte> kernel(bytes, bytes + launch.kernel_bytes);
  for (const Access& a : launch.touches)
    if (a.bytes && !within(machine().device, a.first, a.bytes))
      complain(std::string(launch.name) + " touches memory that is not the card's.");
  of(stream).waiting.push_back({[kernel = std::move(kernel), launch] {
    Machine& m = machine();
    ++m.grids;
    launch.rows(Simd::baseline, kernel.data(), launch.extent.width, m.card.wrong_numbers ? 1 : 0,
                launch.extent.height);
  }});
  return cudaSuccess;
}

}  // namespace cleanplate

extern "C" {

cudaError_t cudaDriverGetVersion(int* version) {
  *version = machine().card.driver;
  return cudaSuccess;
}
cudaError_t cudaGetDeviceCount(int* count) {
  *count = machine().card.cards;
  return *count ? cudaSuccess : cudaErrorNoDevice;
}
const char* cudaGetErrorString(cudaError_t code) {
  return code == cudaErrorMemoryAllocation ? "out of memory"
         : code == cudaErrorNoDevice       ? "no CUDA-capable device is detected"
                                           : "a made-up failure";
}
cudaError_t cudaGetLastError() { return cudaSuccess; }
cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int) {
  FAKE_GATE;
  const fake::Card& card = machine().card;
  *value = attribute == cudaDevAttrComputeCapabilityMajor   ? card.capability / 10
           : attribute == cudaDevAttrComputeCapabilityMinor ? card.capability % 10
                                                            : card.pools;
  return cudaSuccess;
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* facts, int) {
  FAKE_GATE;
  std::strcpy(facts->name, "made-up card");
  facts->totalGlobalMem = machine().card.memory;
  return cudaSuccess;
}
cudaError_t cudaSetDevice(int card) {
  FAKE_GATE;
  current_card = card;
  return cudaSuccess;
}
cudaError_t cudaGetDevice(int* card) {
  FAKE_GATE;
  *card = current_card;
  return cudaSuccess;
}
cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  FAKE_GATE;
  *stream = *machine().streams.insert(new CUstream_st).first;
  return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  const std::lock_guard held(machine().lock);
  if (!stream->waiting.empty()) complain("A stream is destroyed with work in it.");
  machine().streams.erase(stream);
  delete stream;
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  FAKE_GATE;
  while (!of(stream).waiting.empty() && run_one()) {
  }
  return cudaSuccess;
}
cudaError_t cudaStreamQuery(cudaStream_t stream) {
  const std::lock_guard held(machine().lock);
  return of(stream).waiting.empty() ? cudaSuccess : cudaErrorNotReady;
}
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  FAKE_GATE;
  of(stream).waiting.push_back({{}, event, event->recorded});
  return cudaSuccess;
}
cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  FAKE_GATE;
  *event = *machine().events.insert(new CUevent_st).first;
  return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  const std::lock_guard held(machine().lock);
  // CUDA lets go of it once it is reached; here whoever waits for it is let on.
  for (CUstream_st* s : machine().all_streams())
    for (Step& step : s->waiting)
      if (step.after == event) step.after = nullptr;
  if (event->recorded != event->reached && !machine().dead)
    while (event->recorded != event->reached && run_one()) {
    }
  machine().events.erase(event);
  delete event;
  return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  FAKE_GATE;
  const int count = ++event->recorded;
  of(stream).waiting.push_back({[event, count] { event->reached = count; }});
  return cudaSuccess;
}
cudaError_t cudaEventQuery(cudaEvent_t event) {
  FAKE_GATE;
  return event->reached == event->recorded ? cudaSuccess : cudaErrorNotReady;
}
cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  FAKE_GATE;
  while (event->reached != event->recorded && run_one()) {
  }
  return cudaSuccess;
}
cudaError_t cudaMemPoolCreate(cudaMemPool_t* pool, const cudaMemPoolProps*) {
  FAKE_GATE;
  static int place;
  *pool = reinterpret_cast<cudaMemPool_t>(&place);
  return cudaSuccess;
}
cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t, cudaMemPoolAttr, void*) {
  FAKE_GATE;
  return cudaSuccess;
}
cudaError_t cudaMemPoolDestroy(cudaMemPool_t) { return cudaSuccess; }
cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total) {
  FAKE_GATE;
  *total = machine().card.memory;
  *free = *total - machine().used;
  return cudaSuccess;
}
cudaError_t cudaMalloc(void** address, std::size_t bytes) {
  FAKE_GATE;
  if (bytes > machine().card.memory - machine().used) return cudaErrorMemoryAllocation;
  machine().used += bytes;
  return give(address, bytes, machine().device);
}
cudaError_t cudaMallocFromPoolAsync(void** address, std::size_t bytes, cudaMemPool_t,
                                    cudaStream_t) {
  const std::lock_guard held(machine().lock);
  const cudaError_t code = cudaMalloc(address, bytes);
  if (code == cudaSuccess) machine().pooled.insert(reinterpret_cast<std::uintptr_t>(*address));
  return code;
}
cudaError_t cudaFree(void* address) {
  const std::lock_guard held(machine().lock);
  machine().pooled.erase(reinterpret_cast<std::uintptr_t>(address));
  take_back(address, machine().device);
  return cudaSuccess;
}
cudaError_t cudaFreeAsync(void* address, cudaStream_t) { return cudaFree(address); }
cudaError_t cudaHostAlloc(void** address, std::size_t bytes, unsigned) {
  FAKE_GATE;
  return give(address, bytes, machine().pinned);
}
cudaError_t cudaFreeHost(void* address) {
  const std::lock_guard held(machine().lock);
  take_back(address, machine().pinned);
  return cudaSuccess;
}
cudaError_t cudaMemcpy2DAsync(void* to, std::size_t to_stride, const void* from,
                              std::size_t from_stride, std::size_t width, std::size_t rows,
                              cudaMemcpyKind kind, cudaStream_t stream) {
  FAKE_GATE;
  Machine& m = machine();
  const auto check = [&](const void* first, std::size_t stride, bool on_card) {
    const std::size_t bytes = stride * (rows - 1) + width;
    if (!within(on_card ? m.device : m.pinned, first, bytes) &&
        !(on_card && within(m.lent, first, bytes)))
      complain(on_card ? "A copy leaves the card's memory." : "A copy uses memory not pinned.");
  };
  check(to, to_stride, kind != cudaMemcpyDeviceToHost);
  check(from, from_stride, kind != cudaMemcpyHostToDevice);
  m.copies[kind].push_back(width * rows);
  of(stream).waiting.push_back({[=] {
    for (std::size_t y = 0; y < rows; ++y)
      std::memcpy(static_cast<std::byte*>(to) + y * to_stride,
                  static_cast<const std::byte*>(from) + y * from_stride, width);
  }});
  return cudaSuccess;
}
cudaError_t cudaLaunchHostFunc(cudaStream_t stream, cudaHostFn_t function, void* user) {
  FAKE_GATE;
  of(stream).waiting.push_back({[=] { function(user); }});
  return cudaSuccess;
}

}  // extern "C"
