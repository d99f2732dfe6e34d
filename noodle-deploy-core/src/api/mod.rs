//! The six traits behind the operations. Each has a local implementation; a host can replace any of them.

pub mod ab_test;
pub mod deployer;
pub mod lifecycle;
pub mod monitor;
pub mod optimizer;
pub mod versioning;

pub use ab_test::AbTest;
pub use deployer::Deployer;
pub use lifecycle::Lifecycle;
pub use monitor::Monitor;
pub use optimizer::Optimizer;
pub use versioning::Versioning;
