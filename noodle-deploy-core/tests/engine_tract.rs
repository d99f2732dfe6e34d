//! The tract engine on hand-made graphs.

#[test]
fn nothing() {}
