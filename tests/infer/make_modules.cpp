// Writes the small TorchScript files that tests/unit/infer_network_test.cpp runs.
//   infer_make_modules FOLDER
#include <torch/script.h>

#include <iostream>
#include <string>

namespace {
void save(const std::string& path, const char* code, bool weighted) {
  torch::jit::Module module("made_for_a_test");
  if (weighted) module.register_parameter("weight", torch::full({1, 3, 1, 1}, 2.0), false);
  module.define(code);
  module.save(path);
}
}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string folder = argv[1];
  try {
    save(folder + "/twice.pt", "def forward(self, x):\n  return x * self.weight + 1\n", true);
    save(folder + "/itself.pt", "def forward(self, x):\n  return x\n", false);
    save(
        folder + "/several.pt",
        "def forward(self, x, y):\n"
        "  return {\"sum\": x + y, \"parts\": torch.stack([x, y]).to(dtype=15)}\n",  // 15: bfloat16
        false);
    save(folder + "/number.pt", "def forward(self, x):\n  return 3\n", false);
    save(folder + "/greedy.pt",
         "def forward(self, x):\n  return torch.zeros([1000000000, 1000000000])\n", false);
  } catch (const std::exception& e) {
    std::cerr << e.what() << "\n";
    return 1;
  }
  return 0;
}
