#include <cleanplate/frame.h>
#include <cleanplate/network.h>

#include <iostream>

int main() {
  const auto frame = cleanplate::Frame::allocate({cleanplate::Layout::yuv420, 8}, {64, 48});
  if (!frame) return std::cerr << frame.error().message << "\n", 1;
  std::cout << frame->size().width << "x" << frame->size().height << "\n";
  // With or without libtorch in the build, this gives a value or a sentence.
  const auto library = cleanplate::network_library();
  std::cout << (library ? library->version + " at " + library->path : library.error().message)
            << "\n";
}
