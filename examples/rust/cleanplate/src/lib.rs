//! Takes an overlay (a channel logo, a watermark, a timecode) off a video.
//!
//! ```no_run
//! # fn main() -> Result<(), cleanplate::Error> {
//! let mut options = cleanplate::Options::new()?;
//! options.set("region", "br:24,24,180,60")?;
//! let decoder = cleanplate::Decoder::open("in.mp4", &options)?;
//! let restorer = cleanplate::Restorer::new(&options, &decoder.info()?)?;
//! for frame in restorer.restored(decoder) {
//!     let luma = frame?.plane(0)?.row(0).len();
//! }
//! # Ok(()) }
//! ```
use cleanplate_sys as sys;
use std::ffi::{CStr, CString};
use std::marker::PhantomData;
use std::mem::{size_of, zeroed, ManuallyDrop};
use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::path::Path;
use std::ptr::{null, null_mut};

/// What failed: the ABI's code, where, and a sentence.
#[derive(Debug, Clone)]
pub struct Error {
    pub code: i32,
    pub stage: String,
    pub message: String,
}
impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}
impl std::error::Error for Error {}
pub type Result<T> = std::result::Result<T, Error>;

fn text(chars: &[c_char]) -> String {
    // Ended by a zero, as the library promises.
    unsafe { CStr::from_ptr(chars.as_ptr()) }.to_string_lossy().into_owned()
}

/// Calls with an error of its own; gives the flow.
fn call(body: impl FnOnce(*mut sys::cleanplate_error) -> i32) -> Result<i32> {
    let mut error: sys::cleanplate_error = unsafe { zeroed() };
    error.struct_size = size_of::<sys::cleanplate_error>();
    match body(&mut error) {
        code if code < 0 => Err(Error { code, stage: text(&error.stage), message: text(&error.message) }),
        flow => Ok(flow),
    }
}

fn c_string(value: &str) -> Result<CString> {
    CString::new(value).map_err(|_| Error {
        code: -2,
        stage: "rust".into(),
        message: format!("A zero byte is in '{}'.", value.escape_debug()),
    })
}

fn c_path(path: impl AsRef<Path>) -> Result<CString> {
    c_string(&path.as_ref().to_string_lossy())
}

/// A handle that is let go with the value. The library lets it be used from any thread, by one at
/// a time, which `&mut` says.
macro_rules! owned {
    ($(#[$doc:meta])* $name:ident, $raw:ident, $destroy:ident) => {
        $(#[$doc])*
        pub struct $name(*mut sys::$raw);
        unsafe impl Send for $name {}
        impl Drop for $name {
            fn drop(&mut self) {
                unsafe { sys::$destroy(self.0) };
            }
        }
    };
}
owned!(/** Set by name, as on the command line. */
       Options, cleanplate_options, cleanplate_options_destroy);
owned!(/** Stops jobs, from any thread. */ Cancel, cleanplate_cancel, cleanplate_cancel_destroy);
owned!(/** A picture, read only; sharing and reading may go on in several threads. */
       Frame, cleanplate_frame, cleanplate_frame_destroy);
owned!(/** The frames of a file: an iterator. */
       Decoder, cleanplate_decoder, cleanplate_decoder_destroy);
owned!(/** Frames in, frames out. */
       Restorer, cleanplate_restorer, cleanplate_restorer_destroy);
owned!(/** Files to files. */ Pipeline, cleanplate_pipeline, cleanplate_pipeline_destroy);
unsafe impl Sync for Frame {}
unsafe impl Sync for Cancel {}

/// The version of the library that was loaded.
pub fn version() -> String {
    unsafe { CStr::from_ptr(sys::cleanplate_version()) }.to_string_lossy().into_owned()
}

impl Options {
    pub fn new() -> Result<Options> {
        if unsafe { sys::cleanplate_abi_version() } >> 16 != sys::ABI_MAJOR {
            return Err(Error { code: -8, stage: "rust".into(), message: "The library has another ABI.".into() });
        }
        let mut out = null_mut();
        call(|e| unsafe { sys::cleanplate_options_create(&mut out, e) })?;
        Ok(Options(out))
    }
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let (name, value) = (c_string(name)?, c_string(value)?);
        call(|e| unsafe { sys::cleanplate_options_set(self.0, name.as_ptr(), value.as_ptr(), e) })?;
        Ok(())
    }
}

impl Cancel {
    pub fn new() -> Result<Cancel> {
        let mut out = null_mut();
        call(|e| unsafe { sys::cleanplate_cancel_create(&mut out, e) })?;
        Ok(Cancel(out))
    }
    pub fn cancel(&self) {
        unsafe { sys::cleanplate_cancel_set(self.0) };
    }
}

/// Samples of one component, over the library's memory, as long as the frame.
pub struct Plane<'a> {
    data: *const u8,
    stride: isize,
    pub width: usize,
    pub height: usize,
    pub bytes: usize, // of a sample
    frame: PhantomData<&'a Frame>,
}
impl<'a> Plane<'a> {
    pub fn row(&self, y: usize) -> &'a [u8] {
        assert!(y < self.height);
        unsafe { std::slice::from_raw_parts(self.data.offset(self.stride * y as isize), self.width * self.bytes) }
    }
    pub fn rows(&self) -> impl Iterator<Item = &'a [u8]> + '_ {
        (0..self.height).map(move |y| self.row(y))
    }
}

impl Frame {
    fn info(&self) -> Result<sys::cleanplate_frame_info> {
        let mut out: sys::cleanplate_frame_info = unsafe { zeroed() };
        out.struct_size = size_of::<sys::cleanplate_frame_info>();
        call(|e| unsafe { sys::cleanplate_frame_get_info(self.0, &mut out, e) })?;
        Ok(out)
    }
    /// Ticks of the stream's time base.
    pub fn pts(&self) -> Result<i64> {
        Ok(self.info()?.pts)
    }
    /// 1 where there is only luma, else 3.
    pub fn planes(&self) -> Result<i32> {
        Ok(if self.info()?.layout == 0 { 1 } else { 3 })
    }
    /// 0 Y, 1 Cb, 2 Cr. Interleaved chroma (NV12) is not given as rows.
    pub fn plane(&self, n: i32) -> Result<Plane<'_>> {
        let mut view: sys::cleanplate_component = unsafe { zeroed() };
        view.struct_size = size_of::<sys::cleanplate_component>();
        call(|e| unsafe { sys::cleanplate_frame_read(self.0, n, &mut view, e) })?;
        if view.step != 1 {
            return Err(Error { code: -8, stage: "rust".into(), message: "The plane holds two components.".into() });
        }
        Ok(Plane {
            data: view.data as *const u8,
            stride: view.stride as isize,
            width: view.width as usize,
            height: view.height as usize,
            bytes: view.bytes as usize,
            frame: PhantomData,
        })
    }
}

/// What a video is, as coded.
pub struct VideoInfo(pub sys::cleanplate_video_info);

impl Decoder {
    pub fn open(path: impl AsRef<Path>, options: &Options) -> Result<Decoder> {
        let path = c_path(path)?;
        let mut out = null_mut();
        call(|e| unsafe { sys::cleanplate_decoder_open(path.as_ptr(), options.0, &mut out, e) })?;
        Ok(Decoder(out))
    }
    pub fn info(&self) -> Result<VideoInfo> {
        let mut out: sys::cleanplate_video_info = unsafe { zeroed() };
        out.struct_size = size_of::<sys::cleanplate_video_info>();
        call(|e| unsafe { sys::cleanplate_decoder_info(self.0, &mut out, e) })?;
        Ok(VideoInfo(out))
    }
}
impl Iterator for Decoder {
    type Item = Result<Frame>;
    fn next(&mut self) -> Option<Result<Frame>> {
        let mut out = null_mut();
        match call(|e| unsafe { sys::cleanplate_decoder_pull(self.0, &mut out, e) }) {
            Ok(sys::OK) => Some(Ok(Frame(out))),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

impl Restorer {
    pub fn new(options: &Options, video: &VideoInfo) -> Result<Restorer> {
        let mut out = null_mut();
        call(|e| unsafe {
            sys::cleanplate_restorer_create(options.0, &video.0, null(), null(), null(), &mut out, e)
        })?;
        Ok(Restorer(out))
    }
    /// Takes a share of the frame.
    pub fn push(&mut self, frame: &Frame) -> Result<()> {
        call(|e| unsafe { sys::cleanplate_restorer_push(self.0, frame.0, e) })?;
        Ok(())
    }
    /// None: push more, or all were given.
    pub fn pull(&mut self) -> Result<Option<Frame>> {
        let mut out = null_mut();
        let flow = call(|e| unsafe { sys::cleanplate_restorer_pull(self.0, &mut out, e) })?;
        Ok(if flow == sys::OK { Some(Frame(out)) } else { None })
    }
    pub fn flush(&mut self) -> Result<()> {
        call(|e| unsafe { sys::cleanplate_restorer_flush(self.0, e) })?;
        Ok(())
    }
    /// The most frames that `pull` lags behind `push`.
    pub fn latency(&self) -> Result<i32> {
        let mut out = 0;
        call(|e| unsafe { sys::cleanplate_restorer_latency(self.0, &mut out, e) })?;
        Ok(out)
    }
    /// All of `frames`, restored, in order; ends after the first error.
    pub fn restored<I: Iterator<Item = Result<Frame>>>(self, frames: I) -> Restored<I> {
        Restored { restorer: self, frames, ended: false, failed: false }
    }
}

pub struct Restored<I> {
    restorer: Restorer,
    frames: I,
    ended: bool,
    failed: bool,
}
impl<I: Iterator<Item = Result<Frame>>> Restored<I> {
    fn step(&mut self) -> Result<Option<Frame>> {
        loop {
            if let Some(frame) = self.restorer.pull()? {
                return Ok(Some(frame));
            }
            if self.ended {
                return Ok(None);
            }
            match self.frames.next() {
                Some(frame) => self.restorer.push(&frame?)?,
                None => {
                    self.ended = true;
                    self.restorer.flush()?;
                }
            }
        }
    }
}
impl<I: Iterator<Item = Result<Frame>>> Iterator for Restored<I> {
    type Item = Result<Frame>;
    fn next(&mut self) -> Option<Result<Frame>> {
        if self.failed {
            return None;
        }
        let step = self.step();
        self.failed = step.is_err();
        step.transpose()
    }
}

type Panic = Box<dyn std::any::Any + Send>;
struct Running<'a> {
    restored: &'a mut (dyn FnMut(&Frame) + Send),
    cancel: &'a Cancel,
    panic: Option<Panic>,
}

unsafe extern "C" fn on_restored(user: *mut c_void, frame: *const sys::cleanplate_frame) {
    let running = &mut *(user as *mut Running);
    if running.panic.is_some() {
        return;
    }
    // The handle is the library's: never let go here.
    let frame = ManuallyDrop::new(Frame(frame as *mut sys::cleanplate_frame));
    // A panic must not cross into C.
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| (running.restored)(&frame))) {
        running.panic = Some(panic);
        running.cancel.cancel();
    }
}

impl Pipeline {
    pub fn new(options: &Options) -> Result<Pipeline> {
        let mut out = null_mut();
        call(|e| unsafe { sys::cleanplate_pipeline_create(options.0, &mut out, e) })?;
        Ok(Pipeline(out))
    }
    /// `restored` is called from another thread with every frame just before the encoder. What it
    /// panics with goes on here, after the job has stopped.
    pub fn run(&mut self, input: impl AsRef<Path>, output: impl AsRef<Path>, cancel: &Cancel,
               restored: &mut (dyn FnMut(&Frame) + Send)) -> Result<()> {
        let (input, output) = (c_path(input)?, c_path(output)?);
        let mut running = Running { restored, cancel, panic: None };
        let callbacks = sys::cleanplate_pipeline_callbacks {
            struct_size: size_of::<sys::cleanplate_pipeline_callbacks>(),
            user: &mut running as *mut Running as *mut c_void,
            progress: None,
            restored: Some(on_restored),
        };
        let done = call(|e| unsafe {
            sys::cleanplate_pipeline_run(self.0, input.as_ptr(), output.as_ptr(), &callbacks, cancel.0, null_mut(), e)
        });
        if let Some(panic) = running.panic {
            resume_unwind(panic);
        }
        done.map(|_| ())
    }
}
