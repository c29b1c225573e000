#include "detect/letterbox_batch.h"

#include "core/try.h"
#include "frame/colour_codes.h"
#include "frame/letterbox_pixel.h"

namespace cleanplate {

Result<LetterboxBatch> LetterboxBatch::create(const Device& device, const Letterbox& square,
                                              int pictures) {
  LetterboxBatch made(device, square);
  CP_TRY(made.pictures_, DeviceTensor::create(device, pictures, 3, square.side, square.side));
  return made;
}

Result<void> LetterboxBatch::lay(Stream& stream, int picture, const Frame& frame) {
  std::array<Size, 3> sizes{};
  std::array<std::size_t, 4> begin{};  // bytes; the last one all of them
  const auto components = static_cast<std::size_t>(frame.format().components());
  for (std::size_t c = 0; c < 3; ++c) {
    if (c < components) {
      const ComponentView view = frame.component(static_cast<int>(c));
      sizes[c] = {view.width, view.height};
    }
    begin[c + 1] = begin[c] + sizeof(std::uint16_t) * static_cast<std::size_t>(sizes[c].width) *
                                  static_cast<std::size_t>(sizes[c].height);
  }
  if (begin[3] > samples_.bytes()) {
    CP_CHECK(stream.wait());  // the frame before may still be read there
    CP_TRY(samples_, device_.core().allocate(begin[3]));
  }
  std::array<DeviceView<std::uint16_t>, 3> planes;
  for (std::size_t c = 0; c < components; ++c) {
    planes[c] = samples_.view<std::uint16_t>(sizes[c].width, sizes[c].height, begin[c]);
    CP_CHECK(reader_.read(stream, frame, static_cast<int>(c),
                          {0, 0, sizes[c].width, sizes[c].height}, planes[c]));
  }
  const auto &luma = planes[0], &cb = planes[components == 1 ? 0 : 1],
             &cr = planes[components == 1 ? 0 : 2];
  const auto red = pictures_.plane(picture, 0), green = pictures_.plane(picture, 1),
             blue = pictures_.plane(picture, 2);
  const SampleColours colours =
      sample_colours(frame.format(), frame.colour, sizes[0], sizes[1], frame.size().height);
  return stream.launch({square_.side, square_.side},
                       LetterboxPixel{luma, cb, cr, red, green, blue, colours, square_.left,
                                      square_.top, square_.width, square_.height},
                       reads(luma, cb, cr), writes(red, green, blue));
}

}  // namespace cleanplate
