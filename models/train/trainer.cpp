#include "trainer.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>

#include "infer/safetensors.h"

namespace cleanplate::train {

namespace nn = torch::nn;

namespace {

/// The network with norms, as it is trained.
struct TrainedNetImpl : nn::Module {
  const Task& task;
  std::vector<nn::Conv2d> convolutions;
  std::vector<nn::BatchNorm2d> norms;

  explicit TrainedNetImpl(const Task& of) : task(of) {
    for (const infer::Layer& l : task.layers) {
      const bool last = &l == &task.layers.back();
      std::string name = l.name;
      std::replace(name.begin(), name.end(), '.', '_');
      convolutions.push_back(
          register_module(name, nn::Conv2d(nn::Conv2dOptions(l.in, l.out, l.kernel)
                                               .stride(l.stride)
                                               .padding(l.dilation * (l.kernel / 2))
                                               .dilation(l.dilation)
                                               .bias(last))));
      nn::init::kaiming_normal_(convolutions.back()->weight, 0, torch::kFanOut, torch::kReLU);
      if (last)
        nn::init::constant_(convolutions.back()->bias, task.first_bias);
      else
        norms.push_back(register_module(name + "_norm", nn::BatchNorm2d(l.out)));
    }
  }
  torch::Tensor forward(const torch::Tensor& seen) {
    return task.logits(seen, [&](std::size_t i, const torch::Tensor& x) {
      const torch::Tensor y = convolutions[i]->forward(x);
      return i < norms.size() ? norms[i]->forward(y) : y;
    });
  }
};
TORCH_MODULE(TrainedNet);

/// Weights as they are used: the norm folded into the convolution before it.
std::vector<NamedTensor> folded(TrainedNet& net) {
  torch::NoGradGuard none;
  std::vector<NamedTensor> out;
  const auto keep = [&](const std::string& name, torch::Tensor t) {
    t = t.contiguous().to(torch::kFloat);
    NamedTensor n{name, std::vector<std::int64_t>(t.sizes().begin(), t.sizes().end()), {}};
    n.values.assign(t.data_ptr<float>(), t.data_ptr<float>() + t.numel());
    out.push_back(std::move(n));
  };
  for (std::size_t i = 0; i < net->convolutions.size(); ++i) {
    const std::string name = net->task.layers[i].name;
    torch::Tensor weight = net->convolutions[i]->weight.detach(), bias;
    if (i < net->norms.size()) {
      auto& norm = net->norms[i];
      const auto scale = norm->weight.detach() / torch::sqrt(norm->running_var + 1e-5);
      weight = weight * scale.view({-1, 1, 1, 1});
      bias = norm->bias.detach() - norm->running_mean * scale;
    } else {
      bias = net->convolutions[i]->bias.detach();
    }
    keep(name + ".weight", weight);
    keep(name + ".bias", bias);
  }
  return out;
}

/// Weights as they are used, taken apart again: each norm gets what the batch shows of its input,
/// and undoes it, so that the network answers as it did.
bool unfold(TrainedNet& net, const std::string& file, const torch::Tensor& seen) {
  const auto read = read_safetensors(file);
  if (!read) return std::fprintf(stderr, "%s\n", read.error().message.c_str()), false;
  std::map<std::string, torch::Tensor> weights;
  for (const NamedTensor& t : *read) weights[t.name] = torch::tensor(t.values).reshape(t.shape);
  torch::NoGradGuard none;
  net->task.logits(seen, [&](std::size_t i, const torch::Tensor& x) -> torch::Tensor {
    const std::string name = net->task.layers[i].name;
    const torch::Tensor &weight = weights.at(name + ".weight"), &bias = weights.at(name + ".bias");
    if (i >= net->norms.size()) {  // may have fewer outputs: the others start at nothing
      const auto known = weight.size(0);
      net->convolutions[i]->weight.zero_().narrow(0, 0, known).copy_(weight);
      net->convolutions[i]->bias.zero_().narrow(0, 0, known).copy_(bias);
      return net->convolutions[i]->forward(x);
    }
    net->convolutions[i]->weight.copy_(weight);
    const torch::Tensor y = net->convolutions[i]->forward(x);
    const torch::Tensor mean = y.mean({0, 2, 3}), var = y.var({0, 2, 3}, false);
    auto& norm = net->norms[i];
    norm->running_mean.copy_(mean), norm->running_var.copy_(var);
    norm->weight.copy_(torch::sqrt(var + 1e-5)), norm->bias.copy_(bias + mean);
    return y + bias.view({1, -1, 1, 1});
  });
  return true;
}

/// The mean of both weights: of a network that was trained on, often better than either (Wortsman
/// et al. 2022, "Model soups").
bool mix_in(std::vector<NamedTensor>& weights, const std::string& file) {
  const auto other = read_safetensors(file);
  if (!other) return std::fprintf(stderr, "%s\n", other.error().message.c_str()), false;
  for (NamedTensor& mine : weights)
    for (const NamedTensor& theirs : *other)
      if (theirs.name == mine.name && theirs.shape == mine.shape)
        for (std::size_t i = 0; i < mine.values.size(); ++i)
          mine.values[i] = (mine.values[i] + theirs.values[i]) / 2;
  return true;
}

/// Makes batches ahead, in order, on a thread of its own.
class Feed {
 public:
  Feed(const Task& task, const Material& material, std::uint64_t seed, int batch, int from, int to,
       int threads)
      : next_(from), taken_(from), end_(to) {
    for (int t = 0; t < threads; ++t)
      workers_.emplace_back([this, &task, &material, seed, batch] {
        for (;;) {
          int mine;
          {
            std::unique_lock held(lock_);
            changed_.wait(held, [&] { return stop_ || next_ >= end_ || next_ < taken_ + 6; });
            if (stop_ || next_ >= end_) return;
            mine = next_++;
          }
          Batch made = task.batch(
              material,
              (seed << 40) + static_cast<std::uint64_t>(mine) * static_cast<std::uint64_t>(batch),
              batch);
          const std::lock_guard held(lock_);
          ready_.emplace(mine, std::move(made));
          changed_.notify_all();
        }
      });
  }
  ~Feed() {
    {
      const std::lock_guard held(lock_);
      stop_ = true;
      changed_.notify_all();
    }
    for (std::thread& t : workers_) t.join();
  }
  Batch take() {
    std::unique_lock held(lock_);
    changed_.wait(held, [&] { return ready_.count(taken_); });
    Batch out = std::move(ready_.at(taken_));
    ready_.erase(taken_++);
    changed_.notify_all();
    return out;
  }

 private:
  std::mutex lock_;
  std::condition_variable changed_;
  std::map<int, Batch> ready_;
  int next_, taken_, end_;
  bool stop_ = false;
  std::vector<std::thread> workers_;
};

struct Measure {
  double loss = 0;
  std::vector<double> values;
};

Measure measure(TrainedNet& net, const std::vector<Batch>& held) {
  torch::NoGradGuard none;
  net->eval();
  const Task& task = net->task;
  Measure m;
  std::vector<double> sums;
  for (const Batch& b : held) {
    const auto logits = net->forward(b.seen);
    m.loss += task.loss(logits, b).item<double>() / static_cast<double>(held.size());
    const std::vector<double> more = task.measures.sums(logits, b);
    sums.resize(more.size());
    for (std::size_t i = 0; i < more.size(); ++i) sums[i] += more[i];
  }
  m.values = task.measures.values(sums);
  net->train();
  return m;
}

/// One line of the curves; unmeasured values are left empty.
void put(std::ofstream& curves, const Task& task, int step, double loss, const Measure* m,
         double seconds) {
  curves << step << ',' << loss << ',';
  if (m) curves << m->loss;
  for (std::size_t i = 0; i < task.measures.names.size(); ++i) {
    curves << ',';
    if (m) curves << m->values[i];
  }
  curves << ',' << seconds << std::endl;
}

}  // namespace

int train(const Task& task, int argc, char** argv) {
  std::string data, out, resume, weights, shown;
  int steps = 3000, batch = 16, threads = 2, feeders = 1;
  std::uint64_t seed = 1;
  double peak = 2e-3, minutes = 0;
  bool halfway = false;
  CLI::App app("Trains " + task.name);
  app.add_option("data", data)->required();
  app.add_option("out", out)->required();
  app.add_option("--steps", steps);
  app.add_option("--seed", seed);
  app.add_option("--batch", batch);
  app.add_option("--threads", threads);
  app.add_option("--feeders", feeders);
  app.add_option("--resume", resume);
  CLI::Option* const begun = app.add_option("--from", weights);
  app.add_flag("--halfway", halfway, "What is written is the mean with what it began from")
      ->needs(begun);
  app.add_option("--rate", peak);
  app.add_option("--minutes", minutes, "The rate is at its end by then");
  app.add_option("--show", shown, "Only write samples as pictures into this folder");
  CLI11_PARSE(app, argc, argv);

  auto material = read_material(data + "/train");
  auto kept_out = read_material(data + "/held");
  for (const auto* m : {&material, &kept_out})
    if (!*m) return std::fprintf(stderr, "%s\n", m->error().message.c_str()), 1;
  if (!shown.empty()) {
    std::filesystem::create_directories(shown);
    return task.show(*material, shown), 0;
  }
  std::filesystem::create_directories(out);
  torch::manual_seed(seed);
  at::set_num_threads(threads);

  std::vector<Batch> held;
  for (int i = 0; i < 12; ++i)
    held.push_back(
        task.batch(*kept_out, (std::uint64_t{999} << 40) + static_cast<std::uint64_t>(i * 16), 16));

  TrainedNet net(task), steady(task);  // the second follows as a running mean: what is kept
  torch::optim::AdamW optimizer(net->parameters(),
                                torch::optim::AdamWOptions(2e-3).weight_decay(1e-3));
  int first = 0;
  if (!resume.empty()) {
    torch::serialize::InputArchive archive;
    archive.load_from(resume);
    torch::serialize::InputArchive part;
    archive.read("net", part), net->load(part);
    archive.read("steady", part), steady->load(part);
    archive.read("optimizer", part), optimizer.load(part);
    torch::Tensor at;
    archive.read("step", at);
    first = at.item<int>();
  } else {
    if (!weights.empty() &&
        !unfold(net, weights, task.batch(*material, std::uint64_t{998} << 40, 64).seen))
      return 1;
    torch::NoGradGuard none;
    for (const auto& p : net->named_parameters())
      steady->named_parameters()[p.key()].copy_(p.value());
    for (const auto& b : net->named_buffers()) steady->named_buffers()[b.key()].copy_(b.value());
  }

  const auto save = [&](int step) {
    torch::serialize::OutputArchive archive, a, b, c;
    net->save(a), steady->save(b), optimizer.save(c);
    archive.write("net", a), archive.write("steady", b), archive.write("optimizer", c);
    archive.write("step", torch::tensor(step));
    archive.save_to(out + "/checkpoint.pt");
    std::vector<NamedTensor> kept = folded(steady);
    if (halfway && !mix_in(kept, weights)) return;
    if (auto done = write_safetensors(out + "/" + task.name + ".safetensors", kept); !done)
      std::fprintf(stderr, "%s\n", done.error().message.c_str());
  };

  std::ofstream curves(out + "/curves.csv", first ? std::ios::app : std::ios::out);
  if (!first) {
    curves << "step,loss,held_loss";
    for (const std::string& name : task.measures.names) curves << ",held_" << name;
    curves << ",seconds\n";
  }
  Feed feed(task, *material, seed, batch, first / 2, steps, feeders);
  std::deque<Batch> again;  // sixteen batches at a time are seen twice: making them costs as much
  const auto begin = std::chrono::steady_clock::now();
  double recent = 0;
  if (first || !weights.empty()) {
    const Measure m = measure(steady, held);
    put(curves, task, first, 0, &m, 0);
  }
  double gone = 0;
  for (int step = first; step < steps && gone < 1; ++step) {
    gone = static_cast<double>(step - first) / (steps - first);
    if (minutes > 0)
      gone = std::max(
          gone, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() /
                    (60 * minutes));
    gone = std::min(1., gone);
    const double warm = std::min(1., (step - first + 1) / (first ? 40. : 150.));
    const double rate = warm * peak * (.02 + .98 * .5 * (1 + std::cos(3.14159265 * gone)));
    static_cast<torch::optim::AdamWOptions&>(optimizer.param_groups()[0].options()).lr(rate);
    Batch b;
    if (step / 16 % 2 == 0 || again.empty()) {
      again.push_back(b = feed.take());
    } else {
      b = again.front();
      again.pop_front();
    }
    optimizer.zero_grad();
    const auto loss = task.loss(net->forward(b.seen), b);
    loss.backward();
    nn::utils::clip_grad_norm_(net->parameters(), 2.);
    optimizer.step();
    recent += loss.item<double>();
    {
      torch::NoGradGuard none;
      const double keep = std::min(.997, (1. + step) / (10. + step));
      auto from = net->parameters(), to = steady->parameters();
      for (std::size_t i = 0; i < to.size(); ++i) to[i].mul_(keep).add_(from[i], 1 - keep);
      auto now = net->buffers(), kept = steady->buffers();
      for (std::size_t i = 0; i < kept.size(); ++i) {
        if (kept[i].is_floating_point())
          kept[i].mul_(keep).add_(now[i], 1 - keep);
        else
          kept[i].copy_(now[i]);
      }
    }
    const bool last = step + 1 == steps || gone >= 1;
    if ((step + 1) % 80 == 0 || last) {
      const double seconds =
          std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
      const bool measured = (step + 1) % 320 == 0 || last;
      Measure m;
      if (measured) m = measure(steady, held), save(step + 1);
      put(curves, task, step + 1, recent / 80, measured ? &m : nullptr, seconds);
      recent = 0;
    }
  }
  return 0;
}

}  // namespace cleanplate::train
