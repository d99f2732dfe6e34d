//! The distributions that tests of experiments need: normal, Student's t, chi-square and beta. Pure, in double precision.
//!
//! Probabilities are right to about 11 digits, relative to themselves, also where they are as small as 1e-300: a tail is
//! never one minus something. What the parameters do not allow gives `None`.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// Steps after which a continued fraction or a series is taken as it is. Near the centre of a distribution the number that
/// is needed grows with the square root of its parameters: this is enough for parameters up to about 1e10.
const STEPS: u32 = 1_000_000;
/// What a further step of a continued fraction or a series has to change, relative to it.
const SMALL: f64 = 1e-16;

/// Nodes and weights of the Gauss–Legendre rule with eight points on -1..1 (Abramowitz and Stegun, table 25.4).
pub(super) const GAUSS: [(f64, f64); 8] = [
    (-0.960_289_856_497_536_2, 0.101_228_536_290_376_26),
    (-0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
    (-0.525_532_409_916_329, 0.313_706_645_877_887_27),
    (-0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_27),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
    (0.960_289_856_497_536_2, 0.101_228_536_290_376_26),
];

/// Density of the standard normal distribution.
pub fn normal_density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * PI).sqrt()
}

/// Probability that a standard normal value is at most `x`.
pub fn normal_cdf(x: f64) -> f64 {
    normal_sf(-x)
}

/// Probability that a standard normal value is above `x`: by the power series of the distribution function (Abramowitz and
/// Stegun 26.2.11) at the centre, by Laplace's continued fraction (26.2.14) in the tails.
pub fn normal_sf(x: f64) -> f64 {
    match x {
        x if x >= 2.0 => normal_density(x) * mills(x),
        x if x <= -2.0 => 1.0 - normal_density(x) * mills(-x),
        x => 0.5 - normal_centre(x),
    }
}

/// The value below which a standard normal value lies with probability `p`: infinite for a `p` of 0 or 1 and beyond.
/// Newton's method from the approximation of Hastings (Abramowitz and Stegun 26.2.23). For an upper tail that is smaller
/// than 1e-16 take the negative of the quantile of that tail.
pub fn normal_quantile(p: f64) -> f64 {
    if p.is_nan() {
        return p;
    }
    let tail = p.min(1.0 - p);
    if tail <= 0.0 {
        return if p < 0.5 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let root = (-2.0 * tail.ln()).sqrt();
    let mut x = root
        - (2.515_517 + root * (0.802_853 + root * 0.010_328))
            / (1.0 + root * (1.432_788 + root * (0.189_269 + root * 0.001_308)));
    for _ in 0..4 {
        // At the centre the distance from one half counts, in the tail the logarithm.
        x += match tail > 0.1 {
            true => (0.5 - tail - normal_centre(x)) / normal_density(x),
            false => {
                let above = normal_sf(x);
                (above / tail).ln() * if x >= 2.0 { mills(x) } else { above / normal_density(x) }
            }
        };
    }
    if p < 0.5 { -x } else { x }
}

/// Probability that a value of Student's t distribution is above `t`, for any positive number of degrees of freedom
/// (infinite ones give the normal distribution). Abramowitz and Stegun 26.7.1.
///
/// `None` unless `df` is above 0 and `t` a number.
pub fn student_sf(t: f64, df: f64) -> Option<f64> {
    if t.is_nan() || df.is_nan() || df <= 0.0 {
        return None;
    }
    if df.is_infinite() {
        return Some(normal_sf(t));
    }
    let (x, y) = student_shares(t, df);
    let above = 0.5 * beta_lower(0.5 * df, 0.5, x, y);
    Some(if t >= 0.0 { above } else { 1.0 - above })
}

/// The value below which a value of Student's t distribution lies with probability `p`: infinite for a `p` of 0 or 1 and
/// beyond. Newton's method, kept within a bracket. For an upper tail that is smaller than 1e-16 take the negative of the
/// quantile of that tail.
///
/// `None` unless `df` is above 0 and `p` a number.
pub fn student_quantile(p: f64, df: f64) -> Option<f64> {
    if p.is_nan() || df.is_nan() || df <= 0.0 {
        return None;
    }
    let tail = p.min(1.0 - p);
    if df.is_infinite() || tail <= 0.0 || tail == 0.5 {
        return Some(normal_quantile(p));
    }
    let kernel = BetaKernel::of(0.5 * df, 0.5);
    // How far `t` is beyond what is looked for, and how fast that grows with it.
    let beyond = |t: f64| {
        let (x, y) = student_shares(t, df);
        let density = kernel.at(x, y) / t;
        match tail > 0.25 {
            true => (0.5 * beta_lower(0.5, 0.5 * df, y, x) - (0.5 - tail), density),
            false => {
                let above = 0.5 * beta_lower(0.5 * df, 0.5, x, y);
                ((tail / above).ln(), density / above)
            }
        }
    };
    // Its tails are heavier than those of the normal distribution.
    let mut low = -normal_quantile(tail) * (1.0 - 1e-12);
    let mut high = 2.0 * low;
    while high.is_finite() && beyond(high).0 < 0.0 {
        low = high;
        high *= high.max(2.0);
    }
    high = high.min(f64::MAX);
    let mut t = low;
    for _ in 0..200 {
        let (distance, slope) = beyond(t);
        if distance < 0.0 {
            low = t;
        } else {
            high = t;
        }
        let step = t - distance / slope;
        let next = if step > low && step < high { step } else { low.sqrt() * high.sqrt() };
        let done = (next - t).abs() <= 4e-16 * t || distance == 0.0;
        t = if distance == 0.0 { t } else { next };
        if done {
            break;
        }
    }
    Some(if p < 0.5 { -t } else { t })
}

/// Probability that a chi-square value is above `x`: the regularised upper incomplete gamma function of half of each
/// (Abramowitz and Stegun 26.4.19, by 6.5.29 and 6.5.31).
///
/// `None` unless `df` is above 0 and finite, and `x` a number.
pub fn chi_square_sf(x: f64, df: f64) -> Option<f64> {
    if x.is_nan() || !df.is_finite() || df <= 0.0 {
        return None;
    }
    let (a, x) = (0.5 * df, 0.5 * x);
    if x <= 0.0 {
        return Some(1.0);
    }
    if x.is_infinite() {
        return Some(0.0);
    }
    // x^a e^-x / Γ(a), without any large logarithm.
    let kernel = (a / (2.0 * PI)).sqrt() * (-deviance(a, x) - stirling(a)).exp();
    if x < a + 1.0 {
        let (mut term, mut sum) = (1.0, 1.0);
        for n in 1..STEPS {
            term *= x / (a + f64::from(n));
            sum += term;
            if term <= sum * SMALL {
                break;
            }
        }
        return Some((1.0 - kernel / a * sum).clamp(0.0, 1.0));
    }
    let fraction = continued_fraction(x + 1.0 - a, |n| (-n * (n - a), x + 2.0 * n + 1.0 - a));
    Some((kernel / fraction).clamp(0.0, 1.0))
}

/// The regularised incomplete beta function: the probability that a value of the beta distribution with parameters `a` and
/// `b` is at most `x`.
///
/// `None` unless `a` and `b` are above 0 and finite, and `x` a number.
pub fn incomplete_beta(a: f64, b: f64, x: f64) -> Option<f64> {
    if x.is_nan() || !a.is_finite() || !b.is_finite() || a <= 0.0 || b <= 0.0 {
        return None;
    }
    let x = x.clamp(0.0, 1.0);
    Some(beta_lower(a, b, x, 1.0 - x))
}

/// The function x^a y^b / B(a, b) of x and y = 1 - x: the density of a beta distribution on the scale of the logit.
#[derive(Debug, Clone, Copy)]
pub(super) struct BetaKernel {
    /// The first parameter.
    pub(super) a: f64,
    /// The second parameter.
    pub(super) b: f64,
    /// The value at the mode, which is a / (a + b).
    front: f64,
}

impl BetaKernel {
    /// Of two positive parameters.
    pub(super) fn of(a: f64, b: f64) -> Self {
        // Stirling's formula for all three factorials: what is large in them cancels on paper.
        let front = (a / (a + b) * b / (2.0 * PI)).sqrt() * (stirling(a + b) - stirling(a) - stirling(b)).exp();
        BetaKernel { a, b, front }
    }

    /// How far the logarithm lies below that at the mode.
    pub(super) fn drop(&self, x: f64, y: f64) -> f64 {
        let n = self.a + self.b;
        deviance(self.a, n * x) + deviance(self.b, n * y)
    }

    /// The value.
    pub(super) fn at(&self, x: f64, y: f64) -> f64 {
        self.front * (-self.drop(x, y)).exp()
    }
}

/// What Stirling's formula lacks: ln Γ(z) - ((z - ½) ln z - z + ½ ln 2π), for z above 0 (Abramowitz and Stegun 6.1.41).
fn stirling(z: f64) -> f64 {
    let (mut w, mut product) = (z, 1.0);
    while w < 10.0 {
        product *= w;
        w += 1.0;
    }
    let square = 1.0 / (w * w);
    // From the last term to the first.
    let series = [-691.0 / 360_360.0, 1.0 / 1_188.0, -1.0 / 1_680.0, 1.0 / 1_260.0, -1.0 / 360.0, 1.0 / 12.0]
        .into_iter()
        .fold(1.0 / 156.0, |sum, term| sum * square + term)
        / w;
    match w > z {
        true => series + (w - 0.5) * w.ln() - w - product.ln() - (z - 0.5) * z.ln() + z,
        false => series,
    }
}

/// The deviance z ln(z / m) + m - z, which is 0 where both are equal (Loader 2000, "Fast and accurate computation of
/// binomial probabilities").
fn deviance(z: f64, m: f64) -> f64 {
    let u = (m - z) / z;
    if u.abs() > 0.5 {
        // Not the logarithm of 1 + u, which has no digits left where m is tiny.
        return if m > 0.0 && u.is_finite() { z * (u - m.ln() + z.ln()) } else { f64::INFINITY };
    }
    // ln(1 + u) is 2 artanh(r); its first term and u cancel on paper.
    let r = u / (2.0 + u);
    let sum = (1..=17).rev().fold(0.0, |sum, k| sum * r * r + 1.0 / f64::from(2 * k + 1));
    z * r * (u - 2.0 * r * r * sum)
}

/// The tail above `x`, at least 2, over the density there.
fn mills(x: f64) -> f64 {
    if x.is_infinite() {
        return 0.0;
    }
    1.0 / (1..=70).rev().fold(x, |inner, k| x + f64::from(k) / inner)
}

/// Probability between 0 and `x`, negative below 0; for values of about -3 to 3.
fn normal_centre(x: f64) -> f64 {
    let half = FRAC_1_SQRT_2 * x;
    let (mut term, mut sum) = (x, x);
    for k in 1..90 {
        term *= 2.0 * half * half / f64::from(2 * k + 1);
        sum += term;
    }
    sum * normal_density(x)
}

/// The shares df / (df + t²) and t² / (df + t²).
fn student_shares(t: f64, df: f64) -> (f64, f64) {
    let s = t.abs() / df.sqrt();
    match s > 1.0 {
        true => (1.0 / s / s / (1.0 + 1.0 / s / s), 1.0 / (1.0 + 1.0 / s / s)),
        false => (1.0 / (1.0 + s * s), s * s / (1.0 + s * s)),
    }
}

/// The regularised incomplete beta function at x = 1 - y (Abramowitz and Stegun 26.5.8).
fn beta_lower(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if y <= 0.0 {
        return 1.0;
    }
    let below = |a: f64, b: f64, x: f64, y: f64| {
        let fraction = continued_fraction(1.0, |n| {
            let m = (0.5 * n).floor();
            let term = match n > 2.0 * m {
                true => -(a + m) / (a + 2.0 * m) * (a + b + m) / (a + 2.0 * m + 1.0),
                false => m / (a + 2.0 * m - 1.0) * (b - m) / (a + 2.0 * m),
            };
            (term * x, 1.0)
        });
        (BetaKernel::of(a, b).at(x, y) / a / fraction).clamp(0.0, 1.0)
    };
    match x <= (a + 1.0) / (a + b + 2.0) {
        true => below(a, b, x, y),
        false => 1.0 - below(b, a, y, x),
    }
}

/// The value of first + a1 / (b1 + a2 / (b2 + ...)), by the method of Lentz as modified by Thompson and Barnett (1986).
fn continued_fraction(first: f64, term: impl Fn(f64) -> (f64, f64)) -> f64 {
    let away = |x: f64| if x.abs() < 1e-300 { 1e-300 } else { x };
    let mut value = away(first);
    let (mut above, mut below) = (value, 0.0);
    for n in 1..STEPS {
        let (a, b) = term(f64::from(n));
        below = 1.0 / away(b + a * below);
        above = away(b + a / above);
        let change = above * below;
        value *= change;
        if (change - 1.0).abs() <= 2.0 * SMALL {
            break;
        }
    }
    value
}
