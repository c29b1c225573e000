// A network library with a card, as far as it says: it keeps what it was set to and runs nothing.
#include "infer/table.h"

namespace {

int sets = 0;
cleanplate_infer_settings last{};
char network;

const char* version() { return "a recording library"; }
int32_t cuda_devices() { return 1; }
int32_t set(const cleanplate_infer_settings* settings, cleanplate_infer_error*) {
  last = *settings;
  ++sets;
  return CLEANPLATE_INFER_DONE;
}
const char* formats() { return "any"; }
int32_t load(const char*, const char*, int32_t, cleanplate_infer_network** out,
             cleanplate_infer_error*) {
  *out = reinterpret_cast<cleanplate_infer_network*>(&network);
  return CLEANPLATE_INFER_DONE;
}
void unload(cleanplate_infer_network*) {}

constexpr cleanplate_infer_table table{CLEANPLATE_INFER_ABI,
                                       version,
                                       cuda_devices,
                                       set,
                                       formats,
                                       load,
                                       unload,
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       nullptr};

}  // namespace

extern "C" {
const cleanplate_infer_table* cleanplate_infer_table_v2() { return &table; }
int recorded_sets() { return sets; }
const cleanplate_infer_settings* recorded_settings() { return &last; }
}
