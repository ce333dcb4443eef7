//! A short soak; `make soak` is the long one.

use worky_tests::soak::{Plan, run};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mixed_traffic_and_endings() {
    let report = run(Plan::short(fastrand::u64(..))).await;
    assert!(report.passed(), "{report}");
}
