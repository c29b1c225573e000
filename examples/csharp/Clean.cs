// A clip's frames through the restorer, then the file through the pipeline.
//   clean IN OUT REGION
using System;
using System.Runtime.InteropServices;
using Cleanplate;

/// CRC-32 of IEEE 802.3, over all samples of all frames.
sealed class Crc {
  static readonly uint[] table = Table();
  uint value = ~0u;
  int frames;
  byte[] row = new byte[0];

  static uint[] Table() {
    var all = new uint[256];
    for (uint n = 0; n < 256; ++n) {
      uint v = n;
      for (int bit = 0; bit < 8; ++bit) v = v >> 1 ^ ((v & 1) != 0 ? 0xedb88320u : 0);
      all[n] = v;
    }
    return all;
  }
  public void Add(Frame frame) {
    for (int n = 0; n < (frame.Info.Layout == 0 ? 1 : 3); ++n) {
      Plane plane = frame.Plane(n);
      int size = plane.Width * plane.Bytes;
      if (row.Length < size) row = new byte[size];
      for (int y = 0; y < plane.Height; ++y) {
        Marshal.Copy((IntPtr)(plane.Data.ToInt64() + y * plane.Stride), row, 0, size);
        for (int i = 0; i < size; ++i) value = value >> 8 ^ table[(value ^ row[i]) & 0xff];
      }
    }
    ++frames;
  }
  public override string ToString() { return string.Format("{0} frames, crc32 {1:x8}", frames, ~value); }
}

static class Clean {
  static int Main(string[] args) {
    if (args.Length != 3) {
      Console.Error.WriteLine("clean IN OUT REGION");
      return 2;
    }
    try {
      using (var options = new Options()) {
        options["region"] = args[2];
        var ours = new Crc();
        using (var decoder = new Decoder(args[0], options))
        using (var restorer = new Restorer(options, decoder.Info))
          foreach (Frame frame in restorer.Restored(decoder.Frames()))
            using (frame) ours.Add(frame);
        Console.WriteLine("restorer: " + ours);

        var theirs = new Crc();
        using (var pipeline = new Pipeline(options)) pipeline.Run(args[0], args[1], restored: theirs.Add);
        Console.WriteLine("pipeline: " + theirs);
      }
      return 0;
    } catch (CleanplateException failure) {
      Console.Error.WriteLine(failure.Message);
      return 1;
    }
  }
}
