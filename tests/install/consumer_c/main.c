#include <cleanplate.h>
#include <stdio.h>

int main(void) {
  cleanplate_error error = {sizeof error, 0, 0, -1, "", ""};
  cleanplate_frame_info info = {sizeof info, CLEANPLATE_LAYOUT_YUV420, 8, 64, 48};
  cleanplate_frame *frame = NULL;
  if (cleanplate_frame_allocate(&info, &frame, &error) < 0) return puts(error.message), 1;
  printf("%s, %dx%d\n", cleanplate_version(), info.width, info.height);
  return cleanplate_frame_destroy(frame) < 0;
}
