//! The part of the C ABI that the crate `cleanplate` uses; `cleanplate.h` explains each function.
#![allow(non_camel_case_types)]

use std::os::raw::{c_char, c_void};

macro_rules! handles {
    ($($name:ident)*) => { $(
        #[repr(C)]
        pub struct $name {
            _private: [u8; 0],
        }
    )* };
}
handles!(cleanplate_options cleanplate_cancel cleanplate_frame cleanplate_plan cleanplate_report
         cleanplate_restorer cleanplate_decoder cleanplate_pipeline);

pub const OK: i32 = 0;
pub const AGAIN: i32 = 1;
pub const FULL: i32 = 2;
pub const END: i32 = 3;
pub const ABI_MAJOR: u32 = 1;

#[repr(C)]
pub struct cleanplate_error {
    pub struct_size: usize,
    pub code: i32,
    pub native_code: i32,
    pub frame: i64,
    pub stage: [c_char; 32],
    pub message: [c_char; 512],
}

#[repr(C)]
pub struct cleanplate_frame_info {
    pub struct_size: usize,
    pub layout: i32,
    pub bits: i32,
    pub width: i32,
    pub height: i32,
    pub pts: i64,
    pub duration: i64,
    pub range: i32,
    pub primaries: i32,
    pub transfer: i32,
    pub matrix: i32,
    pub chroma_location: i32,
    pub interlaced: i32,
    pub top_field_first: i32,
    pub key: i32,
}

#[repr(C)]
pub struct cleanplate_component {
    pub struct_size: usize,
    pub data: *mut c_void,
    pub stride: i64,
    pub step: i32,
    pub width: i32,
    pub height: i32,
    pub bytes: i32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct cleanplate_video_info {
    pub struct_size: usize,
    pub layout: i32,
    pub bits: i32,
    pub width: i32,
    pub height: i32,
    pub time_base_num: i64,
    pub time_base_den: i64,
    pub frame_rate_num: i64,
    pub frame_rate_den: i64,
    pub sample_aspect_num: i64,
    pub sample_aspect_den: i64,
    pub frames: i64,
    pub bit_rate: i64,
    pub duration: f64,
    pub rotation: i32,
    pub interlaced: i32,
    pub codec: [c_char; 32],
    pub container: [c_char; 64],
}

#[repr(C)]
pub struct cleanplate_progress {
    pub struct_size: usize,
    pub done: i64,
    pub frames: i64,
    pub phase: *const c_char,
}

#[repr(C)]
pub struct cleanplate_pipeline_callbacks {
    pub struct_size: usize,
    pub user: *mut c_void,
    pub progress: Option<unsafe extern "C" fn(*mut c_void, *const cleanplate_progress)>,
    pub restored: Option<unsafe extern "C" fn(*mut c_void, *const cleanplate_frame)>,
}

extern "C" {
    pub fn cleanplate_version() -> *const c_char;
    pub fn cleanplate_abi_version() -> u32;
    pub fn cleanplate_options_create(out: *mut *mut cleanplate_options, error: *mut cleanplate_error) -> i32;
    pub fn cleanplate_options_destroy(options: *mut cleanplate_options) -> i32;
    pub fn cleanplate_options_set(options: *mut cleanplate_options, name: *const c_char,
                                  value: *const c_char, error: *mut cleanplate_error) -> i32;
    pub fn cleanplate_cancel_create(out: *mut *mut cleanplate_cancel, error: *mut cleanplate_error) -> i32;
    pub fn cleanplate_cancel_destroy(cancel: *mut cleanplate_cancel) -> i32;
    pub fn cleanplate_cancel_set(cancel: *mut cleanplate_cancel) -> i32;
    pub fn cleanplate_frame_destroy(frame: *mut cleanplate_frame) -> i32;
    pub fn cleanplate_frame_get_info(frame: *const cleanplate_frame, out: *mut cleanplate_frame_info,
                                     error: *mut cleanplate_error) -> i32;
    pub fn cleanplate_frame_read(frame: *const cleanplate_frame, component: i32,
                                 out: *mut cleanplate_component, error: *mut cleanplate_error) -> i32;
    pub fn cleanplate_decoder_open(path: *const c_char, options: *const cleanplate_options,
                                   out: *mut *mut cleanplate_decoder, error: *mut cleanplate_error) -> i32;
    pub fn cleanplate_decoder_destroy(decoder: *mut cleanplate_decoder) -> i32;
    pub fn cleanplate_decoder_info(decoder: *const cleanplate_decoder, out: *mut cleanplate_video_info,
                                   error: *mut cleanplate_error) -> i32;
    pub fn cleanplate_decoder_pull(decoder: *mut cleanplate_decoder, out: *mut *mut cleanplate_frame,
                                   error: *mut cleanplate_error) -> i32;
    pub fn cleanplate_restorer_create(options: *const cleanplate_options, video: *const cleanplate_video_info,
                                      plan: *const cleanplate_plan, parts: *const c_void,
                                      cancel: *const cleanplate_cancel, out: *mut *mut cleanplate_restorer,
                                      error: *mut cleanplate_error) -> i32;
    pub fn cleanplate_restorer_destroy(restorer: *mut cleanplate_restorer) -> i32;
    pub fn cleanplate_restorer_push(restorer: *mut cleanplate_restorer, frame: *const cleanplate_frame,
                                    error: *mut cleanplate_error) -> i32;
    pub fn cleanplate_restorer_pull(restorer: *mut cleanplate_restorer, out: *mut *mut cleanplate_frame,
                                    error: *mut cleanplate_error) -> i32;
    pub fn cleanplate_restorer_flush(restorer: *mut cleanplate_restorer, error: *mut cleanplate_error) -> i32;
    pub fn cleanplate_restorer_latency(restorer: *const cleanplate_restorer, frames: *mut i32,
                                       error: *mut cleanplate_error) -> i32;
    pub fn cleanplate_pipeline_create(options: *const cleanplate_options, out: *mut *mut cleanplate_pipeline,
                                      error: *mut cleanplate_error) -> i32;
    pub fn cleanplate_pipeline_destroy(pipeline: *mut cleanplate_pipeline) -> i32;
    pub fn cleanplate_pipeline_run(pipeline: *mut cleanplate_pipeline, input: *const c_char,
                                   output: *const c_char, callbacks: *const cleanplate_pipeline_callbacks,
                                   cancel: *const cleanplate_cancel, report: *mut *mut cleanplate_report,
                                   error: *mut cleanplate_error) -> i32;
}
