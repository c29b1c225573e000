/* A live-like loop: pictures come at a steady pace into a fixed ring of buffers, and go on restored with
 * a bounded delay. No buffer is allocated after the start, no picture is dropped.
 *   live [FRAMES]
 * It makes its own pictures: a moving pattern with a see-through mark. */
#include <cleanplate.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { width = 320, height = 180, most_buffers = 128 };

typedef struct {
  unsigned char samples[width * height * 3 / 2];
  atomic_int in_use;
} buffer;

static buffer *ring;
static cleanplate_error error = {sizeof error, 0, 0, -1, "", ""};

static int32_t check(int32_t code) {
  if (code >= 0) return code;
  fprintf(stderr, "live: %s\n", error.message);
  exit(1);
}

/* May come from any thread. */
static void release(void *user) { atomic_store(&((buffer *)user)->in_use, 0); }

/* The camera: the mark is at 16,16 of 64x32. */
static void shoot(buffer *b, int n) {
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      int value = 60 + ((x + 3 * n) * 7 ^ (y + n) * 5) % 128;
      if (x >= 16 && x < 80 && y >= 16 && y < 48) value = (value * 3 + 235 * 2) / 5;
      b->samples[y * width + x] = (unsigned char)value;
    }
  memset(b->samples + width * height, 128, width * height / 2);
}

static cleanplate_frame *frame_over(buffer *b, int n) {
  cleanplate_frame *frame = NULL;
  cleanplate_frame_info info = {.struct_size = sizeof info};
  cleanplate_frame_memory memory = {.struct_size = sizeof memory};
  info.layout = CLEANPLATE_LAYOUT_YUV420;
  info.bits = 8;
  info.width = width;
  info.height = height;
  info.pts = n;
  memory.planes[0] = b->samples;
  memory.planes[1] = b->samples + width * height;
  memory.planes[2] = b->samples + width * height * 5 / 4;
  memory.strides[0] = width;
  memory.strides[1] = memory.strides[2] = width / 2;
  memory.release = release;
  memory.user = b;
  check(cleanplate_frame_wrap(&info, &memory, &frame, &error));
  return frame;
}

int main(int argc, char **argv) {
  const int frames = argc > 1 ? atoi(argv[1]) : 100;
  cleanplate_options *options = NULL;
  cleanplate_restorer *restorer = NULL;
  cleanplate_video_info video = {.struct_size = sizeof video};
  video.layout = CLEANPLATE_LAYOUT_YUV420;
  video.bits = 8;
  video.width = width;
  video.height = height;
  video.time_base_num = video.frame_rate_den = 1;
  video.time_base_den = video.frame_rate_num = 25;
  check(cleanplate_options_create(&options, &error));
  check(cleanplate_options_set(options, "region", "16,16,64,32", &error));
  check(cleanplate_options_set_real(options, "accumulation_seconds", .5, &error));
  check(cleanplate_restorer_create(options, &video, NULL, NULL, NULL, &restorer, &error));
  cleanplate_options_destroy(options);

  int32_t latency = 0, lag = 0;
  check(cleanplate_restorer_latency(restorer, &latency, &error));
  /* Those that wait, as many that neighbours still look at, and the one being shot. */
  const int buffers = 2 * latency + 8;
  if (buffers > most_buffers) return fprintf(stderr, "live: a latency of %d\n", latency), 1;
  ring = calloc((size_t)buffers, sizeof *ring);
  if (!ring) return fprintf(stderr, "live: no memory\n"), 1;

  int given = 0, dropped = 0, most_used = 0;
  for (int n = 0; n <= frames; ++n) {
    if (n < frames) {
      buffer *free_one = NULL;
      int used = 0;
      for (int i = 0; i < buffers; ++i) {
        if (atomic_load(&ring[i].in_use)) {
          ++used;
        } else {
          free_one = &ring[i];
        }
      }
      if (used > most_used) most_used = used;
      if (!free_one) { /* a camera does not wait */
        ++dropped;
        continue;
      }
      atomic_store(&free_one->in_use, 1);
      shoot(free_one, n);
      cleanplate_frame *frame = frame_over(free_one, n);
      check(cleanplate_restorer_push(restorer, frame, &error));
      cleanplate_frame_destroy(frame);
    } else {
      check(cleanplate_restorer_flush(restorer, &error));
    }
    for (cleanplate_frame *out = NULL;
         check(cleanplate_restorer_pull(restorer, &out, &error)) == CLEANPLATE_OK; ++given) {
      cleanplate_frame_info info = {.struct_size = sizeof info};
      check(cleanplate_frame_get_info(out, &info, &error));
      if (info.pts != given) return fprintf(stderr, "live: a picture is missing\n"), 1;
      cleanplate_frame_destroy(out); /* here it would go on air */
    }
    if (n < frames && n + 1 - given > lag) lag = n + 1 - given;
  }
  cleanplate_restorer_destroy(restorer);
  int kept = 0;
  for (int i = 0; i < buffers; ++i) kept += atomic_load(&ring[i].in_use);
  free(ring);
  printf("live: %d of %d pictures given, %d dropped, %d late at most where %d were promised, "
         "%d of %d buffers used, %d not given back\n",
         given, frames, dropped, lag, latency, most_used, buffers, kept);
  return given == frames && !dropped && lag <= latency && !kept ? 0 : 1;
}
