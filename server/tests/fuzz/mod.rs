//! Garbage for whatever reads what a stranger sends: a few inputs in each test run, as many as fit into a given time
//! under `script/fuzz`.

mod forms;
mod lab;
mod parsers;

use proptest::{
    strategy::Strategy,
    test_runner::{Config, TestCaseResult, TestRunner},
};
use std::{
    env,
    time::{Duration, Instant},
};

/// How long each of these tests goes on, in seconds.
const TIME: &str = "STORAGE_LAB_FUZZ_SECONDS";

/// Holds `property` against inputs of the strategy: `few` of them, or new ones until the time is up.
fn hold<S: Strategy>(few: u32, strategy: &S, property: impl Fn(S::Value) -> TestCaseResult) {
    let time = env::var(TIME).ok().map(|seconds| Duration::from_secs(seconds.parse().expect("whole seconds")));
    let began = Instant::now();
    let mut tried = 0_u64;
    loop {
        // A new runner has a new seed. What it finds is printed in its smallest form and belongs into a test of its own.
        let mut runner = TestRunner::new(Config { cases: few, failure_persistence: None, ..Config::default() });
        let outcome = runner.run(strategy, &property);
        assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
        tried += u64::from(few);
        match time {
            Some(time) if began.elapsed() < time => {}
            Some(_) => return eprintln!("fuzz tried {tried} inputs"),
            None => return,
        }
    }
}
