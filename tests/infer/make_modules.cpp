// Writes the small TorchScript files that tests/unit/infer_*_test.cpp run.
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

// Networks that answer as YOLO exports do: they look for the white rectangle in each picture. Of
// 12 anchors the first is that rectangle (class 0), the second nearly the same, weaker (class 1),
// the third a square of 64 at (96, 320) in the input (class 2).
const std::string boxes =
    "def boxes(self, x):\n"
    "  n = x.size(0)\n"
    "  white = (x.min(1)[0] > 0.9).to(dtype=6)\n"
    "  columns = white.max(1)[0]\n"
    "  rows = white.max(2)[0]\n"
    "  w = x.size(3)\n"
    "  h = x.size(2)\n"
    "  across = torch.arange(w).to(dtype=6)\n"
    "  down = torch.arange(h).to(dtype=6)\n"
    "  x1 = (columns * (across + 1)).max(1)[0]\n"
    "  x0 = w - (columns * (w - across)).max(1)[0]\n"
    "  y1 = (rows * (down + 1)).max(1)[0]\n"
    "  y0 = h - (rows * (h - down)).max(1)[0]\n"
    "  found = torch.stack([(x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0], 1)\n"
    "  out = torch.zeros([n, 4, 12])\n"
    "  out[:, :, 0] = found\n"
    "  out[:, :, 1] = found + 2\n"
    "  out[:, :, 2] = torch.tensor([128.0, 352.0, 64.0, 64.0])\n"
    "  return out\n"
    "def scores(self, x):\n"
    "  out = torch.zeros([x.size(0), 3, 12])\n"
    "  out[:, 0, 0] = 0.9\n"
    "  out[:, 1, 1] = 0.8\n"
    "  out[:, 2, 2] = 0.6\n"
    "  return out\n";
// Of two mask planes the first is 1 on the left half, -1 on the right; every anchor takes it once.
const std::string protos =
    "def protos(self, x):\n"
    "  out = torch.zeros([x.size(0), 2, x.size(2) // 4, x.size(3) // 4])\n"
    "  half = x.size(3) // 8\n"
    "  out[:, 0, :, :half] = 1.0\n"
    "  out[:, 0, :, half:] = -1.0\n"
    "  return out\n"
    "def weights(self, x):\n"
    "  out = torch.zeros([x.size(0), 2, 12])\n"
    "  out[:, 0, :] = 3.0\n"
    "  return out\n";

void save_yolo(const std::string& folder) {
  const auto made = [&](const char* name, const std::string& forward) {
    save(folder + "/" + name + ".pt",
         (boxes + protos + "def forward(self, x):\n" + forward).c_str(), false);
  };
  made("yolo8", "  return torch.cat([self.boxes(x), self.scores(x)], 1)\n");
  made("yolo8_masks",
       "  return (torch.cat([self.boxes(x), self.scores(x), self.weights(x)], 1), "
       "self.protos(x))\n");
  made("yolo5",
       "  sure = torch.ones([x.size(0), 1, 12]) * 0.5\n"
       "  return (torch.cat([self.boxes(x), sure, self.scores(x)], 1).transpose(1, 2),)\n");
  made("yolo5_masks",
       "  sure = torch.ones([x.size(0), 1, 12])\n"
       "  return (torch.cat([self.boxes(x), sure, self.scores(x), self.weights(x)], "
       "1).transpose(1, 2), self.protos(x))\n");
  made("yolo_alone",
       "  assert x.size(0) == 1, \"one picture only\"\n"
       "  return torch.cat([self.boxes(x), self.scores(x)], 1)\n");
  made("yolo_two",  // of more pictures than two it has no memory
       "  assert x.size(0) <= 2, \"CUDA out of memory\"\n"
       "  return torch.cat([self.boxes(x), self.scores(x)], 1)\n");
  made("yolo_counts",  // its score tells how many pictures came together
       "  return torch.cat([self.boxes(x), self.scores(x) * 0 + x.size(0) * 0.01], 1)\n");
  made("yolo_logits", "  return torch.cat([self.boxes(x), self.scores(x) * 20], 1)\n");
  made("yolo_boxes_only", "  return self.boxes(x)\n");
}

// Networks that answer as inpainting exports do: the hole gets the mean of what is known.
void save_inpainters(const std::string& folder) {
  const std::string mean =
      "  known = 1 - mask\n"
      "  m = (image * known).sum([2, 3], keepdim=True) / known.sum([2, 3], keepdim=True)\n";
  save(folder + "/inpaint.pt",
       ("def forward(self, image, mask):\n" + mean + "  return image * known + m * mask\n").c_str(),
       false);
  save(folder + "/inpaint_counts.pt",  // the hole tells how many pictures came together
       "def forward(self, image, mask):\n"
       "  return image * (1 - mask) + mask * (image.size(0) * 0.05)\n",
       false);
  save(folder + "/inpaint_two.pt",  // of more pictures than two it has no memory
       ("def forward(self, image, mask):\n"
        "  assert image.size(0) <= 2, \"CUDA out of memory\"\n" +
        mean + "  return image * known + m * mask\n")
           .c_str(),
       false);
  save(folder + "/inpaint_mask.pt", "def forward(self, image, mask):\n  return mask\n", false);
  save(folder + "/inpaint_nan.pt", "def forward(self, image, mask):\n  return image / (mask * 0)\n",
       false);
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
    save(folder + "/card_lost.pt",
         "def forward(self, x):\n"
         "  assert x.size(0) == 0, \"CUDA error: an illegal memory access was encountered\"\n"
         "  return x\n",
         false);
    save_yolo(folder);
    save_inpainters(folder);
  } catch (const std::exception& e) {
    std::cerr << e.what() << "\n";
    return 1;
  }
  return 0;
}
