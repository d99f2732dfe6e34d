//! P-values of several comparisons, adjusted so that each may be held against the level as if it were the only one. Pure.
//!
//! Adjusted p-values come in the order of those given. One below 0 counts as 0; one above 1, or NaN, counts as 1.

/// Bonferroni's: bounds the chance of any false finding, whatever the comparisons have to do with each other. The p-value
/// times the number of comparisons, at most 1.
pub fn bonferroni(p_values: &[f64]) -> Vec<f64> {
    let m = p_values.len() as f64;
    p_values.iter().map(|p| (m * valid(*p)).min(1.0)).collect()
}

/// Holm's (1979): bounds the same, and never finds less than [`bonferroni`]. The k-th smallest of m p-values is taken m - k
/// + 1 times, and is at least what came before it.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let m = p_values.len() as f64;
    let mut largest = 0.0_f64;
    let adjusted = ascending(p_values).into_iter().enumerate().map(|(k, (place, p))| {
        largest = largest.max((m - k as f64) * p).min(1.0);
        (place, largest)
    });
    in_place(adjusted.collect())
}

/// Benjamini's and Hochberg's (1995): bounds the expected share of false findings among all findings, for comparisons that
/// are independent or positively dependent. The k-th smallest of m p-values is taken m / k times, and is at most what comes
/// after it.
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let m = p_values.len() as f64;
    let mut smallest = 1.0_f64;
    let adjusted = ascending(p_values).into_iter().enumerate().rev().map(|(k, (place, p))| {
        smallest = smallest.min(p * (m / (k as f64 + 1.0)));
        (place, smallest)
    });
    in_place(adjusted.collect())
}

/// A p-value as it counts.
fn valid(p: f64) -> f64 {
    if p.is_nan() { 1.0 } else { p.clamp(0.0, 1.0) }
}

/// The p-values with their places, smallest first.
fn ascending(p_values: &[f64]) -> Vec<(usize, f64)> {
    let mut sorted: Vec<_> = p_values.iter().map(|p| valid(*p)).enumerate().collect();
    sorted.sort_by(|a, b| a.1.total_cmp(&b.1));
    sorted
}

/// Values in the order of their places.
fn in_place(mut values: Vec<(usize, f64)>) -> Vec<f64> {
    values.sort_by_key(|(place, _)| *place);
    values.into_iter().map(|(_, value)| value).collect()
}
