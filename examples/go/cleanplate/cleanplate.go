// Package cleanplate takes an overlay off a video, over the library's C ABI.
//
// Objects are used by one goroutine at a time; Close lets them go (a finalizer does if it was
// forgotten). The compiler finds the library by CGO_CFLAGS and CGO_LDFLAGS, or where it is installed.
package cleanplate

// #cgo LDFLAGS: -lcleanplate_c
// #include <stdlib.h>
// #include "bridge.h"
import "C"

import (
	"context"
	"fmt"
	"runtime"
	"runtime/cgo"
	"unsafe"
)

// Error is what failed, with the library's sentence.
type Error struct {
	Code    int
	Stage   string
	Message string
}

func (e *Error) Error() string { return e.Message }

// ErrCancelled is the code of a job that was stopped.
const ErrCancelled = int(C.CLEANPLATE_ERROR_CANCELLED)

func newError() *C.cleanplate_error {
	e := (*C.cleanplate_error)(C.calloc(1, C.sizeof_cleanplate_error))
	e.struct_size = C.sizeof_cleanplate_error
	return e
}

// call gives the flow, or the error that the body has filled.
func call(body func(e *C.cleanplate_error) C.int32_t) (int, error) {
	e := newError()
	defer C.free(unsafe.Pointer(e))
	code := body(e)
	if code < 0 {
		return int(code), &Error{int(code), C.GoString(&e.stage[0]), C.GoString(&e.message[0])}
	}
	return int(code), nil
}

// Version of the library that was loaded.
func Version() string { return C.GoString(C.cleanplate_version()) }

// Options are set by name, as on the command line.
type Options struct{ h *C.cleanplate_options }

// NewOptions are the defaults.
func NewOptions() (*Options, error) {
	o := &Options{}
	if _, err := call(func(e *C.cleanplate_error) C.int32_t {
		return C.cleanplate_options_create(&o.h, e)
	}); err != nil {
		return nil, err
	}
	runtime.SetFinalizer(o, (*Options).Close)
	return o, nil
}

// Set gives one option its value, as text.
func (o *Options) Set(name, value string) error {
	n, v := C.CString(name), C.CString(value)
	defer C.free(unsafe.Pointer(n))
	defer C.free(unsafe.Pointer(v))
	_, err := call(func(e *C.cleanplate_error) C.int32_t {
		return C.cleanplate_options_set(o.h, n, v, e)
	})
	return err
}

// Close lets the options go.
func (o *Options) Close() {
	C.cleanplate_options_destroy(o.h)
	o.h = nil
}

// Frame is a picture; its samples are valid until Close.
type Frame struct{ h *C.cleanplate_frame }

// Plane is one component's samples, read only, over the library's memory.
type Plane struct {
	Data                  []byte // from the first sample of the first row to the last of the last
	Stride, Width, Height int
	Bytes                 int // of a sample
}

func (f *Frame) plane(n int) (Plane, error) {
	view := C.cleanplate_component{struct_size: C.sizeof_cleanplate_component}
	if _, err := call(func(e *C.cleanplate_error) C.int32_t {
		return C.cleanplate_frame_read(f.h, C.int32_t(n), &view, e)
	}); err != nil {
		return Plane{}, err
	}
	size := int(view.stride)*int(view.height-1) + int(view.width*view.step*view.bytes)
	return Plane{unsafe.Slice((*byte)(view.data), size), int(view.stride), int(view.width),
		int(view.height), int(view.bytes)}, nil
}

// Planes are Y, Cb and Cr, or Y alone.
func (f *Frame) Planes() ([]Plane, error) {
	info := C.cleanplate_frame_info{struct_size: C.sizeof_cleanplate_frame_info}
	if _, err := call(func(e *C.cleanplate_error) C.int32_t {
		return C.cleanplate_frame_get_info(f.h, &info, e)
	}); err != nil {
		return nil, err
	}
	count := 3
	if info.layout == C.CLEANPLATE_LAYOUT_GREY {
		count = 1
	}
	planes := make([]Plane, count)
	for n := range planes {
		var err error
		if planes[n], err = f.plane(n); err != nil {
			return nil, err
		}
	}
	return planes, nil
}

// Close lets the frame go.
func (f *Frame) Close() {
	C.cleanplate_frame_destroy(f.h)
	f.h = nil
}

// Decoder gives the frames of a file.
type Decoder struct{ h *C.cleanplate_decoder }

// Open opens a file.
func Open(path string, options *Options) (*Decoder, error) {
	d := &Decoder{}
	p := C.CString(path)
	defer C.free(unsafe.Pointer(p))
	if _, err := call(func(e *C.cleanplate_error) C.int32_t {
		return C.cleanplate_decoder_open(p, options.h, &d.h, e)
	}); err != nil {
		return nil, err
	}
	runtime.SetFinalizer(d, (*Decoder).Close)
	return d, nil
}

// Next is the next frame; nil at the end.
func (d *Decoder) Next() (*Frame, error) {
	f := &Frame{}
	flow, err := call(func(e *C.cleanplate_error) C.int32_t {
		return C.cleanplate_decoder_pull(d.h, &f.h, e)
	})
	if err != nil || flow == C.CLEANPLATE_END {
		return nil, err
	}
	runtime.SetFinalizer(f, (*Frame).Close)
	return f, nil
}

// Close lets the decoder go.
func (d *Decoder) Close() {
	C.cleanplate_decoder_destroy(d.h)
	d.h = nil
}

// canceller sets the library's flag when the context ends, until stop is called.
func canceller(ctx context.Context) (*C.cleanplate_cancel, func(), error) {
	var h *C.cleanplate_cancel
	if _, err := call(func(e *C.cleanplate_error) C.int32_t {
		return C.cleanplate_cancel_create(&h, e)
	}); err != nil {
		return nil, nil, err
	}
	done := make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-ctx.Done():
			C.cleanplate_cancel_set(h)
		case <-done:
		}
	}()
	return h, func() { close(done); <-watched; C.cleanplate_cancel_destroy(h) }, nil
}

// Restorer takes frames and gives them back without their overlay.
type Restorer struct {
	h    *C.cleanplate_restorer
	stop func()
}

// NewRestorer is for frames as the decoder gives them; it stops when the context does.
func NewRestorer(ctx context.Context, options *Options, decoder *Decoder) (*Restorer, error) {
	cancel, stop, err := canceller(ctx)
	if err != nil {
		return nil, err
	}
	r := &Restorer{stop: stop}
	video := C.cleanplate_video_info{struct_size: C.sizeof_cleanplate_video_info}
	if _, err = call(func(e *C.cleanplate_error) C.int32_t {
		if code := C.cleanplate_decoder_info(decoder.h, &video, e); code < 0 {
			return code
		}
		return C.cleanplate_restorer_create(options.h, &video, nil, nil, cancel, &r.h, e)
	}); err != nil {
		stop()
		return nil, err
	}
	return r, nil
}

// Push takes a frame; the caller's stays the caller's.
func (r *Restorer) Push(f *Frame) error {
	_, err := call(func(e *C.cleanplate_error) C.int32_t {
		return C.cleanplate_restorer_push(r.h, f.h, e)
	})
	return err
}

// Pull gives a frame; nil: push more, or all were given.
func (r *Restorer) Pull() (*Frame, error) {
	f := &Frame{}
	flow, err := call(func(e *C.cleanplate_error) C.int32_t {
		return C.cleanplate_restorer_pull(r.h, &f.h, e)
	})
	if err != nil || flow != C.CLEANPLATE_OK {
		return nil, err
	}
	runtime.SetFinalizer(f, (*Frame).Close)
	return f, nil
}

// Flush says that no frame comes any more.
func (r *Restorer) Flush() error {
	_, err := call(func(e *C.cleanplate_error) C.int32_t { return C.cleanplate_restorer_flush(r.h, e) })
	return err
}

// Close lets the restorer go.
func (r *Restorer) Close() {
	C.cleanplate_restorer_destroy(r.h)
	r.h = nil
	r.stop()
}

// Job is what a run tells while it goes; each may be nil. They come from the library's threads.
type Job struct {
	Progress func(phase string, done, frames int64)
	Restored func(*Frame) // the frame is the library's and valid during the call
}

// Run takes the overlay off a file, until it is done or the context ends.
func Run(ctx context.Context, options *Options, in, out string, job Job) error {
	var pipeline *C.cleanplate_pipeline
	if _, err := call(func(e *C.cleanplate_error) C.int32_t {
		return C.cleanplate_pipeline_create(options.h, &pipeline, e)
	}); err != nil {
		return err
	}
	defer C.cleanplate_pipeline_destroy(pipeline)
	cancel, stop, err := canceller(ctx)
	if err != nil {
		return err
	}
	defer stop()
	i, o := C.CString(in), C.CString(out)
	defer C.free(unsafe.Pointer(i))
	defer C.free(unsafe.Pointer(o))
	running := &running{job: job, cancel: cancel}
	user := cgo.NewHandle(running)
	defer user.Delete()
	_, err = call(func(e *C.cleanplate_error) C.int32_t {
		return C.bridge_run(pipeline, i, o, C.uintptr_t(user), cancel, e)
	})
	if running.panicked != nil {
		return fmt.Errorf("a callback panicked: %v", running.panicked)
	}
	return err
}

type running struct {
	job      Job
	cancel   *C.cleanplate_cancel
	panicked any
}

// guard keeps a panic from crossing into C; the job stops.
func (r *running) guard(body func()) {
	defer func() {
		if p := recover(); p != nil {
			r.panicked = p
			C.cleanplate_cancel_set(r.cancel)
		}
	}()
	body()
}

//export goRestored
func goRestored(user C.uintptr_t, frame *C.cleanplate_frame) {
	r := cgo.Handle(user).Value().(*running)
	if r.job.Restored != nil {
		r.guard(func() { r.job.Restored(&Frame{frame}) })
	}
}

//export goProgress
func goProgress(user C.uintptr_t, phase *C.char, done, frames C.int64_t) {
	r := cgo.Handle(user).Value().(*running)
	if r.job.Progress != nil {
		r.guard(func() { r.job.Progress(C.GoString(phase), int64(done), int64(frames)) })
	}
}
