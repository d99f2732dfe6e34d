//! Runs the program as a user would.

use std::process::Command;

#[test]
fn names_the_language_of_its_own_source() {
    let output = Command::new(env!("CARGO_BIN_EXE_outside")).output().expect("the program starts");
    let printed = String::from_utf8_lossy(&output.stdout);
    print!("{printed}");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(printed.contains("language: rust"), "{printed}");
}
