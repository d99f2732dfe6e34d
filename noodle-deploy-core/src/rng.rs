//! Randomness enters here and nowhere else.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

/// A source of random numbers. A component of the builder.
pub trait Rng: Send + Sync {
    /// The next 64 random bits.
    fn next(&self) -> u64;
}

/// Seeded by the operating system; for ids, not for keys.
#[derive(Debug)]
pub struct SystemRng(SeededRng);

impl Default for SystemRng {
    #[allow(clippy::disallowed_methods)]
    fn default() -> Self {
        // `RandomState` is the standard library's door to the system's entropy.
        SystemRng(SeededRng::new(RandomState::new().hash_one(std::process::id())))
    }
}

impl Rng for SystemRng {
    fn next(&self) -> u64 {
        self.0.next()
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed.
#[derive(Debug)]
pub struct SeededRng(AtomicU64);

impl SeededRng {
    /// A generator for a seed.
    pub fn new(seed: u64) -> Self {
        SeededRng(AtomicU64::new(seed))
    }
}

impl Rng for SeededRng {
    fn next(&self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut z = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

/// A random UUID, version 4, in its usual form.
pub fn uuid(rng: &dyn Rng) -> String {
    let (a, b) = (rng.next(), rng.next());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        ((b >> 48) & 0x3fff) | 0x8000,
        b & 0xffff_ffff_ffff
    )
}
