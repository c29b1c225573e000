/// @file
/// The one door between the core and the object that carries libtorch: plain C types only, so that
/// no exception, no allocator and no C++ type of libtorch comes through.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Raised with every change of what lies below; the core refuses another number.
#define CLEANPLATE_INFER_ABI 2
#define CLEANPLATE_INFER_SYMBOL "cleanplate_infer_table_v2"
#define CLEANPLATE_INFER_MAX_RANK 8

extern "C" {

enum {
  CLEANPLATE_INFER_U8 = 0,
  CLEANPLATE_INFER_I32 = 1,
  CLEANPLATE_INFER_I64 = 2,
  CLEANPLATE_INFER_F16 = 3,
  CLEANPLATE_INFER_F32 = 4,
  CLEANPLATE_INFER_F64 = 5,
  CLEANPLATE_INFER_BOOL = 6
};
enum {
  CLEANPLATE_INFER_DONE = 0,
  CLEANPLATE_INFER_FAILED = -1,
  CLEANPLATE_INFER_NO_MEMORY = -2,
  CLEANPLATE_INFER_NO_DEVICE = -3
};
enum { CLEANPLATE_INFER_HOST = -1 };  // as a device; 0, 1, …: that CUDA card

struct cleanplate_infer_error {
  char message[512];  // UTF-8, one sentence or less, ends in 0
};

struct cleanplate_infer_tensor {
  void* data;
  int32_t type, device, rank;
  int64_t shape[CLEANPLATE_INFER_MAX_RANK];
  int64_t strides[CLEANPLATE_INFER_MAX_RANK];  // in elements
  const char* name;                            // outputs only; lives as long as they do
};

struct cleanplate_infer_settings {
  int32_t threads;  // 0: libtorch's own choice
  int32_t tf32, cudnn_benchmark;
  double gpu_memory_fraction;  // 0…1; 0: as it is
};

struct cleanplate_infer_network;
struct cleanplate_infer_outputs;

struct cleanplate_infer_table {
  uint32_t abi;
  // "libtorch 1.13.0 (CPU)"; CUDA cards that can be used now.
  const char* (*version)(void);
  int32_t (*cuda_devices)(void);
  int32_t (*set)(const cleanplate_infer_settings*, cleanplate_infer_error*);
  // Formats in one line, for messages: "torchscript".
  const char* (*formats)(void);
  int32_t (*load)(const char* path, const char* format, int32_t device, cleanplate_infer_network**,
                  cleanplate_infer_error*);
  void (*unload)(cleanplate_infer_network*);
  // One forward pass. The inputs' memory is only read, and only until the call returns, or, on a
  // CUDA stream, until the work queued on it is done. `stream`: a cudaStream_t or null.
  int32_t (*run)(cleanplate_infer_network*, const cleanplate_infer_tensor*, int32_t inputs,
                 void* stream, int32_t to_host, cleanplate_infer_outputs**,
                 cleanplate_infer_error*);
  int32_t (*output_count)(const cleanplate_infer_outputs*);
  int32_t (*output)(const cleanplate_infer_outputs*, int32_t index, cleanplate_infer_tensor*);
  // Copies an output to memory of the same size and type, on the device that it lies on, in the
  // stream that the pass was queued on.
  int32_t (*copy)(const cleanplate_infer_outputs*, int32_t index, const cleanplate_infer_tensor* to,
                  void* stream, cleanplate_infer_error*);
  void (*release)(cleanplate_infer_outputs*);
};

typedef const cleanplate_infer_table* (*cleanplate_infer_entry)(void);
}
