// CLEANPLATE_LIB_DIR: the folder with libcleanplate_c.so, where the linker does not look by itself.
fn main() {
    println!("cargo:rerun-if-env-changed=CLEANPLATE_LIB_DIR");
    if let Ok(folder) = std::env::var("CLEANPLATE_LIB_DIR") {
        println!("cargo:rustc-link-search=native={}", folder);
    }
    println!("cargo:rustc-link-lib=dylib=cleanplate_c");
}
