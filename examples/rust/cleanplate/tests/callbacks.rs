//! CLEANPLATE_CLIP, CLEANPLATE_OUT and CLEANPLATE_REGION name what is cleaned.
use cleanplate::{Cancel, Options, Pipeline};
use std::env::var;
use std::panic::{catch_unwind, AssertUnwindSafe};

fn run(cancel: &Cancel, restored: &mut (dyn FnMut(&cleanplate::Frame) + Send)) -> cleanplate::Result<()> {
    let mut options = Options::new()?;
    options.set("region", &var("CLEANPLATE_REGION").unwrap())?;
    let out = var("CLEANPLATE_OUT").unwrap();
    Pipeline::new(&options)?.run(var("CLEANPLATE_CLIP").unwrap(), out, cancel, restored)
}

#[test]
fn what_a_callback_panics_with_goes_on_in_the_caller() {
    let cancel = Cancel::new().unwrap();
    let mut seen = 0;
    let done = catch_unwind(AssertUnwindSafe(|| {
        run(&cancel, &mut |_| {
            seen += 1;
            panic!("enough");
        })
    }));
    assert!(done.is_err());
    assert_eq!(seen, 1);
}

#[test]
fn a_job_is_cancelled_from_its_callback() {
    let cancel = Cancel::new().unwrap();
    let error = run(&cancel, &mut |_| cancel.cancel()).unwrap_err();
    assert_eq!(error.code, -19);
}

#[test]
fn a_wrong_option_is_an_error_with_its_sentence() {
    let error = Options::new().unwrap().set("quality", "99").unwrap_err();
    assert!(error.message.contains("51"), "{}", error);
}
