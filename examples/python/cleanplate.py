"""cleanplate for Python, over its C ABI: ctypes and numpy, frames without copies.

    options = Options(region="br:24,24,180,60")
    with Decoder("in.mp4", options) as decoder:
        for frame in Restorer(options, decoder.info).restored(decoder):
            luma = frame.planes[0]          # a numpy array over the library's memory

    Pipeline(options).run("in.mp4", "out.mp4", progress=print)

CLEANPLATE_LIBRARY names the library where the system does not find it.
"""

import ctypes as c
import os

import numpy

OK, AGAIN, FULL, END = range(4)
_ABI = 1


class CleanplateError(Exception):
    """A call failed; `code` is the ABI's number, `stage` where."""

    def __init__(self, code, name, stage, message):
        super().__init__(message)
        self.code, self.name, self.stage = code, name, stage


class _Struct(c.Structure):
    def __init__(self, *values, **fields):
        super().__init__(c.sizeof(type(self)), *values, **fields)


class _Error(_Struct):
    _fields_ = [("struct_size", c.c_size_t), ("code", c.c_int32), ("native_code", c.c_int32),
                ("frame", c.c_int64), ("stage", c.c_char * 32), ("message", c.c_char * 512)]


class VideoInfo(_Struct):
    _fields_ = ([("struct_size", c.c_size_t)]
                + [(n, c.c_int32) for n in ("layout", "bits", "width", "height")]
                + [(n, c.c_int64) for n in (
                    "time_base_num", "time_base_den", "frame_rate_num", "frame_rate_den",
                    "sample_aspect_num", "sample_aspect_den", "frames", "bit_rate")]
                + [("duration", c.c_double), ("rotation", c.c_int32), ("interlaced", c.c_int32),
                   ("codec", c.c_char * 32), ("container", c.c_char * 64)])


class FrameInfo(_Struct):
    _fields_ = ([("struct_size", c.c_size_t)]
                + [(n, c.c_int32) for n in ("layout", "bits", "width", "height")]
                + [("pts", c.c_int64), ("duration", c.c_int64)]
                + [(n, c.c_int32) for n in (
                    "range", "primaries", "transfer", "matrix", "chroma_location", "interlaced",
                    "top_field_first", "key")])


class _Component(_Struct):
    _fields_ = [("struct_size", c.c_size_t), ("data", c.c_void_p), ("stride", c.c_int64),
                ("step", c.c_int32), ("width", c.c_int32), ("height", c.c_int32),
                ("bytes", c.c_int32)]


class _Memory(_Struct):
    _fields_ = [("struct_size", c.c_size_t), ("planes", c.c_void_p * 3), ("strides", c.c_int64 * 3),
                ("release", c.c_void_p), ("user", c.c_void_p)]


class _Progress(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("done", c.c_int64), ("frames", c.c_int64),
                ("phase", c.c_char_p)]


_OnProgress = c.CFUNCTYPE(None, c.c_void_p, c.POINTER(_Progress))
_OnFrame = c.CFUNCTYPE(None, c.c_void_p, c.c_void_p)
_OnRelease = c.CFUNCTYPE(None, c.c_void_p)


class _Callbacks(_Struct):
    _fields_ = [("struct_size", c.c_size_t), ("user", c.c_void_p), ("progress", _OnProgress),
                ("restored", _OnFrame)]


_lib = c.CDLL(os.environ.get("CLEANPLATE_LIBRARY", "libcleanplate_c.so.1"))
_lib.cleanplate_code_name.restype = c.c_char_p
_lib.cleanplate_version.restype = c.c_char_p
if _lib.cleanplate_abi_version() >> 16 != _ABI:
    raise ImportError("this is for another ABI than the library's")


def _call(name, *arguments):
    """Calls a function with an error of its own; gives the flow."""
    error = _Error()
    code = getattr(_lib, "cleanplate_" + name)(*arguments, c.byref(error))
    if code < 0:
        raise CleanplateError(code, _lib.cleanplate_code_name(code).decode(),
                              error.stage.decode(), error.message.decode())
    return code


class _Handle:
    """Lets its handle go with `close`, at the end of `with`, or with the object."""

    _kind = ""

    def __init__(self, handle):
        self._handle = handle

    def close(self):
        handle, self._handle = self._handle, None
        if handle:
            getattr(_lib, f"cleanplate_{self._kind}_destroy")(handle)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self):
        self.close()


def _make(name, *arguments):
    out = c.c_void_p()
    _call(name, *arguments, c.byref(out))
    return out


class Options(_Handle):
    _kind = "options"

    def __init__(self, **values):
        super().__init__(_make("options_create"))
        for name, value in values.items():
            self[name] = value

    def __setitem__(self, name, value):
        if isinstance(value, bool):
            value = str(value).lower()
        _call("options_set", self._handle, name.encode(), str(value).encode())

    def __getitem__(self, name):
        needed = c.c_size_t()
        _call("options_get", self._handle, name.encode(), None, c.c_size_t(0), c.byref(needed))
        text = c.create_string_buffer(needed.value)
        _call("options_get", self._handle, name.encode(), text, needed, None)
        return text.value.decode()


class Frame(_Handle):
    """A picture; `planes` are read-only arrays of Y, Cb and Cr that keep the frame alive."""

    _kind = "frame"

    @classmethod
    def wrap(cls, info, planes):
        """A frame over numpy arrays (rows without holes), which must not change meanwhile."""
        memory = _Memory()
        for i, plane in enumerate(planes):
            memory.planes[i], memory.strides[i] = plane.ctypes.data, plane.strides[0]
        kept = []  # the arrays live until the library has let them go
        release = _OnRelease(lambda _: _wrapped.pop(id(kept), None))
        kept.extend([list(planes), release])
        memory.release = c.cast(release, c.c_void_p)
        _wrapped[id(kept)] = kept
        try:
            return cls(_make("frame_wrap", c.byref(info), c.byref(memory)))
        except CleanplateError:
            del _wrapped[id(kept)]
            raise

    @property
    def info(self):
        out = FrameInfo()
        _call("frame_get_info", self._handle, c.byref(out))
        return out

    @property
    def planes(self):
        return [self._plane(n) for n in range(1 if self.info.layout == 0 else 3)]

    def _plane(self, n):
        view = _Component()
        _call("frame_read", self._handle, n, c.byref(view))
        size = abs(view.stride) * (view.height - 1) + view.width * view.step * view.bytes
        memory = (c.c_uint8 * size).from_address(view.data)
        memory.frame = self  # the array's base keeps the samples
        array = numpy.ndarray((view.height, view.width), numpy.uint8 if view.bytes == 1 else
                              numpy.uint16, memory, 0, (view.stride, view.step * view.bytes))
        array.flags.writeable = False
        return array


_wrapped = {}


class _Lent(Frame):
    """A frame that is the library's, during a callback."""

    def close(self):
        self._handle = None


class Decoder(_Handle):
    """The frames of a file; iterate over it."""

    _kind = "decoder"

    def __init__(self, path, options=None):
        super().__init__(_make("decoder_open", os.fsencode(path), options and options._handle))

    @property
    def info(self):
        out = VideoInfo()
        _call("decoder_info", self._handle, c.byref(out))
        return out

    def __iter__(self):
        while True:
            out = c.c_void_p()
            if _call("decoder_pull", self._handle, c.byref(out)) == END:
                return
            yield Frame(out)


class Restorer(_Handle):
    """Frames in, frames out."""

    _kind = "restorer"

    def __init__(self, options, video):
        super().__init__(_make("restorer_create", options and options._handle, c.byref(video),
                               None, None, None))

    def push(self, frame):
        return _call("restorer_push", self._handle, frame._handle)

    def pull(self):
        """A frame, or None: push more, or there are no more."""
        out = c.c_void_p()
        flow = _call("restorer_pull", self._handle, c.byref(out))
        return Frame(out) if flow == OK else None

    def flush(self):
        _call("restorer_flush", self._handle)

    @property
    def latency(self):
        out = c.c_int32()
        _call("restorer_latency", self._handle, c.byref(out))
        return out.value

    def restored(self, frames):
        """All of `frames`, restored, in order."""
        for frame in frames:
            self.push(frame)
            yield from iter(self.pull, None)
        self.flush()
        yield from iter(self.pull, None)


class Pipeline(_Handle):
    """Files to files."""

    _kind = "pipeline"

    def __init__(self, options=None):
        super().__init__(_make("pipeline_create", options and options._handle))

    def run(self, source, target, progress=None, restored=None):
        """`progress(phase, done, frames)` and `restored(frame)` come from other threads; what they
        raise is raised here once the job has ended."""
        raised = []

        def guard(body):
            try:
                body()
            except BaseException as failure:  # must not cross into C
                raised.append(failure)

        on_progress = _OnProgress(lambda _, p: guard(lambda: progress and progress(
            p.contents.phase.decode(), p.contents.done, p.contents.frames)))
        on_frame = _OnFrame(lambda _, f: guard(lambda: restored and restored(_Lent(c.c_void_p(f)))))
        callbacks = _Callbacks(None, on_progress, on_frame)
        _call("pipeline_run", self._handle, os.fsencode(source), os.fsencode(target),
              c.byref(callbacks), None, None)
        if raised:
            raise raised[0]

    def plan(self, source):
        """What `run` would take off."""
        return Plan(_make("pipeline_plan", self._handle, os.fsencode(source), None, None))


class Plan(_Handle):
    """What was found."""

    _kind = "plan"

    def write_logo(self, path, index=-1):
        """An overlay as a master, .png, .lgd or .ldp; -1: each that was estimated."""
        _call("plan_write_logo", self._handle, index, os.fsencode(path))


def version():
    return _lib.cleanplate_version().decode()
