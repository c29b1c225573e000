// The table itself. Nothing that libtorch throws leaves this file.
#include "infer/table.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/cuda.h>
#include <torch/script.h>
#include <torch/version.h>
#ifdef CLEANPLATE_TORCH_CUDA
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAStream.h>
#endif

#include <cstring>
#include <optional>
#include <utility>

#include "infer/torch/loaders.h"
#include "infer/torch/tensors.h"

namespace infer = cleanplate::infer;

struct cleanplate_infer_network {
  infer::Forward forward;
  c10::Device device = c10::kCPU;
};
struct cleanplate_infer_outputs {
  std::vector<std::pair<std::string, at::Tensor>> tensors;
};

namespace {

// libtorch's messages carry a trace over many lines; the last line that names an error says most.
std::string_view gist(std::string_view text) {
  std::string_view best, first;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
    while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    while (!line.empty() && (line.back() == ' ' || line.back() == '.')) line.remove_suffix(1);
    if (line.starts_with("Exception raised from") || line.starts_with("frame #")) break;
    if (first.empty()) first = line;
    if (line.find("Error:") != std::string_view::npos) best = line;
  }
  return best.empty() ? first : best;
}

void say(cleanplate_infer_error* error, std::string_view text) {
  const auto length = std::min(text.size(), sizeof error->message - 1);
  std::memcpy(error->message, text.data(), length);
  error->message[length] = 0;
}

bool about_memory(std::string_view text) {
  return text.find("out of memory") != std::string_view::npos ||
         text.find("can't allocate memory") != std::string_view::npos ||
         text.find("not enough memory") != std::string_view::npos;
}

/// A card that failed: CUDA's own words, which cuBLAS's come with, and cuDNN's.
bool about_card(std::string_view text) {
  return text.find("CUDA error") != std::string_view::npos ||
         text.find("cuDNN error") != std::string_view::npos;
}

template <class Body>
int32_t stopped(cleanplate_infer_error* error, Body&& body) noexcept {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    say(error, "there is not enough memory");
    return CLEANPLATE_INFER_NO_MEMORY;
  } catch (const std::exception& e) {
    say(error, gist(e.what()));
    return about_memory(e.what()) ? CLEANPLATE_INFER_NO_MEMORY
           : about_card(e.what()) ? CLEANPLATE_INFER_NO_DEVICE
                                  : CLEANPLATE_INFER_FAILED;
  } catch (...) {
    say(error, "libtorch gave no reason");
    return CLEANPLATE_INFER_FAILED;
  }
}

int32_t cuda_devices() noexcept {
#ifdef CLEANPLATE_TORCH_CUDA
  try {
    return static_cast<int32_t>(torch::cuda::device_count());
  } catch (...) {
  }
#endif
  return 0;
}

const char* version() {
#ifdef CLEANPLATE_TORCH_CUDA
  return "libtorch " TORCH_VERSION " (CUDA)";
#else
  return "libtorch " TORCH_VERSION " (CPU)";
#endif
}

const char* formats() { return infer::loader_formats().c_str(); }

int32_t set(const cleanplate_infer_settings* settings, cleanplate_infer_error* error) {
  return stopped(error, [&] {
    if (settings->threads > 0) at::set_num_threads(settings->threads);
    auto& context = at::globalContext();
    context.setAllowTF32CuBLAS(settings->tf32 != 0);
    context.setAllowTF32CuDNN(settings->tf32 != 0);
    context.setBenchmarkCuDNN(settings->cudnn_benchmark != 0);
#ifdef CLEANPLATE_TORCH_CUDA
    if (settings->gpu_memory_fraction > 0)
      for (int32_t i = 0; i < cuda_devices(); ++i)
        c10::cuda::CUDACachingAllocator::setMemoryFraction(settings->gpu_memory_fraction,
                                                           static_cast<c10::DeviceIndex>(i));
#endif
    return CLEANPLATE_INFER_DONE;
  });
}

// What libtorch allocates under it is told to be that stream's: its allocator gives it again to
// work of the same stream only. An input is the caller's memory, of which the allocator knows
// nothing.
class OnStream {
 public:
  OnStream(void* stream, c10::Device device) {
#ifdef CLEANPLATE_TORCH_CUDA
    // The guard of c10, not c10_cuda's, which would bring the CUDA runtime in at the link.
    if (stream && device.is_cuda())
      guard_.emplace(
          c10::cuda::getStreamFromExternal(static_cast<cudaStream_t>(stream), device.index())
              .unwrap());
#else
    (void)stream, (void)device;
#endif
  }

 private:
#ifdef CLEANPLATE_TORCH_CUDA
  std::optional<c10::StreamGuard> guard_;
#endif
};

int32_t load(const char* path, const char* format, int32_t device, cleanplate_infer_network** out,
             cleanplate_infer_error* error) {
  return stopped(error, [&] {
    const infer::Loader* loader = infer::loader_for(format);
    if (!loader) {
      say(error, "the formats known here are: " + infer::loader_formats());
      return CLEANPLATE_INFER_FAILED;
    }
    if (device >= cuda_devices()) {
      say(error, std::string("there is no CUDA card ") + std::to_string(device) + " for " +
                     version() + "; use the device cpu");
      return CLEANPLATE_INFER_NO_DEVICE;
    }
    c10::InferenceMode inference;
    auto network = std::make_unique<cleanplate_infer_network>();
    network->device = infer::device_of(device);
    network->forward = loader->load(path, network->device);
#ifdef CLEANPLATE_TORCH_CUDA
    // The weights came by libtorch's current stream; a pass on another one must find them.
    if (network->device.is_cuda())
      c10::impl::VirtualGuardImpl(c10::kCUDA).getStream(network->device).synchronize();
#endif
    *out = network.release();
    return CLEANPLATE_INFER_DONE;
  });
}

void unload(cleanplate_infer_network* network) {
  cleanplate_infer_error ignored{};
  stopped(&ignored, [&] {
    delete network;
    return CLEANPLATE_INFER_DONE;
  });
}

int32_t run(cleanplate_infer_network* network, const cleanplate_infer_tensor* inputs, int32_t count,
            void* stream, int32_t to_host, cleanplate_infer_outputs** out,
            cleanplate_infer_error* error) {
  return stopped(error, [&] {
    c10::InferenceMode inference;
    const OnStream on_stream(stream, network->device);
    std::vector<c10::IValue> arguments;
    for (int32_t i = 0; i < count; ++i)
      arguments.emplace_back(infer::view_of(inputs[i]).to(network->device));
    auto outputs = std::make_unique<cleanplate_infer_outputs>();
    const c10::IValue answer = network->forward(arguments);
    infer::gather(answer, "", to_host != 0, outputs->tensors);
    // What only points into the caller's memory must not outlive it.
    for (auto& output : outputs->tensors)
      for (const c10::IValue& argument : arguments)
        if (output.second.is_alias_of(argument.toTensor())) output.second = output.second.clone();
    *out = outputs.release();
    return CLEANPLATE_INFER_DONE;
  });
}

int32_t output_count(const cleanplate_infer_outputs* outputs) {
  return static_cast<int32_t>(outputs->tensors.size());
}

int32_t output(const cleanplate_infer_outputs* outputs, int32_t index,
               cleanplate_infer_tensor* plain) {
  cleanplate_infer_error ignored{};
  return stopped(&ignored, [&] {
    const auto& [name, tensor] = outputs->tensors[static_cast<std::size_t>(index)];
    plain->name = name.c_str();
    return infer::describe(tensor, *plain) ? CLEANPLATE_INFER_DONE : CLEANPLATE_INFER_FAILED;
  });
}

int32_t copy(const cleanplate_infer_outputs* outputs, int32_t index,
             const cleanplate_infer_tensor* to, void* stream, cleanplate_infer_error* error) {
  return stopped(error, [&] {
    c10::InferenceMode inference;
    const at::Tensor& tensor = outputs->tensors[static_cast<std::size_t>(index)].second;
    const OnStream on_stream(stream, tensor.device());
    infer::view_of(*to).copy_(tensor, /*non_blocking=*/true);
    return CLEANPLATE_INFER_DONE;
  });
}

void release(cleanplate_infer_outputs* outputs) {
  cleanplate_infer_error ignored{};
  stopped(&ignored, [&] {
    delete outputs;
    return CLEANPLATE_INFER_DONE;
  });
}

constexpr cleanplate_infer_table table{
    CLEANPLATE_INFER_ABI, version, cuda_devices, set,    formats, load, unload, run,
    output_count,         output,  copy,         release};
}  // namespace

extern "C" __attribute__((visibility("default"))) const cleanplate_infer_table*
cleanplate_infer_table_v2() {
  return &table;
}
