//! Models, versions, aliases.

use crate::control::CallContext;
use crate::error::Result;
use crate::machine::state::{Model, VersionRecord};
use crate::ops::versions::{
    AnnotateVersionInput, Deleted, RegisterVersionInput, SetVersionStatusInput, VersionComparison,
};

/// The registry of versions.
pub trait Versioning: Send + Sync {
    /// Registers a model file as a version.
    ///
    /// Behavior:
    /// - The file is copied into the artifact store; versions with equal bytes share one copy.
    /// - A file that is not a model, or a version that exists, leaves nothing behind that a collection does not remove.
    ///
    /// # Errors
    /// `invalid_argument`, `not_found` (file, parent), `invalid_model`, `too_large`, `unsupported`, `conflict`.
    fn register(&self, context: &CallContext, input: RegisterVersionInput) -> Result<VersionRecord>;

    /// Shows a version by number, alias, or `latest`.
    ///
    /// # Errors
    /// `not_found`.
    fn get(&self, model: &str, version: &str) -> Result<VersionRecord>;

    /// Lists the versions of a model, oldest number first.
    ///
    /// # Errors
    /// `not_found`.
    fn list(&self, model: &str) -> Result<Vec<VersionRecord>>;

    /// Lists the models, by name.
    ///
    /// # Errors
    /// None of its own.
    fn models(&self) -> Result<Vec<Model>>;

    /// Compares two versions of a model.
    ///
    /// # Errors
    /// `not_found`.
    fn compare(&self, model: &str, base: &str, candidate: &str) -> Result<VersionComparison>;

    /// Changes description, tags or metrics.
    ///
    /// # Errors
    /// `not_found`, `invalid_argument`.
    fn annotate(&self, context: &CallContext, input: AnnotateVersionInput) -> Result<VersionRecord>;

    /// Changes the status.
    ///
    /// # Errors
    /// `not_found`, `conflict` where the status does not allow it.
    fn set_status(&self, context: &CallContext, input: SetVersionStatusInput) -> Result<VersionRecord>;

    /// Deletes a version that nothing refers to.
    ///
    /// # Errors
    /// `not_found`, `conflict` that names what refers to it.
    fn delete(&self, context: &CallContext, model: &str, version: &str) -> Result<Deleted>;

    /// Sets or moves an alias.
    ///
    /// # Errors
    /// `not_found`, `invalid_argument`, `conflict` for a retired version.
    fn set_alias(&self, context: &CallContext, model: &str, alias: &str, version: &str) -> Result<Model>;

    /// Removes an alias.
    ///
    /// # Errors
    /// `not_found`.
    fn remove_alias(&self, context: &CallContext, model: &str, alias: &str) -> Result<Model>;
}
