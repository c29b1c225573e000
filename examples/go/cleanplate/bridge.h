#include <cleanplate.h>

/* Runs with Go's functions as callbacks; user is a cgo.Handle. */
int32_t bridge_run(cleanplate_pipeline *pipeline, const char *in, const char *out, uintptr_t user,
                   cleanplate_cancel *cancel, cleanplate_error *error);
