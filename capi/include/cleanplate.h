/**
 * @file
 * cleanplate for C and for every language that can call C: takes an overlay (a channel logo, a
 * see-through watermark, a burned-in timecode) off a video.
 *
 *   cleanplate_options *options = NULL;
 *   cleanplate_pipeline *pipeline = NULL;
 *   cleanplate_error error = {sizeof error};
 *   cleanplate_options_create(&options, &error);
 *   cleanplate_options_set(options, "region", "br:24,24,180,60", &error);
 *   cleanplate_pipeline_create(options, &pipeline, &error);
 *   if (cleanplate_pipeline_run(pipeline, "in.mp4", "out.mp4", NULL, NULL, NULL, &error) < 0)
 *     fprintf(stderr, "%s\n", error.message);
 *
 * Holds for every function below, so that it need not be said again:
 *
 * Result     0 done; 1 to 3 what a stage says of its flow; negative: failed, and nothing was done
 *            unless said otherwise. Nothing throws, nothing prints, nothing ends the process.
 * error      The caller's own; NULL: not wanted. Set struct_size, zero the rest. While `code` is
 *            not 0 it is left as it is, so that the first cause of a row of calls stays.
 * Handles    Made by …_create, …_open, …_pull and the like into `out`, which is left untouched
 *            where the call fails; the caller destroys each exactly once. A handle is no address:
 *            NULL, a destroyed one and one of another kind are CLEANPLATE_ERROR_BAD_HANDLE.
 *            Destroying NULL does nothing.
 * Structs    Begin with struct_size, the size that the caller was compiled with. Shorter ones of an
 *            older header are taken, fields that they lack have their defaults (0 unless said
 *            otherwise). Longer ones of a newer header are taken where the unknown rest is 0; what
 *            is given back leaves it 0. Too short ones: CLEANPLATE_ERROR_STRUCT_SIZE.
 * Strings    UTF-8, ended by a zero, copied; paths are bytes as the system has them. NULL where one
 *            is needed is CLEANPLATE_ERROR_INVALID_ARGUMENT. Text is given back into `buffer` of
 *            `size` bytes; `needed` (may be NULL) gets the bytes with the zero. With buffer NULL
 *            and size 0 only `needed` is given; a buffer that is too small holds the beginning and
 *            the result is CLEANPLATE_ERROR_BUFFER_TOO_SMALL. In structs long text is cut, between
 *            characters.
 * Threads    Different handles are independent. One handle is used by one thread at a time: a call
 *            that meets another on the same handle is CLEANPLATE_ERROR_BUSY and does nothing (also
 *            from the handle's own callback). Free of that: frames, plans, reports, detections and
 *            masks may be read by several threads at once, options and devices too; a cancel may
 *            be set by any.
 * Callbacks  Get `user` back. They may come from threads of the library, where it is said; they
 *            must return, and nothing thrown may leave them (C++ exceptions, Rust panics, longjmp).
 * ABI        Numbers and functions stay as they are and are added to; cleanplate_abi_version.
 */
#ifndef CLEANPLATE_H
#define CLEANPLATE_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32) && defined(CLEANPLATE_BUILDS_C)
#define CLEANPLATE_API __declspec(dllexport)
#elif defined(_WIN32)
#define CLEANPLATE_API __declspec(dllimport)
#elif defined(__GNUC__)
#define CLEANPLATE_API __attribute__((visibility("default")))
#else
#define CLEANPLATE_API
#endif

/** This header's ABI: functions and fields are added in minor steps, nothing is taken away. */
#define CLEANPLATE_ABI_MAJOR 1
#define CLEANPLATE_ABI_MINOR 1

#ifdef __cplusplus
extern "C" {
#endif

/* ---------------------------------------------------------------- results and errors */

/** Results. Numbers are fixed by hand and never used again for something else. */
enum {
  CLEANPLATE_OK = 0,
  CLEANPLATE_AGAIN = 1, /**< nothing to give yet: push more */
  CLEANPLATE_FULL = 2,  /**< nothing taken: pull first */
  CLEANPLATE_END = 3,   /**< flushed and empty; the end of the file */

  CLEANPLATE_ERROR_INTERNAL = -1,         /**< a defect of ours; please report it */
  CLEANPLATE_ERROR_INVALID_ARGUMENT = -2, /**< a call that can never work */
  CLEANPLATE_ERROR_INVALID_OPTION = -3,   /**< the message names option, value and range */
  CLEANPLATE_ERROR_BAD_ORDER = -4,        /**< pts did not rise; nothing taken */
  CLEANPLATE_ERROR_NOT_FOUND = -5,        /**< no such file */
  CLEANPLATE_ERROR_UNREADABLE = -6,       /**< no media file, or one that cannot be opened */
  CLEANPLATE_ERROR_NO_VIDEO = -7,
  CLEANPLATE_ERROR_UNSUPPORTED = -8, /**< well-formed input that is not handled */
  CLEANPLATE_ERROR_ENCRYPTED = -9,
  CLEANPLATE_ERROR_DAMAGED = -10,
  CLEANPLATE_ERROR_UNWRITABLE = -11,
  CLEANPLATE_ERROR_DISK_FULL = -12,
  CLEANPLATE_ERROR_SAME_FILE = -13, /**< the output is the input */
  CLEANPLATE_ERROR_OUT_OF_MEMORY = -14,
  CLEANPLATE_ERROR_DECODER = -15,
  CLEANPLATE_ERROR_ENCODER = -16,
  CLEANPLATE_ERROR_DEVICE = -17,
  CLEANPLATE_ERROR_NETWORK = -18,
  CLEANPLATE_ERROR_CANCELLED = -19,
  CLEANPLATE_ERROR_DEGRADED = -20, /**< a step down under the option strict */
  /* of this interface only */
  CLEANPLATE_ERROR_BAD_HANDLE = -101,
  CLEANPLATE_ERROR_STRUCT_SIZE = -102,
  CLEANPLATE_ERROR_BUSY = -103,
  CLEANPLATE_ERROR_BUFFER_TOO_SMALL = -104
};

/** The first failure of a row of calls; owned by the caller. */
typedef struct cleanplate_error {
  size_t struct_size;
  int32_t code;        /**< 0: nothing has failed */
  int32_t native_code; /**< of the library below, 0 for none */
  int64_t frame;       /**< index from 0; -1 where no frame is meant */
  char stage[32];      /**< "decode", "detect", "inpaint", … */
  char message[512];   /**< what was tried, on what, and what to do */
} cleanplate_error;

/** A code's name, "invalid_option"; "unknown" for others. Static. Threads: any. */
CLEANPLATE_API const char *cleanplate_code_name(int32_t code);

/* ---------------------------------------------------------------- handles */

typedef struct cleanplate_options cleanplate_options;
typedef struct cleanplate_cancel cleanplate_cancel;
typedef struct cleanplate_frame cleanplate_frame;
typedef struct cleanplate_detections cleanplate_detections;
typedef struct cleanplate_mask cleanplate_mask;
typedef struct cleanplate_plan cleanplate_plan;
typedef struct cleanplate_report cleanplate_report;
typedef struct cleanplate_detector cleanplate_detector;
typedef struct cleanplate_tracker cleanplate_tracker;
typedef struct cleanplate_inpainter cleanplate_inpainter;
typedef struct cleanplate_restorer cleanplate_restorer;
typedef struct cleanplate_decoder cleanplate_decoder;
typedef struct cleanplate_encoder cleanplate_encoder;
typedef struct cleanplate_pipeline cleanplate_pipeline;
typedef struct cleanplate_device cleanplate_device;

/* ---------------------------------------------------------------- the library */

/** The product's version, "0.1.0". Static. Threads: any. */
CLEANPLATE_API const char *cleanplate_version(void);
/** The ABI of the library that is loaded: major << 16 | minor. Usable where the major is
 *  CLEANPLATE_ABI_MAJOR and the minor not less than CLEANPLATE_ABI_MINOR. Threads: any. */
CLEANPLATE_API uint32_t cleanplate_abi_version(void);

/** What this machine and this build have, as JSON with "version": devices, decoders, a card's
 *  decoders and encoders (each is really opened, which takes a second or two), libraries, memory
 *  and threads; where one is not to be had, why and what to do.
 *  @param options  NULL: the defaults. */
CLEANPLATE_API int32_t cleanplate_doctor_json(const cleanplate_options *options, char *buffer,
                                              size_t size, size_t *needed, cleanplate_error *error);

enum {
  CLEANPLATE_LOG_DEBUG = 0,
  CLEANPLATE_LOG_INFO = 1,
  CLEANPLATE_LOG_WARNING = 2,
  CLEANPLATE_LOG_ERROR = 3
};
/** One line, no newline. Comes from any thread, one call at a time. */
typedef void (*cleanplate_log_callback)(void *user, int32_t level, const char *line);
/** Where messages go, for the whole process; NULL: nowhere, as it is at the start.
 *  `user` must live until another callback is set and the running call has returned. */
CLEANPLATE_API int32_t cleanplate_set_log(cleanplate_log_callback callback, void *user,
                                          int32_t least_level, cleanplate_error *error);

/* ---------------------------------------------------------------- options */

enum {
  CLEANPLATE_OPTION_BOOLEAN = 0,
  CLEANPLATE_OPTION_INTEGER = 1,
  CLEANPLATE_OPTION_REAL = 2,
  CLEANPLATE_OPTION_TEXT = 3,
  CLEANPLATE_OPTION_LIST = 4 /**< of texts; each `set` adds one */
};

/** One row of the table of options. All texts are static. */
typedef struct cleanplate_option_info {
  size_t struct_size;
  int32_t type;
  int32_t reserved;
  double least, most; /**< numbers only; both 0 for others */
  const char *name;
  const char *standard; /**< the default, as text */
  const char *choices;  /**< "auto|static|…" for text of fixed values, else "" */
  const char *unit;     /**< "" where there is none */
  const char *group;
  const char *help; /**< one line */
} cleanplate_option_info;

/** Rows of the table. Threads: any. */
CLEANPLATE_API int32_t cleanplate_option_count(void);
/** @param index  0 … cleanplate_option_count() - 1. Threads: any. */
CLEANPLATE_API int32_t cleanplate_option_at(int32_t index, cleanplate_option_info *out,
                                            cleanplate_error *error);

/** All options at their defaults. */
CLEANPLATE_API int32_t cleanplate_options_create(cleanplate_options **out, cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_options_destroy(cleanplate_options *options);
/** Any option from text, as on the command line. @return INVALID_OPTION: unknown, out of range. */
CLEANPLATE_API int32_t cleanplate_options_set(cleanplate_options *options, const char *name,
                                              const char *value, cleanplate_error *error);
/** @param value  0 or 1. @return INVALID_OPTION: the option is no boolean. */
CLEANPLATE_API int32_t cleanplate_options_set_boolean(cleanplate_options *options, const char *name,
                                                      int32_t value, cleanplate_error *error);
/** @return INVALID_OPTION: the option is no integer, or the value is out of its range. */
CLEANPLATE_API int32_t cleanplate_options_set_integer(cleanplate_options *options, const char *name,
                                                      int64_t value, cleanplate_error *error);
/** @return INVALID_OPTION: the option is no number, or the value is out of its range. */
CLEANPLATE_API int32_t cleanplate_options_set_real(cleanplate_options *options, const char *name,
                                                   double value, cleanplate_error *error);
/** An option's value as text; a list's elements joined by ';'. */
CLEANPLATE_API int32_t cleanplate_options_get(const cleanplate_options *options, const char *name,
                                              char *buffer, size_t size, size_t *needed,
                                              cleanplate_error *error);
/** {"version": 1, "options": {…}} with every option. */
CLEANPLATE_API int32_t cleanplate_options_to_json(const cleanplate_options *options, char *buffer,
                                                  size_t size, size_t *needed,
                                                  cleanplate_error *error);
/** Reads the same; what it does not name goes back to its default. */
CLEANPLATE_API int32_t cleanplate_options_from_json(cleanplate_options *options, const char *json,
                                                    cleanplate_error *error);

/* ---------------------------------------------------------------- stopping */

/** A flag that jobs look at several times a second; a restorer looks at every call. */
CLEANPLATE_API int32_t cleanplate_cancel_create(cleanplate_cancel **out, cleanplate_error *error);
/** Jobs that hold the flag keep it. */
CLEANPLATE_API int32_t cleanplate_cancel_destroy(cleanplate_cancel *cancel);
/** The jobs end with CLEANPLATE_ERROR_CANCELLED. It stays set. Threads: any; not from a signal
 *  handler. */
CLEANPLATE_API int32_t cleanplate_cancel_set(cleanplate_cancel *cancel);

/* ---------------------------------------------------------------- frames */

/** How the samples lie. */
enum {
  CLEANPLATE_LAYOUT_GREY = 0,      /**< Y */
  CLEANPLATE_LAYOUT_YUV420 = 1,    /**< Y, Cb, Cr planes; chroma halved both ways */
  CLEANPLATE_LAYOUT_YUV422 = 2,    /**< Y, Cb, Cr planes; chroma halved in width */
  CLEANPLATE_LAYOUT_YUV444 = 3,    /**< Y, Cb, Cr planes */
  CLEANPLATE_LAYOUT_NV12 = 4,      /**< Y plane, then Cb and Cr in turn; chroma halved both ways */
  CLEANPLATE_LAYOUT_YUV444_MSB = 5 /**< as YUV444; above 8 bits in the high bits */
};

/** A picture but for its samples. 8 bits: one byte a sample; 9 to 16: two bytes, native order, in
 *  the low bits, except NV12 (P010 and the like) and YUV444_MSB above 8 bits: in the high bits. */
typedef struct cleanplate_frame_info {
  size_t struct_size;
  int32_t layout, bits;
  int32_t width, height; /**< 1 … 32768 luma samples */
  int64_t pts, duration; /**< ticks of the time base; duration 0 = unknown */
  int32_t range;         /**< 1 limited, 2 full, 0 unknown */
  int32_t primaries;     /**< this and the next two: ISO/IEC 23091-2; 2 unspecified; default 2 */
  int32_t transfer, matrix;
  int32_t chroma_location; /**< 0 unspecified, 1 left, 2 centre, 3 top left, … */
  int32_t interlaced, top_field_first;
  int32_t key; /**< decoded from a key frame */
} cleanplate_frame_info;

/** The caller's planes: Y, Cb, Cr, or Y and CbCr for NV12. */
typedef struct cleanplate_frame_memory {
  size_t struct_size;
  const void *planes[3];
  int64_t strides[3]; /**< bytes from row to row; may be negative */
  /** Called once, when the library has no more use for the planes, from any thread; may be NULL.
   *  After a failed wrap it is not called. */
  void (*release)(void *user);
  void *user;
} cleanplate_frame_memory;

/** Samples of one component. */
typedef struct cleanplate_component {
  size_t struct_size;
  void *data;            /**< the first sample; not to be written unless from …_writable */
  int64_t stride;        /**< bytes from row to row */
  int32_t step;          /**< samples from column to column: 2 in NV12's chroma, else 1 */
  int32_t width, height; /**< samples */
  int32_t bytes;         /**< of a sample */
} cleanplate_component;

/** A new frame, samples undefined, rows aligned to 64 bytes. */
CLEANPLATE_API int32_t cleanplate_frame_allocate(const cleanplate_frame_info *info,
                                                 cleanplate_frame **out, cleanplate_error *error);
/** A frame over the caller's memory, which is only read and stays valid and unchanged until
 *  `release`. No sample is copied. */
CLEANPLATE_API int32_t cleanplate_frame_wrap(const cleanplate_frame_info *info,
                                             const cleanplate_frame_memory *memory,
                                             cleanplate_frame **out, cleanplate_error *error);
/** One more handle to the same samples. */
CLEANPLATE_API int32_t cleanplate_frame_share(const cleanplate_frame *frame, cleanplate_frame **out,
                                              cleanplate_error *error);
/** The same picture in new memory that may be written. */
CLEANPLATE_API int32_t cleanplate_frame_copy(const cleanplate_frame *frame, cleanplate_frame **out,
                                             cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_frame_destroy(cleanplate_frame *frame);
CLEANPLATE_API int32_t cleanplate_frame_get_info(const cleanplate_frame *frame,
                                                 cleanplate_frame_info *out,
                                                 cleanplate_error *error);
/** @param component  0 Y, 1 Cb, 2 Cr. The samples are valid as long as the handle. */
CLEANPLATE_API int32_t cleanplate_frame_read(const cleanplate_frame *frame, int32_t component,
                                             cleanplate_component *out, cleanplate_error *error);
/** The same, to write. Not once the frame was pushed or shared.
 *  @return INVALID_ARGUMENT: the memory is somebody else's too; make a copy. */
CLEANPLATE_API int32_t cleanplate_frame_write(cleanplate_frame *frame, int32_t component,
                                              cleanplate_component *out, cleanplate_error *error);

/* ---------------------------------------------------------------- what was seen */

/** Something seen in a frame; luma samples, origin top left. */
typedef struct cleanplate_detection {
  size_t struct_size;
  int32_t x, y, width, height;
  double score;        /**< 0 … 1 */
  int32_t told;        /**< 1: its times are known, a tracker adds none */
  int32_t mask_stride; /**< bytes from row to row of `mask` */
  /** width × height bytes, 0 outside … 255 inside; NULL: the whole box. Given in: copied. Given
   *  out: valid as long as the handle that it came from. */
  const uint8_t *mask;
  char kind[32]; /**< "logo", "text", "region", or the caller's word */
} cleanplate_detection;

/** All that was seen in one frame; empty. */
CLEANPLATE_API int32_t cleanplate_detections_create(int64_t pts, cleanplate_detections **out,
                                                    cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_detections_destroy(cleanplate_detections *detections);
/** Adds `count` of them, copied. @param stride  bytes from one to the next. */
CLEANPLATE_API int32_t cleanplate_detections_add(cleanplate_detections *detections,
                                                 const cleanplate_detection *first, size_t count,
                                                 size_t stride, cleanplate_error *error);
/** @param pts, count  may be NULL. */
CLEANPLATE_API int32_t cleanplate_detections_get(const cleanplate_detections *detections,
                                                 int64_t *pts, int32_t *count,
                                                 cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_detections_at(const cleanplate_detections *detections,
                                                int32_t index, cleanplate_detection *out,
                                                cleanplate_error *error);

/** One overlay in one frame. */
typedef struct cleanplate_mask_part {
  size_t struct_size;
  int32_t track; /**< the overlay's number, from 0 */
  int32_t x, y, width, height;
  int32_t stride;        /**< bytes from row to row of `values` */
  const uint8_t *values; /**< 0 outside … 255 inside; ownership as in cleanplate_detection */
} cleanplate_mask_part;

/** All overlays of one frame; empty: the frame passes as it is. */
CLEANPLATE_API int32_t cleanplate_mask_create(int64_t pts, cleanplate_mask **out,
                                              cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_mask_destroy(cleanplate_mask *mask);
/** Adds `count` parts, copied. An inpainter knows an overlay by the memory of its part: where it
 *  stands still, make one mask and cleanplate_mask_at_time for the other frames.
 *  @param stride  bytes from one to the next. */
CLEANPLATE_API int32_t cleanplate_mask_add(cleanplate_mask *mask, const cleanplate_mask_part *first,
                                           size_t count, size_t stride, cleanplate_error *error);
/** The same overlays in another frame, sharing their memory. */
CLEANPLATE_API int32_t cleanplate_mask_at_time(const cleanplate_mask *mask, int64_t pts,
                                               cleanplate_mask **out, cleanplate_error *error);
/** @param pts, count  may be NULL. */
CLEANPLATE_API int32_t cleanplate_mask_get(const cleanplate_mask *mask, int64_t *pts,
                                           int32_t *count, cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_mask_at(const cleanplate_mask *mask, int32_t index,
                                          cleanplate_mask_part *out, cleanplate_error *error);

/** Something looked at and either taken for an overlay or not. */
typedef struct cleanplate_candidate {
  size_t struct_size;
  int32_t x, y, width, height;
  double score;
  int32_t accepted;
  int32_t reserved;
  char kind[32];
  char reason[512]; /**< a sentence with the figures that decided */
} cleanplate_candidate;

/* ---------------------------------------------------------------- plans and reports */

enum {
  CLEANPLATE_METHOD_AUTOMATIC = 0,
  CLEANPLATE_METHOD_UNBLEND = 1,
  CLEANPLATE_METHOD_PROPAGATE = 2,
  CLEANPLATE_METHOD_SYNTHESIZE = 3,
  CLEANPLATE_METHOD_FILL = 4
};

typedef struct cleanplate_plan_info {
  size_t struct_size;
  int32_t overlays, candidates;
  int64_t frames_examined;
} cleanplate_plan_info;

/** One overlay of a plan. */
typedef struct cleanplate_overlay {
  size_t struct_size;
  int32_t x, y, width, height;
  int32_t method;    /**< CLEANPLATE_METHOD_… */
  int32_t estimated; /**< 1: there is a matte, and the next three mean something */
  double opacity;    /**< 98th percentile, 0 … 1 */
  double opacity_error;
  double confidence; /**< 0 … 1 */
  double from, to;   /**< seconds from the first frame; `to` exclusive */
  double score;
} cleanplate_overlay;

CLEANPLATE_API int32_t cleanplate_plan_destroy(cleanplate_plan *plan);
CLEANPLATE_API int32_t cleanplate_plan_get(const cleanplate_plan *plan, cleanplate_plan_info *out,
                                           cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_plan_overlay(const cleanplate_plan *plan, int32_t index,
                                               cleanplate_overlay *out, cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_plan_candidate(const cleanplate_plan *plan, int32_t index,
                                                 cleanplate_candidate *out,
                                                 cleanplate_error *error);
/** The masks of a frame at `seconds` from the first, for cleanplate_inpainter_push. */
CLEANPLATE_API int32_t cleanplate_plan_mask(const cleanplate_plan *plan, double seconds,
                                            int64_t pts, cleanplate_mask **out,
                                            cleanplate_error *error);

typedef struct cleanplate_report_info {
  size_t struct_size;
  int64_t frames_in, frames_out, frames_changed, frames_lost;
  double seconds;
  int32_t nothing_found;
  int32_t candidates, methods, stages, degradations, warnings; /**< how many */
  char encoder[64];
} cleanplate_report_info;

/** How many frames of an overlay had which method. */
typedef struct cleanplate_report_method_info {
  size_t struct_size;
  int32_t track;
  int32_t reserved;
  int64_t frames;
  double confidence; /**< mean, 0 … 1 */
  char method[32];
} cleanplate_report_method_info;

typedef struct cleanplate_report_stage_info {
  size_t struct_size;
  double busy_seconds;
  double busy_share; /**< of the job's wall time */
  int32_t batch;
  int32_t reserved;
  char stage[32];
  char device[192];
} cleanplate_report_stage_info;

/** A step down that was taken instead of failing. */
typedef struct cleanplate_degradation {
  size_t struct_size;
  int64_t first_frame;
  char stage[32];
  char from[192], to[192];
  char reason[512];
} cleanplate_degradation;

CLEANPLATE_API int32_t cleanplate_report_destroy(cleanplate_report *report);
CLEANPLATE_API int32_t cleanplate_report_get(const cleanplate_report *report,
                                             cleanplate_report_info *out, cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_report_candidate(const cleanplate_report *report, int32_t index,
                                                   cleanplate_candidate *out,
                                                   cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_report_method(const cleanplate_report *report, int32_t index,
                                                cleanplate_report_method_info *out,
                                                cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_report_stage(const cleanplate_report *report, int32_t index,
                                               cleanplate_report_stage_info *out,
                                               cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_report_degradation(const cleanplate_report *report, int32_t index,
                                                     cleanplate_degradation *out,
                                                     cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_report_warning(const cleanplate_report *report, int32_t index,
                                                 char *buffer, size_t size, size_t *needed,
                                                 cleanplate_error *error);
/** All of it, with "version". */
CLEANPLATE_API int32_t cleanplate_report_to_json(const cleanplate_report *report, char *buffer,
                                                 size_t size, size_t *needed,
                                                 cleanplate_error *error);

/* ---------------------------------------------------------------- files to files */

/** What a video is, as coded. For stages that are given frames: layout, bits, width, height and
 *  time base are needed, the frame rate is good to have. */
typedef struct cleanplate_video_info {
  size_t struct_size;
  int32_t layout, bits;
  int32_t width, height;                  /**< before rotation and sample aspect ratio */
  int64_t time_base_num, time_base_den;   /**< seconds a tick of pts */
  int64_t frame_rate_num, frame_rate_den; /**< average; 0/… unknown */
  int64_t sample_aspect_num, sample_aspect_den;
  int64_t frames;   /**< as the container says; 0 unknown */
  int64_t bit_rate; /**< bits a second of this stream; 0 unknown */
  double duration;  /**< seconds; 0 unknown */
  int32_t rotation; /**< degrees counter-clockwise */
  int32_t interlaced;
  char codec[32];     /**< "h264", "hevc", … */
  char container[64]; /**< the demuxer's short name */
} cleanplate_video_info;

typedef struct cleanplate_progress {
  size_t struct_size;
  int64_t done;
  int64_t frames;    /**< 0 while unknown */
  const char *phase; /**< "scan" or "restore"; valid during the call */
} cleanplate_progress;

/** From one of the job's threads, one call at a time; each may be NULL. */
typedef struct cleanplate_pipeline_callbacks {
  size_t struct_size;
  void *user;
  void (*progress)(void *user, const cleanplate_progress *progress);
  /** Every restored frame just before the encoder, in order. The handle is the library's and valid
   *  during the call; cleanplate_frame_share makes one to keep. */
  void (*restored)(void *user, const cleanplate_frame *frame);
} cleanplate_pipeline_callbacks;

/** @param options  NULL: the defaults; copied. @return INVALID_OPTION, DEVICE. */
CLEANPLATE_API int32_t cleanplate_pipeline_create(const cleanplate_options *options,
                                                  cleanplate_pipeline **out,
                                                  cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_pipeline_destroy(cleanplate_pipeline *pipeline);
/** Takes the overlay off a file; returns when the output is whole, or not there. Where nothing was
 *  found no output is written (unless the option always) and report_info.nothing_found is 1.
 *  @param callbacks, cancel, report  may be NULL. */
CLEANPLATE_API int32_t cleanplate_pipeline_run(cleanplate_pipeline *pipeline, const char *input,
                                               const char *output,
                                               const cleanplate_pipeline_callbacks *callbacks,
                                               const cleanplate_cancel *cancel,
                                               cleanplate_report **report, cleanplate_error *error);
/** Only looks: the overlays that `run` would take off, and the candidates with reasons. */
CLEANPLATE_API int32_t cleanplate_pipeline_plan(cleanplate_pipeline *pipeline, const char *input,
                                                const cleanplate_pipeline_callbacks *callbacks,
                                                const cleanplate_cancel *cancel,
                                                cleanplate_plan **plan, cleanplate_error *error);

/* ---------------------------------------------------------------- stages, one by one */

/* Each takes with push (sharing, not copying; the caller's handle stays the caller's) and gives
 * with pull: OK, AGAIN (push more), END; push may say FULL (pull first). Frames are in presentation
 * order. Latency: the most frames that pull lags behind push. */

/** Finds overlays: as the options say (region, mask, else detect). */
CLEANPLATE_API int32_t cleanplate_detector_create(const cleanplate_options *options,
                                                  const cleanplate_video_info *video,
                                                  cleanplate_detector **out,
                                                  cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_detector_destroy(cleanplate_detector *detector);
CLEANPLATE_API int32_t cleanplate_detector_push(cleanplate_detector *detector,
                                                const cleanplate_frame *frame,
                                                cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_detector_pull(cleanplate_detector *detector,
                                                cleanplate_detections **out,
                                                cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_detector_flush(cleanplate_detector *detector,
                                                 cleanplate_error *error);
/** -1: all comes after flush. */
CLEANPLATE_API int32_t cleanplate_detector_latency(const cleanplate_detector *detector,
                                                   int32_t *frames, cleanplate_error *error);

/** From sightings to one mask for every frame. */
CLEANPLATE_API int32_t cleanplate_tracker_create(const cleanplate_options *options,
                                                 const cleanplate_video_info *video,
                                                 cleanplate_tracker **out, cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_tracker_destroy(cleanplate_tracker *tracker);
CLEANPLATE_API int32_t cleanplate_tracker_push(cleanplate_tracker *tracker,
                                               const cleanplate_detections *detections,
                                               cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_tracker_pull(cleanplate_tracker *tracker, cleanplate_mask **out,
                                               cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_tracker_flush(cleanplate_tracker *tracker,
                                                cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_tracker_latency(const cleanplate_tracker *tracker,
                                                  int32_t *frames, cleanplate_error *error);

/** Brings back what lies under the masks. @param plan  NULL: nothing is known of the overlays, so
 *  they are filled. */
CLEANPLATE_API int32_t cleanplate_inpainter_create(const cleanplate_options *options,
                                                   const cleanplate_video_info *video,
                                                   const cleanplate_plan *plan,
                                                   cleanplate_inpainter **out,
                                                   cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_inpainter_destroy(cleanplate_inpainter *inpainter);
CLEANPLATE_API int32_t cleanplate_inpainter_push(cleanplate_inpainter *inpainter,
                                                 const cleanplate_frame *frame,
                                                 const cleanplate_mask *mask,
                                                 cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_inpainter_pull(cleanplate_inpainter *inpainter,
                                                 cleanplate_frame **out, cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_inpainter_flush(cleanplate_inpainter *inpainter,
                                                  cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_inpainter_latency(const cleanplate_inpainter *inpainter,
                                                    int32_t *frames, cleanplate_error *error);

/* Stages written by the caller. push gets handles that are the library's and valid during the call;
 * pull makes one, which the library takes over, destroying it. Results as above; after a negative
 * one `error` (never NULL, empty) may be filled with a message. Called on the thread that calls the
 * stage, or its restorer. release: once, when the stage is destroyed and no restorer has it; may be
 * NULL. Everything else must be set. */

typedef struct cleanplate_detector_callbacks {
  size_t struct_size;
  void *user;
  int32_t (*push)(void *user, const cleanplate_frame *frame, cleanplate_error *error);
  int32_t (*pull)(void *user, cleanplate_detections **out, cleanplate_error *error);
  int32_t (*flush)(void *user, cleanplate_error *error);
  void (*release)(void *user);
  int32_t latency; /**< frames, from 0; its sightings are tracked, and the masks filled */
} cleanplate_detector_callbacks;

typedef struct cleanplate_tracker_callbacks {
  size_t struct_size;
  void *user;
  int32_t (*push)(void *user, const cleanplate_detections *detections, cleanplate_error *error);
  int32_t (*pull)(void *user, cleanplate_mask **out, cleanplate_error *error);
  int32_t (*flush)(void *user, cleanplate_error *error);
  void (*release)(void *user);
  int32_t latency;
} cleanplate_tracker_callbacks;

typedef struct cleanplate_inpainter_callbacks {
  size_t struct_size;
  void *user;
  int32_t (*push)(void *user, const cleanplate_frame *frame, const cleanplate_mask *mask,
                  cleanplate_error *error);
  int32_t (*pull)(void *user, cleanplate_frame **out, cleanplate_error *error);
  int32_t (*flush)(void *user, cleanplate_error *error);
  void (*release)(void *user);
  int32_t latency;
} cleanplate_inpainter_callbacks;

CLEANPLATE_API int32_t cleanplate_detector_create_own(const cleanplate_detector_callbacks *own,
                                                      cleanplate_detector **out,
                                                      cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_tracker_create_own(const cleanplate_tracker_callbacks *own,
                                                     cleanplate_tracker **out,
                                                     cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_inpainter_create_own(const cleanplate_inpainter_callbacks *own,
                                                       cleanplate_inpainter **out,
                                                       cleanplate_error *error);

/* ---------------------------------------------------------------- frames to frames */

/** Stages of the caller in the places of the library's; each may be NULL. While the restorer lives
 *  they are its own: calls on them are BUSY. They may be destroyed before it. */
typedef struct cleanplate_parts {
  size_t struct_size;
  cleanplate_detector *detector;
  cleanplate_tracker *tracker;
  cleanplate_inpainter *inpainter;
} cleanplate_parts;

/** For a program's own loop. Without a plan the first frames (2 seconds of them, the option
 *  accumulation_seconds) wait until the overlay was found in them, or estimated at the place that
 *  the option region tells; later ones go through at a latency of a few frames. None is lost, none
 *  added; those without an overlay share the memory of the frame that was pushed. With method =
 *  fill and a region told, nothing waits. What one window gives is less certain than what a file's
 *  sample gives, so where there is a file take its plan.
 *  @param options  NULL: the defaults. @param plan, parts, cancel  may be NULL; all are kept as
 *  long as they are needed. */
CLEANPLATE_API int32_t cleanplate_restorer_create(
    const cleanplate_options *options, const cleanplate_video_info *video,
    const cleanplate_plan *plan, const cleanplate_parts *parts, const cleanplate_cancel *cancel,
    cleanplate_restorer **out, cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_restorer_destroy(cleanplate_restorer *restorer);
/** @return OK; FULL; BAD_ORDER, INVALID_ARGUMENT (another size or format; after flush): nothing
 *  taken, still usable; other errors stay, each later call gives them again. */
CLEANPLATE_API int32_t cleanplate_restorer_push(cleanplate_restorer *restorer,
                                                const cleanplate_frame *frame,
                                                cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_restorer_pull(cleanplate_restorer *restorer,
                                                cleanplate_frame **out, cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_restorer_flush(cleanplate_restorer *restorer,
                                                 cleanplate_error *error);
/** Fixed at create. */
CLEANPLATE_API int32_t cleanplate_restorer_latency(const cleanplate_restorer *restorer,
                                                   int32_t *frames, cleanplate_error *error);
/** What is known by now. */
CLEANPLATE_API int32_t cleanplate_restorer_plan(const cleanplate_restorer *restorer,
                                                cleanplate_plan **out, cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_restorer_report(const cleanplate_restorer *restorer,
                                                  cleanplate_report **out, cleanplate_error *error);

/* ---------------------------------------------------------------- files from and to frames */

/** @param options  NULL: the defaults; `threads`, `tolerant`, `max_memory` are looked at. */
CLEANPLATE_API int32_t cleanplate_decoder_open(const char *path, const cleanplate_options *options,
                                               cleanplate_decoder **out, cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_decoder_destroy(cleanplate_decoder *decoder);
CLEANPLATE_API int32_t cleanplate_decoder_info(const cleanplate_decoder *decoder,
                                               cleanplate_video_info *out, cleanplate_error *error);
/** The next frame in presentation order. @return OK, END. */
CLEANPLATE_API int32_t cleanplate_decoder_pull(cleanplate_decoder *decoder, cleanplate_frame **out,
                                               cleanplate_error *error);
/** To the last key frame at or before `seconds` from the first frame. */
CLEANPLATE_API int32_t cleanplate_decoder_seek(cleanplate_decoder *decoder, double seconds,
                                               cleanplate_error *error);
/** Frames that the option tolerant had to give up. */
CLEANPLATE_API int32_t cleanplate_decoder_lost(const cleanplate_decoder *decoder, int64_t *frames,
                                               cleanplate_error *error);

/** A file with the video to come and all other streams of `source`, whose times, colour and
 *  metadata are kept. Written beside the target, which finish puts in its place; destroyed before,
 *  it leaves nothing behind.
 *  @param source  used during this call only. @param options  NULL: the defaults. */
CLEANPLATE_API int32_t cleanplate_encoder_open(const char *path, const cleanplate_decoder *source,
                                               const cleanplate_options *options,
                                               cleanplate_encoder **out, cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_encoder_destroy(cleanplate_encoder *encoder);
CLEANPLATE_API int32_t cleanplate_encoder_push(cleanplate_encoder *encoder,
                                               const cleanplate_frame *frame,
                                               cleanplate_error *error);
/** Copies the packets of sound, subtitles and the rest that the decoder has met since the last
 *  such call; after every pull, the last (END) too. */
CLEANPLATE_API int32_t cleanplate_encoder_copy_streams(cleanplate_encoder *encoder,
                                                       cleanplate_decoder *decoder,
                                                       cleanplate_error *error);
/** Nothing can be pushed after it. @return INVALID_ARGUMENT: was finished before. */
CLEANPLATE_API int32_t cleanplate_encoder_finish(cleanplate_encoder *encoder,
                                                 cleanplate_error *error);
/** "libx264". */
CLEANPLATE_API int32_t cleanplate_encoder_name(const cleanplate_encoder *encoder, char *buffer,
                                               size_t size, size_t *needed,
                                               cleanplate_error *error);

/* ---------------------------------------------------------------- masters (since 1.1) */

/** A mark's opacity and colour in a file of its own: a PNG with alpha, or a `.lgd` (one) or `.ldp`
 *  (a pack) of the AviUtl delogo family. */
typedef struct cleanplate_logo_info {
  size_t struct_size;
  int32_t count; /**< how many the file holds, 1 or more */
  int32_t width, height;
  int32_t placed; /**< 1: the file says where it lies, */
  int32_t x, y;   /**< luma samples, top left */
  char name[256]; /**< UTF-8; "" in a PNG. `.lgd` has bytes, often Shift-JIS: as they are, cut */
} cleanplate_logo_info;

/** One of the masters in a file. @param index  from 0. @return NOT_FOUND, UNREADABLE. */
CLEANPLATE_API int32_t cleanplate_logo_read_info(const char *path, int32_t index,
                                                 cleanplate_logo_info *out,
                                                 cleanplate_error *error);
/** Writes what was estimated of an overlay as a master, placed where it lies.
 *  @param index  the overlay, from 0; -1: each that was estimated, which a `.ldp` holds.
 *  @param path  ends in `.png`, `.lgd` or `.ldp`; a file there is written over.
 *  @return INVALID_ARGUMENT: not estimated (cleanplate_overlay.estimated), more than the file
 *          holds, another ending; UNWRITABLE, DISK_FULL. Nothing is left behind. */
CLEANPLATE_API int32_t cleanplate_plan_write_logo(const cleanplate_plan *plan, int32_t index,
                                                  const char *path, cleanplate_error *error);

/* ---------------------------------------------------------------- a card's memory (since 1.1) */

/** A device as the option `device` says, kept open: for many frames open one. Any kind may
 *  be opened, but only a CUDA card has pictures in its memory.
 *  @param options  NULL: the defaults; `device`, `gpu_memory_fraction`, `threads`, `max_memory`.
 *  @return DEVICE: no such device here, with the reason. */
CLEANPLATE_API int32_t cleanplate_device_open(const cleanplate_options *options,
                                              cleanplate_device **out, cleanplate_error *error);
CLEANPLATE_API int32_t cleanplate_device_destroy(cleanplate_device *device);
/** "cpu (avx2, 2 threads)". */
CLEANPLATE_API int32_t cleanplate_device_name(const cleanplate_device *device, char *buffer,
                                              size_t size, size_t *needed, cleanplate_error *error);

/** The caller's planes in a CUDA card's memory, and their place in the card's work. */
typedef struct cleanplate_device_memory {
  size_t struct_size;
  void *planes[3];    /**< the card's addresses; as in cleanplate_frame_memory */
  int64_t strides[3]; /**< bytes from row to row, a row's or more */
  int32_t card;       /**< CUDA's number, from 0; that of the device */
  int32_t reserved;
  void *stream; /**< cudaStream_t; NULL: CUDA's default stream */
  void *event;  /**< cudaEvent_t, or NULL */
  /** As in cleanplate_frame_memory, but for failures: see cleanplate_frame_from_device. */
  void (*release)(void *user);
  void *user;
} cleanplate_device_memory;

/** A frame with a picture that lies on a card, brought to the host's memory: each sample goes over
 *  the bus once and is copied once. Queued in `stream`, after its work so far and after `event`,
 * which the caller has recorded: give the stream that the samples were written in, or an event that
 * follows. The calling thread waits for the copy; its current card stays what it was. Threads: any.
 *  @param memory  `release` is called once, when the card has done with the planes, whether this
 *         fails or not; today on this thread, before the call returns. Only STRUCT_SIZE leaves the
 *         planes with the caller: then nothing in the structs was looked at.
 *  @return DEVICE: no CUDA device (a build without CUDA has none), or the card failed;
 *          INVALID_ARGUMENT: sizes, strides, another card; OUT_OF_MEMORY. */
CLEANPLATE_API int32_t cleanplate_frame_from_device(const cleanplate_device *device,
                                                    const cleanplate_frame_info *info,
                                                    const cleanplate_device_memory *memory,
                                                    cleanplate_frame **out,
                                                    cleanplate_error *error);
/** The same, and it stays on the card: CLEANPLATE_LAYOUT_NV12 (above 8 bits P010 and the like), and
 * 4:4:4 as YUV444 of 8 bits or YUV444_MSB; copied once, within the card, to memory of the device's
 * that is used again when frames go. It goes to a restorer on the same device
 * (cleanplate_restorer_create_on) and to cleanplate_frame_to_device; its samples are not the host's
 * to read: see cleanplate_frame_to_host.
 */
CLEANPLATE_API int32_t cleanplate_frame_keep_on_device(const cleanplate_device *device,
                                                       const cleanplate_frame_info *info,
                                                       const cleanplate_device_memory *memory,
                                                       cleanplate_frame **out,
                                                       cleanplate_error *error);
/** @param[out] on_device  1: its samples lie on a card. */
CLEANPLATE_API int32_t cleanplate_frame_on_device(const cleanplate_frame *frame, int32_t *on_device,
                                                  cleanplate_error *error);
/** The same picture in the host's memory, in planes and low bits if it comes from a card; else the
 *  frame shared. @return OUT_OF_MEMORY; DEVICE: the card has failed. */
CLEANPLATE_API int32_t cleanplate_frame_to_host(const cleanplate_frame *frame,
                                                cleanplate_frame **out, cleanplate_error *error);
/** cleanplate_restorer_create on an opened device, whose frames stay and come out there; `layout`
 *  and `bits` of `video` are theirs. Those of a first window come down once to be looked at. Where
 *  the host has to take over they come down and go up again, and where the card then has no room
 *  they come out in the host's memory; a card that fails for good takes the frames on it along,
 *  which is DEVICE. @param device  kept as long as it is needed. */
CLEANPLATE_API int32_t cleanplate_restorer_create_on(
    const cleanplate_device *device, const cleanplate_options *options,
    const cleanplate_video_info *video, const cleanplate_plan *plan, const cleanplate_parts *parts,
    const cleanplate_cancel *cancel, cleanplate_restorer **out, cleanplate_error *error);
/** Copies a frame, in the host's memory or on this device, into the caller's planes, of the frame's
 *  layout, bits and size: queued in `stream`, after its work so far; then `event` is recorded
 * there. Returns when the frame has been read, which may then be destroyed; the planes hold it once
 * the stream, or the event, gets there, and must live till then. `release` and `user` are not
 * looked at. Threads: any.
 *  @return as cleanplate_frame_from_device; after a failure nothing more is written, and what the
 *          planes hold is undefined. */
CLEANPLATE_API int32_t cleanplate_frame_to_device(const cleanplate_frame *frame,
                                                  const cleanplate_device *device,
                                                  const cleanplate_device_memory *memory,
                                                  cleanplate_error *error);

#ifdef __cplusplus
}
#endif

#endif
