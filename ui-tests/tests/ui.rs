//! Misuse gives the text that is committed beside it.

#[test]
fn ui() {
    let tests = trybuild::TestCases::new();
    tests.compile_fail("ui/*.rs");
    tests.pass("ui/pass/*.rs");
}
