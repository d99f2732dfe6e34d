//! What the version that would answer takes.

use std::cell::OnceCell;
use std::sync::Arc;

use noodle_deploy_core::model::signature::{Symbols, TensorSpec};
use noodle_deploy_core::tensor::element_count;
use noodle_deploy_core::{DType, Error, ErrorKind, Noodle, Result, Served};

/// Elements that are copied at most: more than the engine takes. An array of a few bytes may say that it is larger.
const MAX_COPIED: usize = 1 << 30;
/// Up to so many elements are copied unseen: then it is the core that says what does not fit, in the model's order.
const FEW: usize = 1 << 16;

pub(super) struct Asked<'a> {
    /// Who says which version answers, where that is not known.
    noodle: Option<&'a Noodle>,
    deployment: &'a str,
    version: Option<&'a str>,
    served: OnceCell<Arc<Served>>,
    /// Whether sizes must be those of the signature.
    sized: bool,
    /// Whether every array is copied.
    pub(super) owned: bool,
}

impl<'a> Asked<'a> {
    pub(super) fn new(noodle: &'a Noodle, deployment: &'a str, version: Option<&'a str>, owned: bool) -> Self {
        Asked { noodle: Some(noodle), deployment, version, served: OnceCell::new(), sized: true, owned }
    }

    /// Of a session: its streams take more than a call does.
    pub(super) fn of(served: &'a Arc<Served>, owned: bool) -> Self {
        let known = OnceCell::from(served.clone());
        Asked { noodle: None, deployment: &served.deployment, version: None, served: known, sized: false, owned }
    }

    pub(super) fn of_any_size(self) -> Self {
        Asked { sized: false, ..self }
    }

    pub(super) fn dtype(&self, name: &str) -> Result<DType> {
        Ok(self.spec(name)?.1.dtype)
    }

    /// Checks what an array says of itself, before it is copied.
    pub(super) fn fits(&self, name: &str, dtype: DType, shape: &[usize]) -> Result<()> {
        let count = element_count(shape);
        if count.is_some_and(|count| count <= FEW) {
            return Ok(());
        }
        let (served, spec) = self.spec(name)?;
        let fits = if dtype == spec.dtype {
            if self.sized { spec.fits(shape, &mut Symbols::new()) } else { Ok(()) }
        } else {
            Err(Error::invalid("dtype", dtype, spec.dtype).with("tensor", name))
        };
        let small = fits.and_then(|()| match count {
            Some(count) if count <= MAX_COPIED => Ok(()),
            _ => Err(Error::new(ErrorKind::TooLarge, "the array is too large to be copied")
                .with("input", name)
                .with("value", format!("{shape:?}"))
                .with("allowed", format!("up to {MAX_COPIED} elements"))),
        });
        small.map_err(|error| error.with("deployment", self.deployment).with("version", &served.version))
    }

    fn spec(&self, name: &str) -> Result<(&Served, &TensorSpec)> {
        let served = match self.served.get() {
            Some(served) => served,
            None => {
                let unknown = || Error::new(ErrorKind::Internal, "nobody says which version answers");
                let served = self.noodle.ok_or_else(unknown)?.serving(self.deployment, self.version)?;
                self.served.get_or_init(|| served)
            }
        };
        let signature = &served.signature;
        signature.input(name).map(|index| (&**served, &signature.inputs[index])).ok_or_else(|| {
            let allowed = signature.inputs.iter().map(|spec| spec.name.as_str()).collect::<Vec<_>>().join(", ");
            let error = Error::invalid("inputs", name, allowed).with("deployment", self.deployment);
            error.with("version", &served.version)
        })
    }
}
