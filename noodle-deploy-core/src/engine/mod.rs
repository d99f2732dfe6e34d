//! What executes a model. A [`Runtime`] loads, a [`Runnable`] is loaded, a [`State`] runs.
//!
//! A second engine is one more folder with these three traits.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::time::Instant;

use smallvec::SmallVec;

use crate::error::{Error, ErrorKind, Result};
use crate::model::signature::Signature;
use crate::tensor::{Shape, Tensor, TensorView};

pub mod choice;
mod guard;
#[cfg(feature = "engine-ort")]
pub mod ort;
pub mod pipeline;
pub mod profile;
#[cfg(feature = "engine-rten")]
pub mod rten;
#[cfg(feature = "engine-tract")]
pub mod tract;

/// Outputs of a run, in the order of the signature.
pub type Outputs = SmallVec<[Tensor; 4]>;

/// Loads model files. One per engine; stateless.
pub trait Runtime: Send + Sync {
    /// Stable lower-case name, as in settings and on a deployment.
    fn name(&self) -> &'static str;

    /// Version of the engine's library.
    fn version(&self) -> &'static str;

    /// Whether it stands for choice where a deploy names no engine. It does by default.
    fn automatic(&self) -> bool {
        true
    }

    /// Loads a model from the very bytes whose digest was verified.
    ///
    /// Behavior:
    /// - Never panics and never allocates without bound, whatever the bytes.
    /// - Charges what it holds to `options.budget` before it holds it.
    /// - Compiles the declared shapes before it returns.
    ///
    /// # Errors
    /// `invalid_model`, `too_large`, `unsupported` (naming node and operator), `resource_exhausted`.
    fn load(&self, artifact: &[u8], options: &LoadOptions) -> Result<Arc<dyn Runnable>>;
}

/// How to load a model.
#[derive(Debug, Clone)]
pub struct LoadOptions {
    /// Threads that one run may use. 1 runs on the caller's thread alone.
    pub threads: usize,
    /// Input shapes, in the signature's order, that must run: plans for them are compiled at load, unless one plan
    /// serves every shape.
    pub shapes: Vec<Vec<Shape>>,
    /// Inputs that are likely, in the signature's order: their shapes get plans of their own where those are faster.
    pub likely: Vec<Vec<Tensor>>,
    /// Whether shapes that run often may get plans of their own, made in the background and used once they are measured
    /// to be faster and to give the same answers.
    pub specialise: bool,
    /// Bytes that plans for further shapes may hold together, beyond what they share with the others; the least recently
    /// used goes first, the newest stays.
    pub plan_cache_bytes: u64,
    /// Where held bytes are charged.
    pub budget: Arc<MemoryBudget>,
    /// Loaded models that this one is made of.
    pub parts: Vec<Part>,
}

/// A loaded model that another one is made of.
#[derive(Clone)]
pub struct Part {
    /// The model.
    pub model: String,
    /// Its version.
    pub version: String,
    /// What was loaded.
    pub runnable: Arc<dyn Runnable>,
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Part({} {})", self.model, self.version)
    }
}

impl Default for LoadOptions {
    fn default() -> Self {
        LoadOptions {
            threads: 1,
            shapes: Vec::new(),
            likely: Vec::new(),
            specialise: true,
            plan_cache_bytes: 256 << 20,
            budget: Arc::new(MemoryBudget::unlimited()),
            parts: Vec::new(),
        }
    }
}

/// A loaded model: weights and plans, shared by every replica.
pub trait Runnable: Send + Sync {
    /// Names, element types and shapes, read from the graph.
    fn signature(&self) -> &Signature;

    /// A new state to run with; it shares weights and plans with its siblings.
    fn spawn(self: Arc<Self>) -> Result<Box<dyn State>>;

    /// Bytes held now: weights once, plans, packed constants.
    fn memory_bytes(&self) -> u64;

    /// What the load found, for people: plan kind, shapes compiled, milliseconds.
    fn report(&self) -> LoadReport;
}

/// Facts about a loaded model.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct LoadReport {
    /// Engine and version, as in `tract 0.23.9`.
    pub engine: String,
    /// `static` where the file fixes every size, `symbolic` where one plan serves every shape, else `per_shape`.
    pub plan: String,
    /// Why there is no symbolic plan, where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Number of plans held.
    pub plans: u32,
    /// Bytes held.
    pub memory_bytes: u64,
    /// Milliseconds that load and compile took.
    pub load_ms: u64,
    /// How the engine was chosen, where the deploy names none and there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<choice::EngineChoice>,
}

/// Runs one request at a time.
pub trait State: Send {
    /// Runs the model. `inputs` are checked against the signature and in its order.
    ///
    /// Behavior:
    /// - Appends one tensor per output, in the signature's order.
    /// - Checks `cancel` between nodes where it can, else before it starts.
    /// - After an error or a panic the caller throws the state away.
    ///
    /// # Errors
    /// `cancelled`, `deadline_exceeded`, `engine_failed`, `unsupported` or `resource_exhausted` for a shape that does
    /// not compile.
    fn run(&mut self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<()>;

    /// Runs the model node by node and says what each cost; outputs as [`State::run`]. Engines that cannot say so by
    /// default refuse.
    ///
    /// # Errors
    /// `unsupported`; else as [`State::run`].
    fn profile(
        &mut self,
        inputs: &[TensorView<'_>],
        outputs: &mut Outputs,
        cancel: &Cancel<'_>,
    ) -> Result<profile::RunProfile> {
        let _none = (inputs, outputs, cancel);
        Err(profile::unsupported())
    }
}

/// How a request waits: when it gives up, by flags and a deadline, any of them or none; and how urgent it is meanwhile.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cancel<'a> {
    /// Set by the caller to cancel.
    pub flag: Option<&'a AtomicBool>,
    /// Set when nobody waits for the answer any more.
    pub dropped: Option<&'a AtomicBool>,
    /// Point of time after which the answer is of no use.
    pub deadline: Option<Instant>,
    /// Level of priority among those that wait, 1 the most urgent; 0 the default one.
    pub priority: u32,
}

impl Cancel<'_> {
    /// Never gives up.
    pub const NEVER: Cancel<'static> = Cancel { flag: None, dropped: None, deadline: None, priority: 0 };

    /// Whether there is nothing to check.
    pub fn is_never(&self) -> bool {
        self.flag.is_none() && self.dropped.is_none() && self.deadline.is_none()
    }

    /// # Errors
    /// `cancelled` or `deadline_exceeded` once it is time.
    pub fn check(&self) -> Result<()> {
        if [self.flag, self.dropped].into_iter().flatten().any(|flag| flag.load(Ordering::Relaxed)) {
            return Err(Error::new(ErrorKind::Cancelled, "the caller cancelled"));
        }
        if self.deadline.is_some_and(|deadline| crate::clock::instant() >= deadline) {
            return Err(Error::new(ErrorKind::DeadlineExceeded, "the deadline passed"));
        }
        Ok(())
    }
}

/// Unloads what can be done without.
pub(crate) trait Reclaim: Send + Sync {
    /// Makes room, so that so many bytes can be reserved. False where nothing more can go; true is no promise: another
    /// load may take the room. Called from within a load, so it takes no lock that a load holds, and reserves nothing.
    fn reclaim(&self, bytes: u64) -> bool;
}

/// Bytes that loaded models may hold together.
pub struct MemoryBudget {
    limit: AtomicU64,
    used: AtomicU64,
    reclaim: OnceLock<Weak<dyn Reclaim>>,
}

impl std::fmt::Debug for MemoryBudget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryBudget").field("limit", &self.limit()).field("used", &self.used()).finish_non_exhaustive()
    }
}

impl MemoryBudget {
    /// A budget of so many bytes.
    pub fn new(limit: u64) -> Self {
        MemoryBudget { limit: AtomicU64::new(limit), used: AtomicU64::new(0), reclaim: OnceLock::new() }
    }

    /// No limit; usage is counted all the same.
    pub fn unlimited() -> Self {
        MemoryBudget::new(u64::MAX)
    }

    /// Bytes allowed.
    pub fn limit(&self) -> u64 {
        self.limit.load(Ordering::Relaxed)
    }

    /// Changes what is allowed, from the next reservation on, and asks for room where more is in use.
    pub(crate) fn set_limit(&self, limit: u64) {
        self.limit.store(limit, Ordering::Relaxed);
        while self.used() > self.limit() {
            if !self.reclaim.get().and_then(Weak::upgrade).is_some_and(|from| from.reclaim(0)) {
                return;
            }
        }
    }

    /// Bytes reserved.
    pub fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// Whether more than half of a limited budget is in use.
    pub fn is_short(&self) -> bool {
        let limit = self.limit();
        limit != u64::MAX && self.used() > limit / 2
    }

    /// Names who is asked for room before a reservation fails. The first one stays.
    pub(crate) fn reclaim_from(&self, reclaim: Weak<dyn Reclaim>) {
        self.reclaim.get_or_init(|| reclaim);
    }

    /// Reserves bytes until the reservation is dropped.
    ///
    /// # Errors
    /// `resource_exhausted` with the bytes asked for, in use and allowed.
    pub fn reserve(self: &Arc<Self>, bytes: u64) -> Result<Reservation> {
        let mut reservation = Reservation { budget: self.clone(), bytes: 0 };
        reservation.resize(bytes)?;
        Ok(reservation)
    }
}

/// Reserved bytes; given back on drop.
#[derive(Debug)]
pub struct Reservation {
    budget: Arc<MemoryBudget>,
    bytes: u64,
}

impl Reservation {
    /// Bytes reserved.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What it was reserved from.
    pub fn budget(&self) -> &Arc<MemoryBudget> {
        &self.budget
    }

    /// Takes over what another one of the same budget reserved.
    pub fn absorb(&mut self, mut other: Reservation) {
        self.bytes = self.bytes.saturating_add(std::mem::take(&mut other.bytes));
    }

    /// Grows or shrinks. Unchanged where it fails.
    ///
    /// # Errors
    /// `resource_exhausted` with the bytes asked for, in use and allowed.
    pub fn resize(&mut self, bytes: u64) -> Result<()> {
        let (budget, held) = (&self.budget, self.bytes);
        let next = |used: u64| used.saturating_sub(held).saturating_add(bytes);
        while let Err(used) = budget.used.fetch_update(Ordering::AcqRel, Ordering::Relaxed, |used| {
            (bytes <= held || next(used) <= budget.limit()).then_some(next(used))
        }) {
            let wanted = bytes - held;
            if !budget.reclaim.get().and_then(Weak::upgrade).is_some_and(|from| from.reclaim(wanted)) {
                return Err(Error::new(ErrorKind::ResourceExhausted, "the memory budget does not suffice")
                    .with("wanted_bytes", wanted)
                    .with("used_bytes", used)
                    .with("limit_bytes", budget.limit()));
            }
        }
        self.bytes = bytes;
        Ok(())
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.budget.used.fetch_sub(self.bytes, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budget_counts_and_refuses() {
        let budget = Arc::new(MemoryBudget::new(10));
        let mut a = budget.reserve(6).unwrap();
        let error = budget.reserve(5).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ResourceExhausted);
        assert_eq!(error.get("used_bytes"), Some("6"));
        a.resize(10).unwrap();
        assert!(a.resize(11).is_err());
        drop(a);
        assert_eq!(budget.used(), 0);
    }
}
