//! Sets the link options that a Node add-on needs on this platform.

fn main() {
    napi_build::setup();
}
