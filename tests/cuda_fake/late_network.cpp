#include "cuda_fake/late_network.h"

#include <cleanplate/network.h>
#include <cuda_runtime_api.h>
#include <dlfcn.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstring>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "infer/table.h"

namespace {

using Shape = std::vector<std::int64_t>;

std::int64_t count(const Shape& shape) {
  std::int64_t n = 1;
  for (const std::int64_t side : shape) n *= side;
  return n;
}

std::atomic<int> passes{0};

}  // namespace

struct cleanplate_infer_network {
  int device = CLEANPLATE_INFER_HOST;
  std::vector<void*> blocks;  ///< of the card's memory, that answers lay in
};

struct cleanplate_infer_outputs {
  int device = CLEANPLATE_INFER_HOST;
  void* stream = nullptr;
  Shape shape;
  std::shared_ptr<std::vector<float>> host;
  float* values = nullptr;
};

namespace {

int32_t failed(cudaError_t code, cleanplate_infer_error* error) {
  std::strcpy(error->message,
              code == cudaErrorMemoryAllocation ? "CUDA out of memory" : "CUDA error: made up");
  return code == cudaErrorMemoryAllocation ? CLEANPLATE_INFER_NO_MEMORY
                                           : CLEANPLATE_INFER_NO_DEVICE;
}

/// Work whose turn has not come; on a card that is lost it never does.
std::mutex late_lock;
std::list<std::function<void()>> late;

void drop(const void* which) {
  late.remove_if([&](const std::function<void()>& each) { return &each == which; });
}

/// In the stream's turn; at once on the host.
cudaError_t in_turn(void* stream, std::function<void()> work) {
  if (!stream) return work(), cudaSuccess;
  void* mine = nullptr;
  {
    const std::lock_guard held(late_lock);
    mine = &late.emplace_back(std::move(work));
  }
  const cudaError_t code = cudaLaunchHostFunc(
      static_cast<cudaStream_t>(stream),
      [](void* user) {
        std::function<void()> now;
        {
          const std::lock_guard held(late_lock);
          now = *static_cast<std::function<void()>*>(user);
          drop(user);
        }
        now();
      },
      mine);
  if (code != cudaSuccess) {
    const std::lock_guard held(late_lock);
    drop(mine);
  }
  return code;
}

/// [N, 5, 12]: the middle quarter of each picture, by the mean of its red.
void detect(const float* pictures, const Shape& shape, float* out) {
  const std::int64_t plane = shape[2] * shape[3];
  std::fill(out, out + shape[0] * 5 * 12, 0.f);
  for (std::int64_t n = 0; n < shape[0]; ++n) {
    double sum = 0;
    for (std::int64_t i = 0; i < plane; ++i)
      sum += static_cast<double>(pictures[n * shape[1] * plane + i]);
    const auto side = static_cast<float>(shape[3]);
    const float row[5] = {side / 2, side / 2, side / 4, side / 4,
                          static_cast<float>(sum / static_cast<double>(plane))};
    for (int c = 0; c < 5; ++c) out[(n * 5 + c) * 12] = row[c];
  }
}

void inpaint(const float* image, const float* mask, const Shape& shape, float* out) {
  const std::int64_t plane = shape[2] * shape[3];
  for (std::int64_t n = 0; n < shape[0]; ++n)
    for (std::int64_t c = 0; c < shape[1]; ++c) {
      const float *from = image + (n * shape[1] + c) * plane, *hole = mask + n * plane;
      double sum = 0, known = 0;
      for (std::int64_t i = 0; i < plane; ++i)
        if (hole[i] == 0) sum += static_cast<double>(from[i]), known += 1;
      for (std::int64_t i = 0; i < plane; ++i)
        out[(n * shape[1] + c) * plane + i] =
            hole[i] == 0 ? from[i] : static_cast<float>(sum / known);
    }
}

const char* version() { return "a made-up library"; }
int32_t cuda_devices() { return 1; }
int32_t set(const cleanplate_infer_settings*, cleanplate_infer_error*) {
  return CLEANPLATE_INFER_DONE;
}
const char* formats() { return "torchscript"; }
int32_t load(const char*, const char* format, int32_t device, cleanplate_infer_network** out,
             cleanplate_infer_error* error) {
  if (std::strcmp(format, formats()) != 0) {
    std::strcpy(error->message, "it has the user's networks only");
    return CLEANPLATE_INFER_FAILED;
  }
  *out = new cleanplate_infer_network{device, {}};
  return CLEANPLATE_INFER_DONE;
}
void unload(cleanplate_infer_network* network) {
  for (void* block : network->blocks) cudaFree(block);
  delete network;
}

int32_t run(cleanplate_infer_network* network, const cleanplate_infer_tensor* inputs, int32_t given,
            void* stream, int32_t to_host, cleanplate_infer_outputs** out,
            cleanplate_infer_error* error) {
  const bool card = network->device != CLEANPLATE_INFER_HOST;
  for (int32_t i = 0; i < given; ++i)
    if (inputs[i].device != network->device || card != (stream != nullptr)) {
      std::strcpy(error->message, "an input or the stream is not where the network is");
      return CLEANPLATE_INFER_FAILED;
    }
  auto made = std::make_unique<cleanplate_infer_outputs>();
  const Shape shape(inputs[0].shape, inputs[0].shape + 4);
  made->shape = given == 1 ? Shape{shape[0], 5, 12} : shape;
  const auto values = static_cast<std::size_t>(count(made->shape));
  if (card && !to_host) {
    made->device = network->device;
    made->stream = stream;
    void* block = nullptr;
    if (const auto code = cudaMalloc(&block, values * sizeof(float)); code != cudaSuccess)
      return failed(code, error);
    network->blocks.push_back(block);
    made->values = static_cast<float*>(block);
  } else {
    made->host = std::make_shared<std::vector<float>>(values);
    made->values = made->host->data();
  }
  passes += card;
  const auto* first = static_cast<const float*>(inputs[0].data);
  const auto* second = given == 2 ? static_cast<const float*>(inputs[1].data) : nullptr;
  // The answer's memory stays until the work's turn, also where nobody waits for it.
  auto code = in_turn(stream, [first, second, shape, to = made->values, kept = made->host] {
    second ? inpaint(first, second, shape, to) : detect(first, shape, to);
  });
  // An answer on the host is waited for.
  if (code == cudaSuccess && card && to_host)
    code = cudaStreamSynchronize(static_cast<cudaStream_t>(stream));
  if (code != cudaSuccess) return failed(code, error);
  *out = made.release();
  return CLEANPLATE_INFER_DONE;
}

int32_t output_count(const cleanplate_infer_outputs*) { return 1; }
int32_t output(const cleanplate_infer_outputs* outputs, int32_t, cleanplate_infer_tensor* plain) {
  plain->data = outputs->values;
  plain->type = CLEANPLATE_INFER_F32;
  plain->device = outputs->device;
  plain->rank = static_cast<int32_t>(outputs->shape.size());
  std::int64_t stride = 1;
  for (std::size_t i = outputs->shape.size(); i-- > 0; stride *= outputs->shape[i])
    plain->shape[i] = outputs->shape[i], plain->strides[i] = stride;
  plain->name = "";
  return CLEANPLATE_INFER_DONE;
}

int32_t copy(const cleanplate_infer_outputs* outputs, int32_t, const cleanplate_infer_tensor* to,
             void* stream, cleanplate_infer_error* error) {
  const auto code = in_turn(stream, [from = outputs->values, to = to->data,
                                     bytes = static_cast<std::size_t>(count(outputs->shape)) * 4] {
    std::memcpy(to, from, bytes);
  });
  return code == cudaSuccess ? CLEANPLATE_INFER_DONE : failed(code, error);
}

/// Its memory is any later pass's in the same stream.
void release(cleanplate_infer_outputs* outputs) {
  if (outputs->stream)
    static_cast<void>(in_turn(
        outputs->stream,
        [at = outputs->values, bytes = static_cast<std::size_t>(count(outputs->shape)) * 4] {
          std::memset(at, 0xdd, bytes);
        }));
  delete outputs;
}

constexpr cleanplate_infer_table table{
    CLEANPLATE_INFER_ABI, version, cuda_devices, set,    formats, load, unload, run,
    output_count,         output,  copy,         release};

}  // namespace

namespace fake {

void load_late_network() {
  void* library = dlopen(CLEANPLATE_HANDED_TABLE, RTLD_NOW);
  REQUIRE(library);
  reinterpret_cast<void (*)(const cleanplate_infer_table*)>(dlsym(library, "hand_table"))(&table);
  const auto loaded = cleanplate::network_library({"cpu", CLEANPLATE_HANDED_TABLE});
  REQUIRE(loaded);
  REQUIRE(loaded->version == version());
}
int passes_on_card() { return passes; }

}  // namespace fake
