// Needs a stack: places that are known only when it runs.
__global__ void spills(int* values, int n) {
  int own[64];
  for (int i = 0; i < 64; ++i) own[i] = values[i];
  for (int i = 0; i < n; ++i) own[values[i] & 63] += own[values[i + 1] & 63];
  values[n] = own[values[n] & 63];
}
