#include <cleanplate/network.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "core/try.h"
#include "infer/library.h"

namespace cleanplate {

namespace {
static_assert(TensorView::max_rank == CLEANPLATE_INFER_MAX_RANK);

Error failed(Code code, std::string message) { return {code, "infer", std::move(message)}; }

// "cpu" → -1, "cuda" → 0, "cuda:n" → n.
Result<std::int32_t> device_number(const std::string& name) {
  if (name == "cpu") return CLEANPLATE_INFER_HOST;
  if (name == "cuda") return 0;
  std::int32_t number = -1;
  if (name.starts_with("cuda:")) {
    const char* end = name.data() + name.size();
    const auto read = std::from_chars(name.data() + 5, end, number);
    if (read.ec != std::errc() || read.ptr != end) number = -1;
  }
  if (number < 0)
    return failed(Code::invalid_argument,
                  "A network's device is cpu, cuda or cuda:n; got '" + name + "'.");
  return number;
}

const char* name_of(Scalar type) {
  constexpr const char* names[] = {"u8", "i32", "i64", "f16", "f32", "f64", "bool"};
  return names[static_cast<int>(type)];
}

// "f32 4x3x64x64".
std::string describe(const TensorView& view) {
  std::string text = name_of(view.type);
  for (int i = 0; i < view.rank; ++i)
    text += (i ? "x" : " ") + std::to_string(view.shape[static_cast<std::size_t>(i)]);
  return text;
}

Result<void> check(const TensorView& view, std::size_t index) {
  const auto type = static_cast<int>(view.type);
  const std::string which = "Input " + std::to_string(index) + " of a network ";
  if (type < 0 || type > 6 || view.rank < 0 || view.rank > TensorView::max_rank)
    return failed(Code::invalid_argument, which + "has an unknown type, or a rank outside 0 to 8.");
  for (int i = 0; i < view.rank; ++i)
    if (view.shape[static_cast<std::size_t>(i)] < 0 ||
        view.strides[static_cast<std::size_t>(i)] < 0)
      return failed(Code::invalid_argument, which + "has a negative size or stride.");
  if (!view.data && view.count() > 0)
    return failed(Code::invalid_argument, which + "(" + describe(view) + ") has no memory.");
  return {};
}
}  // namespace

TensorView TensorView::dense(const void* data, Scalar type,
                             const std::vector<std::int64_t>& shape) {
  TensorView view;
  view.data = data;
  view.type = type;
  view.rank = static_cast<int>(shape.size());
  std::int64_t stride = 1;
  for (std::size_t i = std::min<std::size_t>(shape.size(), max_rank); i-- > 0; stride *= shape[i]) {
    view.shape[i] = shape[i];
    view.strides[i] = stride;
  }
  return view;
}

std::int64_t TensorView::count() const {
  std::int64_t elements = 1;
  for (int i = 0; i < rank; ++i) elements *= shape[static_cast<std::size_t>(i)];
  return elements;
}

Result<NetworkLibrary> network_library(const NetworkOptions& options) {
  CP_TRY(const LoadedLibrary library, load_infer_library(options.library));
  return guarded("infer", [&]() -> Result<NetworkLibrary> {
    return NetworkLibrary{library.path, library.table->version(), library.table->formats(),
                          library.table->cuda_devices()};
  });
}

struct Network::State {
  const cleanplate_infer_table* table = nullptr;
  cleanplate_infer_network* network = nullptr;
  Model model;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (network) table->unload(network);
  }
};

Network::Network(std::unique_ptr<State> state) : state_(std::move(state)) {}
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;
Network::~Network() = default;

Result<Network> Network::load(const Model& model, const NetworkOptions& options) {
  return guarded("infer", [&]() -> Result<Network> {
    CP_TRY(const std::int32_t device, device_number(options.device));
    std::error_code code;
    if (!std::filesystem::is_regular_file(model.path, code))
      return failed(Code::network,
                    "There is no model file at '" + model.path + "'; correct the path.");
    CP_TRY(const LoadedLibrary library, load_infer_library(options.library));
    auto state = std::make_unique<State>();
    state->table = library.table;
    state->model = model;
    cleanplate_infer_error error{};
    if (const auto answer = library.table->load(model.path.c_str(), model.format.c_str(), device,
                                                &state->network, &error))
      return failed(code_of(answer), "The model " + model.path + " could not be loaded as " +
                                         model.format + " on " + options.device + ": " +
                                         error.message + ".");
    return Network(std::move(state));
  });
}

namespace {

cleanplate_infer_tensor plain_of(const TensorView& view) {
  cleanplate_infer_tensor plain{};
  plain.data = const_cast<void*>(view.data);  // an input's is only read, see the table
  plain.type = static_cast<std::int32_t>(view.type);
  plain.device = view.device;
  plain.rank = view.rank;
  std::copy(view.shape.begin(), view.shape.end(), plain.shape);
  std::copy(view.strides.begin(), view.strides.end(), plain.strides);
  return plain;
}

std::string describe(const std::vector<TensorView>& views) {
  std::string given;
  for (const TensorView& view : views) given += (given.empty() ? "" : ", ") + describe(view);
  return given.empty() ? "nothing" : given;
}

std::vector<TensorView> views_of(const std::vector<Tensor>& tensors) {
  std::vector<TensorView> views;
  for (const Tensor& tensor : tensors) views.push_back(tensor.view);
  return views;
}

bool alike(const TensorView& a, const TensorView& b) {
  return a.type == b.type && a.rank == b.rank && a.device == b.device &&
         std::equal(a.shape.begin(), a.shape.begin() + a.rank, b.shape.begin());
}

Error not_run(const Model& model, const std::vector<TensorView>& inputs, std::int32_t answer,
              const cleanplate_infer_error& error) {
  return failed(code_of(answer), "The network " + model.path + " could not be run on (" +
                                     describe(inputs) + "): " + error.message + ".");
}

}  // namespace

Result<std::vector<Tensor>> Network::run(const std::vector<TensorView>& inputs, void* stream,
                                         bool to_host) {
  return guarded("infer", [&]() -> Result<std::vector<Tensor>> {
    if (!state_) return failed(Code::invalid_argument, "A network that was moved away cannot run.");
    const auto* table = state_->table;
    std::vector<cleanplate_infer_tensor> plain;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      CP_CHECK(check(inputs[i], i));
      plain.push_back(plain_of(inputs[i]));
    }
    cleanplate_infer_outputs* raw = nullptr;
    cleanplate_infer_error error{};
    if (const auto answer =
            table->run(state_->network, plain.data(), static_cast<std::int32_t>(plain.size()),
                       stream, to_host ? 1 : 0, &raw, &error))
      return not_run(state_->model, inputs, answer, error);
    const std::shared_ptr<cleanplate_infer_outputs> outputs(raw, table->release);
    std::vector<Tensor> found;
    for (std::int32_t i = 0; i < table->output_count(raw); ++i) {
      cleanplate_infer_tensor out{};
      if (table->output(raw, i, &out))
        return failed(Code::network, "Output " + std::to_string(i) + " of the network " +
                                         state_->model.path + " has more than 8 dimensions.");
      Tensor tensor;
      tensor.name = out.name;
      tensor.view.data = out.data;
      tensor.view.type = static_cast<Scalar>(out.type);
      tensor.view.device = out.device;
      tensor.view.rank = out.rank;
      std::copy_n(out.shape, TensorView::max_rank, tensor.view.shape.begin());
      std::copy_n(out.strides, TensorView::max_rank, tensor.view.strides.begin());
      tensor.owner = outputs;
      found.push_back(std::move(tensor));
    }
    return found;
  });
}

Result<void> Network::run_into(void* to, const TensorView& answer,
                               const std::vector<TensorView>& inputs, void* stream) {
  return guarded("infer", [&]() -> Result<void> {
    CP_TRY(const std::vector<Tensor> found, run(inputs, stream, false));
    if (found.size() != 1 || !alike(found[0].view, answer))
      return failed(Code::network, "The network " + state_->model.path + " answers with (" +
                                       describe(views_of(found)) + ") where (" + describe(answer) +
                                       ") is wanted.");
    cleanplate_infer_tensor plain = plain_of(answer);
    plain.data = to;
    cleanplate_infer_error error{};
    const auto* outputs = static_cast<const cleanplate_infer_outputs*>(found[0].owner.get());
    if (const auto code = state_->table->copy(outputs, 0, &plain, stream, &error))
      return not_run(state_->model, inputs, code, error);
    return {};
  });
}

}  // namespace cleanplate
