//! A clip's frames through the restorer, then the file through the pipeline.
//!   clean IN OUT REGION
use cleanplate::{Cancel, Decoder, Frame, Options, Pipeline, Restorer, Result};

/// CRC-32 of IEEE 802.3, over all samples of all frames.
struct Crc {
    value: u32,
    frames: u32,
}
impl Crc {
    fn new() -> Crc {
        Crc { value: !0, frames: 0 }
    }
    fn add(&mut self, frame: &Frame) -> Result<()> {
        for n in 0..frame.planes()? {
            for row in frame.plane(n)?.rows() {
                for &byte in row {
                    self.value ^= u32::from(byte);
                    for _ in 0..8 {
                        self.value = self.value >> 1 ^ if self.value & 1 == 1 { 0xedb8_8320 } else { 0 };
                    }
                }
            }
        }
        self.frames += 1;
        Ok(())
    }
    fn say(&self, what: &str) {
        println!("{}: {} frames, crc32 {:08x}", what, self.frames, !self.value);
    }
}

fn run(input: &str, output: &str, region: &str) -> Result<()> {
    let mut options = Options::new()?;
    options.set("region", region)?;

    let decoder = Decoder::open(input, &options)?;
    let restorer = Restorer::new(&options, &decoder.info()?)?;
    let mut ours = Crc::new();
    for frame in restorer.restored(decoder) {
        ours.add(&frame?)?;
    }
    ours.say("restorer");

    let mut theirs = Crc::new();
    let mut failed = Ok(());
    Pipeline::new(&options)?.run(input, output, &Cancel::new()?, &mut |frame| {
        if failed.is_ok() {
            failed = theirs.add(frame);
        }
    })?;
    failed?;
    theirs.say("pipeline");
    Ok(())
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if args.len() != 4 {
        eprintln!("clean IN OUT REGION");
        std::process::exit(2);
    }
    if let Err(error) = run(&args[1], &args[2], &args[3]) {
        eprintln!("{}", error);
        std::process::exit(1);
    }
}
