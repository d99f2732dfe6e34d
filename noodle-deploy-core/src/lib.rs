//! The SQLite of model deployment: deploy, version, route, and roll back AI models inside the host process.
//!
//! Open a directory with [`Noodle::open`], register a model file, deploy it, predict.

pub mod api;
pub mod artifact;
pub mod backends;
pub mod builder;
pub mod clock;
mod control;
mod decode;
pub mod engine;
pub mod error;
pub mod evaluation;
pub mod event;
mod experiments;
#[doc(hidden)]
pub mod fuzzing;
mod local;
pub mod logging;
pub mod machine;
pub mod metrics;
pub mod model;
mod noodle;
pub mod ops;
mod paths;
mod presence;
pub mod progress;
mod reconcile;
mod remembered;
mod replays;
pub mod rng;
mod rollouts;
mod scaling;
mod serving;
pub mod settings;
pub mod statistics;
pub mod store;
mod subscription;
pub mod tensor;
mod threads;
mod traffic;
mod verification;

/// Compiles the Rust code of the README and of the guide.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../README.md")]
    mod readme {}
    #[doc = include_str!("../../docs/guide/getting-started.md")]
    mod getting_started {}
    #[doc = include_str!("../../docs/guide/deployments.md")]
    mod deployments {}
    #[doc = include_str!("../../docs/guide/rollouts.md")]
    mod rollouts {}
    #[doc = include_str!("../../docs/guide/experiments.md")]
    mod experiments {}
    #[doc = include_str!("../../docs/guide/routing.md")]
    mod routing {}
    #[doc = include_str!("../../docs/guide/loading.md")]
    mod loading {}
    #[doc = include_str!("../../docs/guide/batching.md")]
    mod batching {}
    #[doc = include_str!("../../docs/guide/pipelines.md")]
    mod pipelines {}
    #[doc = include_str!("../../docs/guide/predict.md")]
    mod predict {}
    #[doc = include_str!("../../docs/guide/cache.md")]
    mod cache {}
    #[doc = include_str!("../../docs/guide/sessions.md")]
    mod sessions {}
    #[doc = include_str!("../../docs/guide/processes.md")]
    mod processes {}
    #[doc = include_str!("../../docs/guide/resources.md")]
    mod resources {}
    #[doc = include_str!("../../docs/guide/backup.md")]
    mod backup {}
    #[doc = include_str!("../../docs/guide/progress.md")]
    mod progress {}
    #[doc = include_str!("../../docs/guide/settings.md")]
    mod settings {}
    #[cfg(all(feature = "engine-tract", feature = "backend-local"))]
    #[doc = include_str!("../../docs/guide/extending.md")]
    mod extending {}
}

pub use builder::Builder;
pub use control::CallContext;
pub use error::{Error, ErrorKind, Result};
pub use noodle::Noodle;
pub use progress::Progress;
pub use serving::batch::{BatchConfig, BatchStatus, Padding, SizeStatus};
pub use serving::predict::{CancelToken, PredictOptions, Prediction, Served};
pub use serving::priority::{Priorities, QueuePolicy, TimeoutAction};
pub use serving::residency::ResidencyStatus;
pub use serving::session::{PredictionStream, Session, SessionMetrics, SessionOptions};
pub use serving::submitted::Submitted;
pub use serving::ticket::Detached;
pub use settings::Settings;
pub use subscription::{Pulled, Subscription};
pub use tensor::{DType, Tensor, TensorView};
