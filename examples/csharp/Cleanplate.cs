// cleanplate for .NET and mono, over its C ABI.
//
//   using (var options = new Options { ["region"] = "br:24,24,180,60" })
//   using (var decoder = new Decoder("in.mp4", options))
//   using (var restorer = new Restorer(options, decoder.Info))
//     foreach (Frame frame in restorer.Restored(decoder.Frames())) using (frame) { … }
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

namespace Cleanplate {

/// What failed; the message is a sentence.
public sealed class CleanplateException : Exception {
  public int Code { get; }
  public string Stage { get; }
  internal CleanplateException(int code, string stage, string message) : base(message) {
    Code = code;
    Stage = stage;
  }
}

[StructLayout(LayoutKind.Sequential)]
struct NativeError {
  public UIntPtr StructSize;
  public int Code, NativeCode;
  public long Frame;
  [MarshalAs(UnmanagedType.ByValArray, SizeConst = 32)] public byte[] Stage;
  [MarshalAs(UnmanagedType.ByValArray, SizeConst = 512)] public byte[] Message;
}

[StructLayout(LayoutKind.Sequential)]
public struct VideoInfo {
  internal UIntPtr StructSize;
  public int Layout, Bits, Width, Height;
  public long TimeBaseNum, TimeBaseDen, FrameRateNum, FrameRateDen, SampleAspectNum, SampleAspectDen;
  public long FrameCount, BitRate;
  public double Duration;
  public int Rotation, Interlaced;
  [MarshalAs(UnmanagedType.ByValArray, SizeConst = 32)] internal byte[] codec;
  [MarshalAs(UnmanagedType.ByValArray, SizeConst = 64)] internal byte[] container;
  public string Codec { get { return Native.Text(codec); } }
}

[StructLayout(LayoutKind.Sequential)]
public struct FrameInfo {
  internal UIntPtr StructSize;
  public int Layout, Bits, Width, Height;
  public long Pts, Duration;
  public int Range, Primaries, Transfer, Matrix, ChromaLocation, Interlaced, TopFieldFirst, Key;
}

/// Samples of one component, in the library's memory, as long as the frame.
[StructLayout(LayoutKind.Sequential)]
public struct Plane {
  internal UIntPtr StructSize;
  public IntPtr Data;
  public long Stride;
  public int Step, Width, Height, Bytes;
}

[StructLayout(LayoutKind.Sequential)]
struct NativeProgress {
  public UIntPtr StructSize;
  public long Done, Frames;
  public IntPtr Phase;
}

[StructLayout(LayoutKind.Sequential)]
struct NativeCallbacks {
  public UIntPtr StructSize;
  public IntPtr User, Progress, Restored;
}

/// How far a job is; Frames is 0 while unknown.
public struct Progress {
  public string Phase;
  public long Done, Frames;
}

/// A handle that is let go once, at the latest by the finalizer.
public abstract class CleanplateHandle : SafeHandle {
  protected CleanplateHandle() : base(IntPtr.Zero, true) {}
  public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
}

public sealed class Options : CleanplateHandle {
  public Options() { Native.Call((ref NativeError e) => Native.cleanplate_options_create(out handle, ref e)); }
  public string this[string name] {
    set {
      Native.Call((ref NativeError e) =>
          Native.cleanplate_options_set(this, Native.Utf8(name), Native.Utf8(value), ref e));
    }
  }
  protected override bool ReleaseHandle() { return Native.cleanplate_options_destroy(handle) == 0; }
}

public sealed class Frame : CleanplateHandle {
  readonly bool lent;
  internal Frame(IntPtr value, bool lent = false) {
    handle = value;
    this.lent = lent;
  }
  public FrameInfo Info {
    get {
      var info = new FrameInfo { StructSize = Native.SizeOf<FrameInfo>() };
      Native.Call((ref NativeError e) => Native.cleanplate_frame_get_info(this, ref info, ref e));
      return info;
    }
  }
  /// 0 Y, 1 Cb, 2 Cr.
  public Plane Plane(int n) {
    var plane = new Plane { StructSize = Native.SizeOf<Plane>() };
    Native.Call((ref NativeError e) => Native.cleanplate_frame_read(this, n, ref plane, ref e));
    return plane;
  }
  // A lent frame is the library's.
  protected override bool ReleaseHandle() { return lent || Native.cleanplate_frame_destroy(handle) == 0; }
}

public sealed class Decoder : CleanplateHandle {
  public Decoder(string path, Options options) {
    Native.Call((ref NativeError e) => Native.cleanplate_decoder_open(Native.Utf8(path), options, out handle, ref e));
  }
  public VideoInfo Info {
    get {
      var info = new VideoInfo { StructSize = Native.SizeOf<VideoInfo>() };
      Native.Call((ref NativeError e) => Native.cleanplate_decoder_info(this, ref info, ref e));
      return info;
    }
  }
  public IEnumerable<Frame> Frames() {
    for (Frame frame; (frame = Next()) != null;) yield return frame;
  }
  /// null at the end.
  public Frame Next() {
    IntPtr made = IntPtr.Zero;
    int flow = Native.Call((ref NativeError e) => Native.cleanplate_decoder_pull(this, ref made, ref e));
    return flow == Native.Ok ? new Frame(made) : null;
  }
  protected override bool ReleaseHandle() { return Native.cleanplate_decoder_destroy(handle) == 0; }
}

public sealed class Restorer : CleanplateHandle {
  public Restorer(Options options, VideoInfo video) {
    Native.Call((ref NativeError e) => Native.cleanplate_restorer_create(
        options, ref video, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, out handle, ref e));
  }
  public void Push(Frame frame) {
    Native.Call((ref NativeError e) => Native.cleanplate_restorer_push(this, frame, ref e));
  }
  /// null: push more, or all were given.
  public Frame Pull() {
    IntPtr made = IntPtr.Zero;
    int flow = Native.Call((ref NativeError e) => Native.cleanplate_restorer_pull(this, ref made, ref e));
    return flow == Native.Ok ? new Frame(made) : null;
  }
  public void Flush() { Native.Call((ref NativeError e) => Native.cleanplate_restorer_flush(this, ref e)); }
  /// All frames, restored, in order; each that went in is disposed of.
  public IEnumerable<Frame> Restored(IEnumerable<Frame> frames) {
    foreach (Frame frame in frames) {
      using (frame) Push(frame);
      for (Frame done; (done = Pull()) != null;) yield return done;
    }
    Flush();
    for (Frame done; (done = Pull()) != null;) yield return done;
  }
  protected override bool ReleaseHandle() { return Native.cleanplate_restorer_destroy(handle) == 0; }
}

sealed class Cancel : CleanplateHandle {
  internal Cancel() { Native.Call((ref NativeError e) => Native.cleanplate_cancel_create(out handle, ref e)); }
  internal void Set() { Native.cleanplate_cancel_set(this); }
  protected override bool ReleaseHandle() { return Native.cleanplate_cancel_destroy(handle) == 0; }
}

public sealed class Pipeline : CleanplateHandle {
  public Pipeline(Options options) {
    Native.Call((ref NativeError e) => Native.cleanplate_pipeline_create(options, out handle, ref e));
  }
  /// progress and restored are called from other threads; the frame is valid during the call. What
  /// restored throws stops the job and is thrown here.
  public void Run(string input, string output, IProgress<Progress> progress = null,
                  Action<Frame> restored = null, CancellationToken token = default(CancellationToken)) {
    Exception thrown = null;
    using (var cancel = new Cancel())
    using (token.Register(cancel.Set)) {
      Action<Action> guarded = body => {
        if (thrown != null) return;
        try {
          body();
        } catch (Exception e) {  // must not cross into C
          thrown = e;
          cancel.Set();
        }
      };
      Native.OnProgress onProgress = (user, p) => guarded(() => {
        if (progress == null) return;
        var now = (NativeProgress)Marshal.PtrToStructure(p, typeof(NativeProgress));
        progress.Report(new Progress { Phase = Marshal.PtrToStringAnsi(now.Phase), Done = now.Done, Frames = now.Frames });
      });
      Native.OnFrame onFrame = (user, f) => guarded(() => {
        if (restored == null) return;
        using (var frame = new Frame(f, lent: true)) restored(frame);
      });
      var callbacks = new NativeCallbacks {
        StructSize = Native.SizeOf<NativeCallbacks>(),
        Progress = Marshal.GetFunctionPointerForDelegate(onProgress),
        Restored = Marshal.GetFunctionPointerForDelegate(onFrame),
      };
      try {
        Native.Call((ref NativeError e) => Native.cleanplate_pipeline_run(
            this, Native.Utf8(input), Native.Utf8(output), ref callbacks, cancel, IntPtr.Zero, ref e));
      } catch (CleanplateException) {
        if (thrown == null) throw;
      }
      GC.KeepAlive(onProgress);
      GC.KeepAlive(onFrame);
    }
    if (thrown != null) throw thrown;
  }
  protected override bool ReleaseHandle() { return Native.cleanplate_pipeline_destroy(handle) == 0; }
}

static class Native {
  internal const int Ok = 0;
  const string Library = "libcleanplate_c.so.1";

  internal delegate int Body(ref NativeError error);
  [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
  internal delegate void OnProgress(IntPtr user, IntPtr progress);
  [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
  internal delegate void OnFrame(IntPtr user, IntPtr frame);

  internal static UIntPtr SizeOf<T>() { return (UIntPtr)(uint)Marshal.SizeOf(typeof(T)); }
  internal static byte[] Utf8(string text) { return Encoding.UTF8.GetBytes(text + "\0"); }
  internal static string Text(byte[] bytes) {
    int end = Array.IndexOf(bytes, (byte)0);
    return Encoding.UTF8.GetString(bytes, 0, end < 0 ? bytes.Length : end);
  }
  /// The flow, or an exception.
  internal static int Call(Body body) {
    var error = new NativeError { StructSize = SizeOf<NativeError>(), Stage = new byte[32], Message = new byte[512] };
    int code = body(ref error);
    if (code < 0) throw new CleanplateException(code, Text(error.Stage), Text(error.Message));
    return code;
  }

  [DllImport(Library)] internal static extern int cleanplate_options_create(out IntPtr made, ref NativeError error);
  [DllImport(Library)] internal static extern int cleanplate_options_destroy(IntPtr options);
  [DllImport(Library)] internal static extern int cleanplate_options_set(Options options, byte[] name, byte[] value, ref NativeError error);
  [DllImport(Library)] internal static extern int cleanplate_cancel_create(out IntPtr made, ref NativeError error);
  [DllImport(Library)] internal static extern int cleanplate_cancel_destroy(IntPtr cancel);
  [DllImport(Library)] internal static extern int cleanplate_cancel_set(Cancel cancel);
  [DllImport(Library)] internal static extern int cleanplate_frame_destroy(IntPtr frame);
  [DllImport(Library)] internal static extern int cleanplate_frame_get_info(Frame frame, ref FrameInfo info, ref NativeError error);
  [DllImport(Library)] internal static extern int cleanplate_frame_read(Frame frame, int component, ref Plane plane, ref NativeError error);
  [DllImport(Library)] internal static extern int cleanplate_decoder_open(byte[] path, Options options, out IntPtr made, ref NativeError error);
  [DllImport(Library)] internal static extern int cleanplate_decoder_destroy(IntPtr decoder);
  [DllImport(Library)] internal static extern int cleanplate_decoder_info(Decoder decoder, ref VideoInfo info, ref NativeError error);
  [DllImport(Library)] internal static extern int cleanplate_decoder_pull(Decoder decoder, ref IntPtr made, ref NativeError error);
  [DllImport(Library)] internal static extern int cleanplate_restorer_create(Options options, ref VideoInfo video, IntPtr plan, IntPtr parts, IntPtr cancel, out IntPtr made, ref NativeError error);
  [DllImport(Library)] internal static extern int cleanplate_restorer_destroy(IntPtr restorer);
  [DllImport(Library)] internal static extern int cleanplate_restorer_push(Restorer restorer, Frame frame, ref NativeError error);
  [DllImport(Library)] internal static extern int cleanplate_restorer_pull(Restorer restorer, ref IntPtr made, ref NativeError error);
  [DllImport(Library)] internal static extern int cleanplate_restorer_flush(Restorer restorer, ref NativeError error);
  [DllImport(Library)] internal static extern int cleanplate_pipeline_create(Options options, out IntPtr made, ref NativeError error);
  [DllImport(Library)] internal static extern int cleanplate_pipeline_destroy(IntPtr pipeline);
  [DllImport(Library)] internal static extern int cleanplate_pipeline_run(Pipeline pipeline, byte[] input, byte[] output, ref NativeCallbacks callbacks, Cancel cancel, IntPtr report, ref NativeError error);
}

}  // namespace Cleanplate
