"""A clip's frames through the restorer, then the file through the pipeline.

    clean.py IN OUT REGION
"""

import sys
import zlib

from cleanplate import CleanplateError, Decoder, Frame, Options, Pipeline, Restorer


class Crc:
    """CRC-32 of IEEE 802.3, over all samples of all frames."""

    def __init__(self):
        self.value, self.frames = 0, 0

    def add(self, frame):
        for plane in frame.planes:
            self.value = zlib.crc32(plane.tobytes(), self.value)
        self.frames += 1

    def __str__(self):
        return f"{self.frames} frames, crc32 {self.value:08x}"


def wrapped(frames):
    """The same frames over numpy's memory, as a program has them that makes its own."""
    for frame in frames:
        info = frame.info
        info.layout = 1
        yield Frame.wrap(info, [plane.copy() for plane in frame.planes])


def main(source, target, region):
    options = Options(region=region)
    ours, theirs = Crc(), Crc()
    with Decoder(source, options) as decoder:
        for frame in Restorer(options, decoder.info).restored(wrapped(decoder)):
            ours.add(frame)
    print(f"restorer: {ours}")
    Pipeline(options).run(source, target, restored=theirs.add)
    print(f"pipeline: {theirs}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("clean.py IN OUT REGION")
    try:
        main(*sys.argv[1:])
    except CleanplateError as failure:
        sys.exit(str(failure))
