/// @file
/// Networks: a model's file, plain tensors in, plain tensors out. libtorch is loaded at the first
/// call below, never earlier, and stays until the process ends.
#pragma once
#include <cleanplate/result.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cleanplate {

enum class Scalar : std::int32_t {
  u8 = 0,
  i32 = 1,
  i64 = 2,
  f16 = 3,
  f32 = 4,
  f64 = 5,
  boolean = 6
};

/// Numbers in somebody's memory, on the host or a CUDA card; owns nothing.
struct TensorView {
  static constexpr int max_rank = 8;
  const void* data = nullptr;
  Scalar type = Scalar::f32;
  int device = -1;  ///< -1 the host, else the CUDA card's number
  int rank = 0;     ///< 0…8
  std::array<std::int64_t, max_rank> shape{};
  std::array<std::int64_t, max_rank> strides{};  ///< elements; `dense` fills them

  /// Row-major memory without gaps.
  [[nodiscard]] static TensorView dense(const void* data, Scalar type,
                                        const std::vector<std::int64_t>& shape);
  [[nodiscard]] std::int64_t count() const;  ///< elements
};

/// One output. Row-major without gaps; the memory lives as long as a copy of `owner`.
struct Tensor {
  std::string name;  ///< "" for a sole output, "0", "1", … in a tuple, the key in a dict
  TensorView view;
  std::shared_ptr<const void> owner;
};

/// A file with a network and what kind of file it is.
struct Model {
  std::string path;
  std::string format = "torchscript";  ///< the kinds known: `network_library`
};

/// Where libtorch's side of the library is, and on what.
struct NetworkOptions {
  std::string device = "cpu";  ///< cpu cuda cuda:n
  /// Path of libcleanplate_infer.so; empty: beside this library or program, ../lib, the folder it
  /// was installed to, then where the system looks. Only the process's first call decides.
  std::string library;
};

/// What was loaded.
struct NetworkLibrary {
  std::string path, version, formats;  ///< "libtorch 1.13.0 (CPU)"; "torchscript, …"
  int cuda_devices = 0;
};
/// Loads libtorch, if it is not yet. Threads: any.
/// @return `network`: built without, not found, or another libtorch is in this process already.
[[nodiscard]] Result<NetworkLibrary> network_library(const NetworkOptions& options = {});

/// libtorch's settings are the whole process's, the host program's own use of it included. Nothing
/// is set unless this is called, or a job's network works on a card: then all but the threads are,
/// by the first job's options, if they were not before.
struct NetworkSettings {
  int threads = 0;                 ///< of one forward pass on the CPU; 0: libtorch's choice
  bool tf32 = true;                ///< CUDA matrix products with 10-bit mantissas
  bool cudnn_benchmark = false;    ///< worth it only where few sizes come again and again
  double gpu_memory_fraction = 0;  ///< 0…1 of each card for libtorch's allocator; 0: no bound
};
/// Sets them, once per process; the log says so. The same again is fine. Threads: any.
/// @return `network`; `invalid_argument`: out of range, or set differently before.
[[nodiscard]] Result<void> set_network_settings(const NetworkSettings& settings,
                                                const NetworkOptions& options = {});

/// A loaded network. Threads: one object, one thread at a time.
class Network {
 public:
  /// @return `network`: no libtorch, no such file, an unknown format, a file that is no model;
  ///         `device`: no such card; `out_of_memory`.
  [[nodiscard]] static Result<Network> load(const Model& model, const NetworkOptions& options = {});
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;
  /// Passes queued on a stream are done by then.
  ~Network();

  /// One forward pass over all of the batch, without gradients.
  /// @param inputs  the model's arguments in order; only read.
  /// @param stream  a cudaStream_t of ours that the pass is queued on; null: libtorch's current.
  /// @param to_host outputs are brought to the host, and the call waits for them.
  /// @return `network`: the model refused the inputs, with its reason; `out_of_memory`: a smaller
  ///         batch may go; `invalid_argument`.
  [[nodiscard]] Result<std::vector<Tensor>> run(const std::vector<TensorView>& inputs,
                                                void* stream = nullptr, bool to_host = true);
  /// The same for a network with one output, which is written to the caller's memory, on the
  /// stream too: the call waits for nothing.
  /// @param to    where `answer`'s memory may be written.
  /// @param answer  dense; its device is the network's.
  /// @return as above; `network`: the output has another type or shape.
  [[nodiscard]] Result<void> run_into(void* to, const TensorView& answer,
                                      const std::vector<TensorView>& inputs,
                                      void* stream = nullptr);

 private:
  struct State;
  explicit Network(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cleanplate
