/* A clip's frames through the restorer in a loop of our own, then the file through the pipeline.
 *   clean IN OUT REGION
 * Build: cc clean.c $(pkg-config --cflags --libs cleanplate_c) */
#include <cleanplate.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
  uint32_t value;
  int frames;
} crc;

/* CRC-32 of IEEE 802.3, over all samples of all frames. Also the pipeline's callback. */
static void add_frame(void *user, const cleanplate_frame *frame) {
  crc *sum = user;
  cleanplate_component plane = {sizeof plane, NULL, 0, 0, 0, 0, 0};
  for (int c = 0; cleanplate_frame_read(frame, c, &plane, NULL) == CLEANPLATE_OK; ++c)
    for (int y = 0; y < plane.height; ++y) {
      const unsigned char *row = (const unsigned char *)plane.data + y * plane.stride;
      for (int i = 0; i < plane.width * plane.bytes; ++i) {
        sum->value ^= row[i];
        for (int bit = 0; bit < 8; ++bit)
          sum->value = sum->value >> 1 ^ (sum->value & 1 ? 0xedb88320U : 0);
      }
    }
  ++sum->frames;
}

static cleanplate_error error = {sizeof error, 0, 0, -1, "", ""};

/* The first failure of all calls is in `error`. */
static int32_t check(int32_t code) {
  if (code >= 0) return code;
  fprintf(stderr, "%s: %s\n", cleanplate_code_name(error.code), error.message);
  exit(1);
}

static void restore_frames(const char *path, const cleanplate_options *options, crc *sum) {
  cleanplate_decoder *decoder = NULL;
  cleanplate_restorer *restorer = NULL;
  cleanplate_video_info video = {.struct_size = sizeof video};
  check(cleanplate_decoder_open(path, options, &decoder, &error));
  check(cleanplate_decoder_info(decoder, &video, &error));
  check(cleanplate_restorer_create(options, &video, NULL, NULL, NULL, &restorer, &error));
  for (int32_t flow = CLEANPLATE_AGAIN; flow != CLEANPLATE_END;) {
    cleanplate_frame *frame = NULL;
    if (check(cleanplate_decoder_pull(decoder, &frame, &error)) == CLEANPLATE_OK) {
      check(cleanplate_restorer_push(restorer, frame, &error));
      cleanplate_frame_destroy(frame); /* the restorer has its own share */
    } else {
      check(cleanplate_restorer_flush(restorer, &error));
    }
    while ((flow = check(cleanplate_restorer_pull(restorer, &frame, &error))) == CLEANPLATE_OK) {
      add_frame(sum, frame);
      cleanplate_frame_destroy(frame);
    }
  }
  cleanplate_restorer_destroy(restorer);
  cleanplate_decoder_destroy(decoder);
}

int main(int argc, char **argv) {
  crc ours = {~0U, 0}, theirs = {~0U, 0};
  cleanplate_options *options = NULL;
  cleanplate_pipeline *pipeline = NULL;
  cleanplate_pipeline_callbacks callbacks = {sizeof callbacks, NULL, NULL, add_frame};
  if (argc != 4) return fprintf(stderr, "clean IN OUT REGION\n"), 2;
  check(cleanplate_options_create(&options, &error));
  check(cleanplate_options_set(options, "region", argv[3], &error));

  restore_frames(argv[1], options, &ours);
  printf("restorer: %d frames, crc32 %08x\n", ours.frames, ~ours.value);

  callbacks.user = &theirs;
  check(cleanplate_pipeline_create(options, &pipeline, &error));
  check(cleanplate_pipeline_run(pipeline, argv[1], argv[2], &callbacks, NULL, NULL, &error));
  printf("pipeline: %d frames, crc32 %08x\n", theirs.frames, ~theirs.value);
  cleanplate_pipeline_destroy(pipeline);
  cleanplate_options_destroy(options);
  return 0;
}
