/* A program that decodes and encodes by itself, with libav, and has the overlay taken off between: the
 * decoder's pictures go into the restorer as they lie in memory, without a copy.
 *   own_codecs IN OUT REGION
 * Only the video is written. */
#include <cleanplate.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <stdio.h>
#include <stdlib.h>

static cleanplate_error error = {sizeof error, 0, 0, -1, "", ""};

static void fail(const char *what) {
  fprintf(stderr, "own_codecs: %s\n", what);
  exit(1);
}
static int32_t check(int32_t code) {
  if (code < 0) fail(error.message);
  return code;
}
static int av(int code, const char *what) {
  if (code < 0 && code != AVERROR(EAGAIN) && code != AVERROR_EOF) fail(what);
  return code;
}

/* ---- in: the program's own decoder */

typedef struct {
  AVFormatContext *file;
  AVStream *stream;
  AVCodecContext *decoder;
  AVPacket *packet;
} source;

static void open_source(source *in, const char *path) {
  const AVCodec *codec = NULL;
  av(avformat_open_input(&in->file, path, NULL, NULL), "the input cannot be opened");
  av(avformat_find_stream_info(in->file, NULL), "the input cannot be read");
  int index = av(av_find_best_stream(in->file, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0), "no video");
  in->stream = in->file->streams[index];
  in->decoder = avcodec_alloc_context3(codec);
  in->packet = av_packet_alloc();
  if (!in->decoder || !in->packet) fail("no memory");
  av(avcodec_parameters_to_context(in->decoder, in->stream->codecpar), "wrong parameters");
  av(avcodec_open2(in->decoder, codec, NULL), "the decoder does not open");
}

/* The next picture; NULL at the end. */
static AVFrame *next_picture(source *in) {
  AVFrame *picture = av_frame_alloc();
  if (!picture) fail("no memory");
  for (;;) {
    int got = av(avcodec_receive_frame(in->decoder, picture), "decoding failed");
    if (got == 0) return picture;
    if (got == AVERROR_EOF) return av_frame_free(&picture), NULL;
    int read = av(av_read_frame(in->file, in->packet), "reading failed");
    if (read == AVERROR_EOF) {
      av(avcodec_send_packet(in->decoder, NULL), "decoding failed");
    } else if (in->packet->stream_index == in->stream->index) {
      av(avcodec_send_packet(in->decoder, in->packet), "decoding failed");
    }
    av_packet_unref(in->packet);
  }
}

/* ---- between: libav's pictures as cleanplate's frames, and back */

static void release_picture(void *user) {
  AVFrame *picture = user;
  av_frame_free(&picture);
}

/* The frame shares the picture's memory, and lets it go at the end. */
static cleanplate_frame *frame_over(AVFrame *picture) {
  cleanplate_frame *frame = NULL;
  cleanplate_frame_info info = {.struct_size = sizeof info};
  cleanplate_frame_memory memory = {.struct_size = sizeof memory};
  info.layout = CLEANPLATE_LAYOUT_YUV420;
  info.bits = 8;
  info.width = picture->width;
  info.height = picture->height;
  info.pts = picture->best_effort_timestamp;
  info.range = picture->color_range;
  info.primaries = picture->color_primaries;
  info.transfer = picture->color_trc;
  info.matrix = picture->colorspace;
  info.chroma_location = picture->chroma_location;
  for (int p = 0; p < 3; ++p) {
    memory.planes[p] = picture->data[p];
    memory.strides[p] = picture->linesize[p];
  }
  memory.release = release_picture;
  memory.user = picture;
  check(cleanplate_frame_wrap(&info, &memory, &frame, &error));
  return frame;
}

/* A picture of libav's with the frame's samples. */
static AVFrame *picture_of(const cleanplate_frame *frame) {
  AVFrame *picture = av_frame_alloc();
  cleanplate_frame_info info = {.struct_size = sizeof info};
  if (!picture) fail("no memory");
  check(cleanplate_frame_get_info(frame, &info, &error));
  picture->format = AV_PIX_FMT_YUV420P;
  picture->width = info.width;
  picture->height = info.height;
  picture->pts = info.pts;
  av(av_frame_get_buffer(picture, 0), "no memory");
  for (int p = 0; p < 3; ++p) {
    cleanplate_component plane = {.struct_size = sizeof plane};
    check(cleanplate_frame_read(frame, p, &plane, &error));
    av_image_copy_plane(picture->data[p], picture->linesize[p], plane.data, (int)plane.stride,
                        plane.width, plane.height);
  }
  return picture;
}

/* ---- out: the program's own encoder */

typedef struct {
  AVFormatContext *file;
  AVStream *stream;
  AVCodecContext *encoder;
  AVPacket *packet;
} sink;

static void open_sink(sink *out, const char *path, const source *in) {
  const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_H264);
  if (!codec) codec = avcodec_find_encoder(AV_CODEC_ID_MPEG4);
  if (!codec) fail("this FFmpeg has no encoder for H.264 or MPEG-4");
  av(avformat_alloc_output_context2(&out->file, NULL, NULL, path), "no such container");
  out->stream = avformat_new_stream(out->file, NULL);
  out->encoder = avcodec_alloc_context3(codec);
  out->packet = av_packet_alloc();
  if (!out->stream || !out->encoder || !out->packet) fail("no memory");
  out->encoder->width = in->decoder->width;
  out->encoder->height = in->decoder->height;
  out->encoder->pix_fmt = AV_PIX_FMT_YUV420P;
  out->encoder->time_base = in->stream->time_base;
  out->encoder->framerate = in->stream->avg_frame_rate;
  if (out->file->oformat->flags & AVFMT_GLOBALHEADER)
    out->encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  av(avcodec_open2(out->encoder, codec, NULL), "the encoder does not open");
  av(avcodec_parameters_from_context(out->stream->codecpar, out->encoder), "wrong parameters");
  out->stream->time_base = out->encoder->time_base;
  av(avio_open(&out->file->pb, path, AVIO_FLAG_WRITE), "the output cannot be written");
  av(avformat_write_header(out->file, NULL), "the output cannot be written");
}

/* NULL: no picture comes any more. */
static void write_picture(sink *out, const AVFrame *picture) {
  av(avcodec_send_frame(out->encoder, picture), "encoding failed");
  while (av(avcodec_receive_packet(out->encoder, out->packet), "encoding failed") == 0) {
    /* Without a duration a container may cut the last picture off. */
    out->packet->duration =
        av_rescale_q(1, av_inv_q(out->encoder->framerate), out->encoder->time_base);
    av_packet_rescale_ts(out->packet, out->encoder->time_base, out->stream->time_base);
    av(av_interleaved_write_frame(out->file, out->packet), "the output cannot be written");
  }
}

/* ---- the loop */

static uint32_t crc = ~0U;
static int frames = 0;
static void add_frame(const cleanplate_frame *frame) {
  cleanplate_component plane = {.struct_size = sizeof plane};
  for (int c = 0; c < 3; ++c) {
    check(cleanplate_frame_read(frame, c, &plane, &error));
    for (int y = 0; y < plane.height; ++y) {
      const unsigned char *row = (const unsigned char *)plane.data + y * plane.stride;
      for (int i = 0; i < plane.width; ++i) {
        crc ^= row[i];
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320U : 0);
      }
    }
  }
  ++frames;
}

static cleanplate_restorer *make_restorer(const source *in, const char *region) {
  cleanplate_options *options = NULL;
  cleanplate_restorer *restorer = NULL;
  cleanplate_video_info video = {.struct_size = sizeof video};
  if (in->decoder->pix_fmt != AV_PIX_FMT_YUV420P) fail("this example is for 8-bit 4:2:0");
  video.layout = CLEANPLATE_LAYOUT_YUV420;
  video.bits = 8;
  video.width = in->decoder->width;
  video.height = in->decoder->height;
  video.time_base_num = in->stream->time_base.num;
  video.time_base_den = in->stream->time_base.den;
  video.frame_rate_num = in->stream->avg_frame_rate.num;
  video.frame_rate_den = in->stream->avg_frame_rate.den;
  check(cleanplate_options_create(&options, &error));
  check(cleanplate_options_set(options, "region", region, &error));
  check(cleanplate_restorer_create(options, &video, NULL, NULL, NULL, &restorer, &error));
  cleanplate_options_destroy(options);
  return restorer;
}

int main(int argc, char **argv) {
  source in = {0};
  sink out = {0};
  if (argc != 4) return fprintf(stderr, "own_codecs IN OUT REGION\n"), 2;
  av_log_set_level(AV_LOG_ERROR);
  open_source(&in, argv[1]);
  open_sink(&out, argv[2], &in);
  cleanplate_restorer *restorer = make_restorer(&in, argv[3]);

  for (int32_t flow = CLEANPLATE_AGAIN; flow != CLEANPLATE_END;) {
    AVFrame *picture = next_picture(&in);
    if (picture) {
      cleanplate_frame *frame = frame_over(picture);
      check(cleanplate_restorer_push(restorer, frame, &error));
      cleanplate_frame_destroy(frame); /* the picture lives on in the restorer */
    } else {
      check(cleanplate_restorer_flush(restorer, &error));
    }
    cleanplate_frame *done = NULL;
    while ((flow = check(cleanplate_restorer_pull(restorer, &done, &error))) == CLEANPLATE_OK) {
      AVFrame *restored = picture_of(done);
      add_frame(done);
      write_picture(&out, restored);
      av_frame_free(&restored);
      cleanplate_frame_destroy(done);
    }
  }
  write_picture(&out, NULL);
  av(av_write_trailer(out.file), "the output cannot be written");
  printf("restorer: %d frames, crc32 %08x\n", frames, ~crc);

  cleanplate_restorer_destroy(restorer);
  avio_closep(&out.file->pb);
  avformat_free_context(out.file);
  avcodec_free_context(&out.encoder);
  av_packet_free(&out.packet);
  avcodec_free_context(&in.decoder);
  av_packet_free(&in.packet);
  avformat_close_input(&in.file);
  return 0;
}
