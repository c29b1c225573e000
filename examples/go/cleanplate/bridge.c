#include <string.h>

#include "_cgo_export.h"
#include "bridge.h"

static void on_restored(void *user, const cleanplate_frame *frame) {
  goRestored((uintptr_t)user, (cleanplate_frame *)frame);
}
static void on_progress(void *user, const cleanplate_progress *p) {
  goProgress((uintptr_t)user, (char *)p->phase, p->done, p->frames);
}

int32_t bridge_run(cleanplate_pipeline *pipeline, const char *in, const char *out, uintptr_t user,
                   cleanplate_cancel *cancel, cleanplate_error *error) {
  cleanplate_pipeline_callbacks callbacks;
  memset(&callbacks, 0, sizeof callbacks);
  callbacks.struct_size = sizeof callbacks;
  callbacks.user = (void *)user;
  callbacks.progress = on_progress;
  callbacks.restored = on_restored;
  return cleanplate_pipeline_run(pipeline, in, out, &callbacks, cancel, NULL, error);
}
