//! A loaded model: the parsed graph, its plans, and who pays for them.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tract_onnx::prelude::multithread::Executor;
use tract_onnx::prelude::{RunOptions, TValue, TVec};

use super::cache::Cache;
use super::convert;
use super::failure::cause;
use super::import;
use super::ledger::{Charge, Ledger};
use super::operators;
use super::plan::{Labels, Parsed, Plan, shapes_text};
use super::state::TractState;
use crate::clock::instant;
use crate::engine::guard::{guarded, on_own_stack};
use crate::engine::{Cancel, LoadOptions, LoadReport, Runnable, State};
use crate::error::{Error, ErrorKind, Result};
use crate::model::onnx::{self, Budgets};
use crate::model::signature::{Dim, Signature, TensorSpec};
use crate::tensor::{Shape, Tensor, TensorView};

/// Sizes to try a plan with: of outermost axes, which are batches as a rule, and of the others. Two must work for a
/// symbolic plan: one alone could be a size that the plan took for a constant.
const TRIAL_SIZES: &[(usize, usize)] = &[(1, 1), (2, 3), (1, 16), (2, 32), (1, 64), (2, 224), (1, 512)];

/// A trial must not take more memory than a small request.
const TRIAL_ELEMENTS: u64 = 1 << 25;

/// A trial that takes longer than this together is enough.
const TRIAL_TIME: Duration = Duration::from_secs(5);

/// How the plan that serves every shape came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum General {
    /// Every size is fixed by the file.
    Static,
    /// Sizes are symbols.
    Symbolic,
}

pub(super) struct Loaded {
    signature: Signature,
    parsed: Parsed,
    options: RunOptions,
    ledger: Arc<Ledger>,
    /// The parsed weights.
    _base: Charge,
    general: Option<(General, Arc<Plan>)>,
    cache: Cache,
    /// Constants that are held whatever the cache does.
    fixed: HashSet<usize>,
    concrete: AtomicBool,
    /// Whether a plan for a shape is being measured.
    pub(super) looking: AtomicBool,
    specialises: bool,
    ticks: AtomicU64,
    pub(super) generation: AtomicU64,
    reason: Option<String>,
    load_ms: u64,
}

fn sizes(specs: &Signature, (outer, inner): (usize, usize)) -> Vec<Shape> {
    let outermost = |name: &str| {
        specs.inputs.iter().any(|spec| matches!(spec.shape.first(), Some(Dim::Symbol(other)) if other == name))
    };
    let size = |(axis, dim): (usize, &Dim)| match dim {
        Dim::Fixed(size) => *size,
        Dim::Symbol(name) if outermost(name) => outer,
        Dim::Any if axis == 0 => outer,
        _ => inner,
    };
    specs.inputs.iter().map(|spec| spec.shape.iter().enumerate().map(size).collect()).collect()
}

fn reason(error: &Error) -> String {
    let mut text = error.to_string();
    if let Some(source) = std::error::Error::source(error) {
        text.push_str(": ");
        text.push_str(&source.to_string());
    }
    text
}

impl Loaded {
    pub(super) fn load(artifact: &[u8], budgets: &Budgets, options: &LoadOptions) -> Result<Arc<Self>> {
        let started = instant();
        if options.threads == 0 {
            return Err(Error::invalid("threads", 0, "1 or more"));
        }
        on_own_stack(|| {
            let mut loaded = Self::parse(artifact, budgets, options)?;
            loaded.compile_general(&options.shapes)?;
            for shapes in &options.shapes {
                loaded.declare(shapes)?;
            }
            for inputs in options.likely.iter().filter(|_| options.specialise) {
                loaded.prefer(inputs)?;
            }
            if loaded.general.is_none() && options.shapes.is_empty() {
                loaded.compile_any()?;
            }
            loaded.fix();
            loaded.load_ms = started.elapsed().as_millis() as u64;
            Ok(Arc::new(loaded))
        })
    }

    fn parse(artifact: &[u8], budgets: &Budgets, options: &LoadOptions) -> Result<Self> {
        let (model, info) = onnx::read(artifact, budgets)?;
        operators::check(&model)?;
        // The protobuf's copy of the weights; tract makes its own before this one is freed.
        let reservation = options.budget.reserve(info.weight_bytes)?;
        let transient = options.budget.reserve(info.weight_bytes)?;
        let proto = import::model(&model)?;
        let mut labels = Labels::new();
        if let Some(graph) = &proto.graph {
            operators::labels(graph, &mut labels);
        }
        let parsed = Parsed::new(&proto, labels, budgets.max_run_elements)?;
        drop((proto, transient));
        let ledger = Ledger::new(reservation);
        let base = ledger.adopt(parsed.constants())?;
        let executor = (options.threads > 1)
            .then(|| {
                guarded(ErrorKind::ResourceExhausted, || {
                    Ok(Executor::multithread_with_name(options.threads, "noodle-tract"))
                })
            })
            .transpose()?;
        Ok(Loaded {
            signature: info.signature,
            parsed,
            options: RunOptions { executor, ..RunOptions::default() },
            ledger,
            _base: base,
            general: None,
            cache: Cache::new(options.plan_cache_bytes),
            fixed: HashSet::new(),
            concrete: AtomicBool::new(false),
            looking: AtomicBool::new(false),
            specialises: options.specialise,
            ticks: AtomicU64::new(0),
            generation: AtomicU64::new(0),
            reason: None,
            load_ms: 0,
        })
    }

    pub(super) fn plan(&self, shapes: Option<&[Shape]>) -> Result<Plan> {
        self.parsed.compile(&self.signature, shapes, &self.options, &self.ledger)
    }

    /// One plan for every shape, where there can be one.
    fn compile_general(&mut self, declared: &[Vec<Shape>]) -> Result<()> {
        if self.signature.is_static() {
            let shapes = sizes(&self.signature, (1, 1));
            self.general = Some((General::Static, Arc::new(self.plan(Some(&shapes))?)));
            return Ok(());
        }
        let attempt = guarded(ErrorKind::Unsupported, || {
            let plan = self.plan(None)?;
            self.try_out(&plan, declared)?;
            Ok(plan)
        });
        match attempt {
            Ok(plan) => self.general = Some((General::Symbolic, Arc::new(plan))),
            Err(error) if error.kind() == ErrorKind::ResourceExhausted => return Err(error),
            Err(error) => self.reason = Some(reason(&error)),
        }
        Ok(())
    }

    /// Runs a symbolic plan: a plan that tract makes without an error may still not run.
    fn try_out(&self, plan: &Plan, declared: &[Vec<Shape>]) -> Result<()> {
        let started = instant();
        let trials = TRIAL_SIZES.iter().map(|&size| sizes(&self.signature, size));
        let (mut worked, mut error) = (0, None);
        for shapes in declared.iter().cloned().chain(trials) {
            match guarded(ErrorKind::EngineFailed, || self.trial(plan, &shapes)) {
                Ok(()) => worked += 1,
                Err(e) => error = Some(e),
            }
            if worked >= 2 {
                return Ok(());
            }
            if started.elapsed() > TRIAL_TIME {
                break;
            }
        }
        Err(error.unwrap_or_else(|| Error::new(ErrorKind::EngineFailed, "a trial took too long")))
    }

    fn trial(&self, plan: &Plan, shapes: &[Shape]) -> Result<()> {
        let size = |index: usize, axis: usize| shapes.get(index).and_then(|s| s.get(axis)).copied();
        plan.extents.check(size, TRIAL_ELEMENTS)?;
        let inputs = self
            .signature
            .inputs
            .iter()
            .zip(shapes)
            .map(|(spec, shape)| convert::zeros(spec.dtype, shape))
            .collect::<Result<TVec<TValue>>>()?;
        let failed = |e| {
            let cause = cause(&e);
            Error::new(ErrorKind::EngineFailed, "a trial of the symbolic plan failed")
                .with("shapes", shapes_text(shapes))
                .source(cause)
        };
        let values = plan.plan.run(inputs).map_err(failed)?;
        for (value, spec) in values.into_iter().zip(&self.signature.outputs) {
            convert::output(value, spec.dtype, &spec.name)?;
        }
        Ok(())
    }

    /// Compiles a declared shape and keeps it.
    fn declare(&mut self, shapes: &[Shape]) -> Result<()> {
        if shapes.len() != self.signature.inputs.len() {
            return Err(Error::invalid("shapes", shapes.len(), format!("{} inputs", self.signature.inputs.len())));
        }
        for (shape, spec) in shapes.iter().zip(&self.signature.inputs) {
            let fits = shape.len() == spec.shape.len()
                && shape.iter().zip(&spec.shape).all(|(size, dim)| !matches!(dim, Dim::Fixed(fixed) if fixed != size));
            if !fits {
                return Err(Error::invalid("shapes", format!("{:?}", shape.as_slice()), spec));
            }
        }
        match &self.general {
            Some((General::Static, _)) => return Ok(()),
            Some((General::Symbolic, plan))
                if guarded(ErrorKind::EngineFailed, || self.trial(plan, shapes)).is_ok() =>
            {
                let zeros = |(spec, shape): (&TensorSpec, &Shape)| {
                    convert::output(convert::zeros(spec.dtype, shape)?, spec.dtype, &spec.name)
                };
                let zeros = self.signature.inputs.iter().zip(shapes).map(zeros).collect::<Result<Vec<_>>>()?;
                return if self.specialises { self.prefer(&zeros) } else { Ok(()) };
            }
            _ => {}
        }
        let views = shapes.iter().map(|s| s.as_slice()).collect::<Vec<_>>();
        let compile = |key: &[Shape]| self.plan(Some(key));
        self.cache.get_or_compile(&views, true, &Cancel::NEVER, &self.fixed, compile)?;
        self.concrete.store(true, Ordering::Release);
        Ok(())
    }

    /// Keeps a plan for the shape of these inputs for good, where the plan for every shape is slower. That one serves
    /// where there is no other, whatever the reason.
    fn prefer(&mut self, inputs: &[Tensor]) -> Result<()> {
        let Some((General::Symbolic, general)) = &self.general else { return Ok(()) };
        let views: Vec<_> = inputs.iter().map(Tensor::view).collect();
        match guarded(ErrorKind::Unsupported, || self.special(general, &views)) {
            Ok(Some(plan)) => self.keep(&views, plan, true),
            Ok(None) => {}
            Err(error) => tracing::trace!(%error, "there is no plan for a likely shape"),
        }
        Ok(())
    }

    /// Serves requests of a shape by a plan of their own from now on.
    pub(super) fn keep(&self, inputs: &[TensorView<'_>], plan: Arc<Plan>, pinned: bool) {
        let key = inputs.iter().map(|view| Shape::from_slice(view.shape())).collect();
        self.cache.insert(key, plan, pinned, &self.fixed);
        self.concrete.store(true, Ordering::Release);
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    /// Compiles one shape, any that works: a model that compiles for none is refused now, not at the first request.
    fn compile_any(&mut self) -> Result<()> {
        let mut error = None;
        for &size in TRIAL_SIZES {
            let shapes = sizes(&self.signature, size);
            let views = shapes.iter().map(|s| s.as_slice()).collect::<Vec<_>>();
            let compile = |key: &[Shape]| guarded(ErrorKind::Unsupported, || self.plan(Some(key)));
            match self.cache.get_or_compile(&views, false, &Cancel::NEVER, &self.fixed, compile) {
                Ok(_) => {
                    self.concrete.store(true, Ordering::Release);
                    return Ok(());
                }
                Err(e) if e.kind() == ErrorKind::ResourceExhausted => return Err(e),
                Err(e) => error = error.or(Some(e)),
            }
        }
        error.map_or(Ok(()), Err)
    }

    /// Notes which constants stay whatever the cache does.
    fn fix(&mut self) {
        let general = self.general.iter().flat_map(|(_, plan)| &plan.charge.held);
        self.fixed = self._base.held.iter().chain(general).map(|(at, _)| *at).collect();
    }

    pub(super) fn signature_ref(&self) -> &Signature {
        &self.signature
    }

    pub(super) fn labels(&self) -> &Labels {
        self.parsed.labels()
    }

    pub(super) fn has_general(&self) -> bool {
        self.general.is_some()
    }

    pub(super) fn is_short(&self) -> bool {
        self.ledger.is_short()
    }

    /// Whether shapes may get plans of their own beside the one that serves all.
    pub(super) fn specialises(&self) -> bool {
        self.specialises && self.is_symbolic()
    }

    pub(super) fn is_symbolic(&self) -> bool {
        matches!(self.general, Some((General::Symbolic, _)))
    }

    pub(super) fn has_concrete(&self) -> bool {
        self.concrete.load(Ordering::Acquire)
    }

    pub(super) fn general(&self) -> Option<Arc<Plan>> {
        self.general.as_ref().map(|(_, plan)| plan.clone())
    }

    /// A plan for just these shapes that is there already.
    pub(super) fn concrete(&self, inputs: &[TensorView<'_>]) -> Option<Arc<Plan>> {
        let shapes = inputs.iter().map(|v| v.shape()).collect::<smallvec::SmallVec<[_; 8]>>();
        self.cache.get(&shapes)
    }

    /// A plan for just these shapes.
    pub(super) fn compile(&self, inputs: &[TensorView<'_>], cancel: &Cancel<'_>) -> Result<Arc<Plan>> {
        let shapes = inputs.iter().map(|v| v.shape()).collect::<smallvec::SmallVec<[_; 8]>>();
        let compile = |key: &[Shape]| on_own_stack(|| self.plan(Some(key)));
        let (plan, dropped) = self.cache.get_or_compile(&shapes, false, cancel, &self.fixed, compile)?;
        self.concrete.store(true, Ordering::Release);
        if dropped {
            self.generation.fetch_add(1, Ordering::AcqRel);
        }
        Ok(plan)
    }

    pub(super) fn tick(&self) -> u64 {
        self.ticks.fetch_add(1, Ordering::Relaxed)
    }
}

impl Runnable for Loaded {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn spawn(self: Arc<Self>) -> Result<Box<dyn State>> {
        Ok(Box::new(TractState::new(self)))
    }

    fn memory_bytes(&self) -> u64 {
        self.ledger.bytes()
    }

    fn report(&self) -> LoadReport {
        LoadReport {
            engine: "tract 0.23.9".to_owned(),
            plan: match self.general {
                Some((General::Static, _)) => "static",
                Some((General::Symbolic, _)) => "symbolic",
                None => "per_shape",
            }
            .to_owned(),
            reason: self.reason.clone(),
            plans: self.cache.len() as u32 + u32::from(self.general.is_some()),
            memory_bytes: self.ledger.bytes(),
            load_ms: self.load_ms,
            choice: None,
        }
    }
}
