//! Where the time of one answered request went.

/// Parts of one request's time. What is left of the whole is output: splitting a batch, keeping the answer, waking the
/// caller.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// Nanoseconds in wait for a free replica.
    pub queue_ns: u64,
    /// Nanoseconds in wait for a batch to begin.
    pub batch_wait_ns: u64,
    /// Nanoseconds for putting the inputs of a batch together.
    pub input_ns: u64,
    /// Nanoseconds in the engine; all of a batch's for each of its requests.
    pub compute_ns: u64,
    /// Rows of the run that answered; 0 where requests are not batched.
    pub batch_rows: u32,
    /// Whether no engine ran: the answer was kept, or another request's.
    pub kept: bool,
}
