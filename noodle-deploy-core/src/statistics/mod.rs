//! What experiments and rollouts conclude from their data. Some of it holds however often somebody looks: e-processes, whose
//! value may be compared with one over the level at any moment (Ramdas, Grünwald, Vovk and Shafer 2023). The tests of
//! [`fixed`] are for one look at a planned size. Pure.

pub mod bandit;
pub mod bayes;
pub mod correction;
pub mod cuped;
pub mod distribution;
pub mod fixed;
pub mod groups;
pub mod mean;
pub mod power;
pub mod proportion;
pub mod rate;
pub mod sequential;

/// The natural logarithm of an e-value that is evidence at a level: one over the level (Ville's inequality).
pub fn threshold(level: f64) -> f64 {
    -level.ln()
}

/// Logarithm of the sum of exponentials, without overflow.
pub(crate) fn log_sum_exp(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let most = values.clone().fold(f64::NEG_INFINITY, f64::max);
    match most.is_finite() {
        true => most + values.map(|value| (value - most).exp()).sum::<f64>().ln(),
        false => most,
    }
}
