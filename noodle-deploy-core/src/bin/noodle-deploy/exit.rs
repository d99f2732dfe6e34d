//! Exit statuses: one for each family of errors, from the status column of the table of kinds.

use noodle_deploy_core::ErrorKind;

/// What `--help` says about them.
pub(crate) const HELP: &str = "\
Exit status:
  0  done
  1  failed: engine, storage, damaged log, memory budget, a fault of this program, or no case of a benchmark ran
  2  usage: the command line does not parse
  3  not found
  4  conflict: the state does not allow this, or the directory has a newer format
  5  bad input: argument, model, unsupported, too large, digest, verification, a gate not passed
  6  unavailable, overloaded, out of time or cancelled; `health` where something is not ready
  7  not allowed: read-only, switched off, role";

/// A benchmark of which no case ran.
pub(crate) const FAILED: u8 = 1;
pub(crate) const NOT_READY: u8 = 6;
/// A version that was evaluated and does not pass the gate.
pub(crate) const GATE: u8 = 5;

/// The exit status of a kind of error.
pub(crate) fn code(kind: ErrorKind) -> u8 {
    match kind.info().http_status {
        404 => 3,
        409 => 4,
        400 | 413 | 415 | 422 => 5,
        429 | 499 | 503 | 504 => NOT_READY,
        401 | 403 => 7,
        _ => 1,
    }
}
