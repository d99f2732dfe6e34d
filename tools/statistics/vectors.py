"""Reference values for the statistics of experiments.

    python3 -m venv venv && venv/bin/pip install -r tools/statistics/requirements.txt
    venv/bin/python tools/statistics/vectors.py

writes noodle-deploy-core/tests/statistics/vectors.json, which tests/statistics.rs holds the implementation against. Each
vector has the arguments as the function takes them and the numbers that must come out. They are from scipy, statsmodels and
gbstats; mpmath takes their place where they lose digits: in far tails, and where large numbers cancel. Running it again
gives the same file.
"""

import json
import math
from pathlib import Path

import gbstats
import mpmath
import numpy as np
import scipy
import statsmodels
from gbstats.bayesian.tests import EffectBayesianABTest, EffectBayesianConfig, GaussianPrior
from gbstats.frequentist.tests import SequentialConfig, SequentialTwoSidedTTest
from gbstats.models.statistics import RatioStatistic, RegressionAdjustedStatistic, SampleMeanStatistic
from scipy import integrate, optimize, stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower, zt_ind_solve_power
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    power_proportions_2indep,
    proportions_ztest,
)

mpmath.mp.dps = 60
OUT = Path(__file__).resolve().parents[2] / "noodle-deploy-core" / "tests" / "statistics" / "vectors.json"
rng = np.random.default_rng(20240601)
vectors = {}


def add(function, arguments, *results):
    """One vector: the arguments and the numbers that must come out."""
    numbers = [float(result) for result in results]
    assert all(math.isfinite(number) for number in numbers), (function, arguments, numbers)
    vectors.setdefault(function, []).append([arguments, numbers])


def values(n, mean, sd):
    return [round(float(x), 3) for x in rng.normal(mean, sd, n)]


# Distributions: from mpmath, and held against scipy where that is as precise.


def agree(ours, theirs, tolerance=1e-9):
    ours = float(ours)
    assert abs(ours - theirs) <= tolerance * abs(theirs), (ours, theirs)
    return ours


def beta_cdf(a, b, x):
    """The regularised incomplete beta function by its series of positive terms, from the side where few are needed."""
    a, b, x = mpmath.mpf(a), mpmath.mpf(b), mpmath.mpf(x)
    if x == 0 or x == 1:
        return x
    if mpmath.log(x) > -0.005:
        return 1 - beta_cdf(b, a, 1 - x)
    term = total = mpmath.mpf(1)
    n = 0
    while term > total * mpmath.mpf(10) ** -55:
        term *= (a + b + n) / (a + 1 + n) * x
        total += term
        n += 1
    front = mpmath.loggamma(a + b) - mpmath.loggamma(a + 1) - mpmath.loggamma(b)
    return total * mpmath.exp(front + a * mpmath.log(x) + b * mpmath.log(1 - x))


def t_sf(t, df):
    t, df = mpmath.mpf(t), mpmath.mpf(df)
    tail = beta_cdf(df / 2, 0.5, df / (df + t * t)) / 2
    return tail if t >= 0 else 1 - tail


for x in [-37.0, -20.0, -8.0, -3.5, -2.0, -1.0, -0.1, 0.0, 1e-9, 0.3, 1.0, 1.96, 2.0, 2.5, 5.0, 8.3, 12.0, 30.0, 37.5]:
    add("normal_sf", [x], agree(mpmath.ncdf(-mpmath.mpf(x)), stats.norm.sf(x)))
    add("normal_cdf", [x], agree(mpmath.ncdf(mpmath.mpf(x)), stats.norm.cdf(x)))
    add("normal_density", [x], agree(mpmath.npdf(mpmath.mpf(x)), stats.norm.pdf(x)))
for p in [1e-300, 1e-100, 1e-30, 1e-12, 1e-5, 0.01, 0.025, 0.09, 0.1, 0.11, 0.3, 0.4999, 0.50001, 0.7, 0.95, 0.975, 1 - 1e-9]:
    add("normal_quantile", [p], stats.norm.ppf(p))
for df in [0.5, 1.0, 2.0, 3.7, 10.0, 47.3, 1000.0, 1e5]:
    for t in [-3.0, -0.2, 0.0, 1e-6, 0.7, 1.0, 1.7, 1.8, 2.5, 6.0, 30.0, 1e4]:
        add("student_sf", [t, df], t_sf(t, df))
add("student_sf", [12.0, 54.0], t_sf(12.0, 54.0))
add("student_sf", [13.0, 1e7], t_sf(13.0, 1e7))
for df in [1.0, 2.0, 3.7, 10.0, 47.3, 1000.0, 1e6]:
    for p in [1e-30, 1e-8, 0.005, 0.025, 0.2, 0.3, 0.49, 0.6, 0.95, 0.999]:
        guess = stats.t.ppf(p, df)
        # One step of Newton's method more than scipy makes.
        t = mpmath.mpf(float(guess))
        add("student_quantile", [p, df], agree(t - (t_sf(-t, df) - p) / stats.t.pdf(float(t), df), guess, 1e-6))
for df in [1.0, 2.0, 3.0, 7.0, 24.0, 199.0, 1e4]:
    for factor in [1e-6, 0.1, 0.5, 0.9, 1.0, 1.1, 2.0, 5.0, 40.0]:
        x = df * factor
        tail = mpmath.gammainc(mpmath.mpf(df) / 2, mpmath.mpf(x) / 2, regularized=True)
        if tail > mpmath.mpf("1e-300"):
            add("chi_square_sf", [x, df], tail)
for a, b, x in [
    (0.5, 0.5, 0.3), (1.0, 1.0, 0.7), (2.0, 3.0, 1e-10), (2.5, 0.5, 0.99), (30.0, 70.0, 0.3), (30.0, 70.0, 0.05),
    (30.0, 70.0, 0.9), (1200.0, 98800.0, 0.012), (1200.0, 98800.0, 0.009), (1e6, 1e6, 0.5004), (3.0, 1e6, 1e-6),
]:  # fmt: skip
    add("incomplete_beta", [a, b, x], agree(beta_cdf(a, b, x), stats.beta.cdf(x, a, b), 1e-7))


# Tests with a fixed horizon.


def estimate(sample):
    """Mean, variance of it and degrees of freedom."""
    return [float(np.mean(sample)), float(np.var(sample, ddof=1) / len(sample)), len(sample) - 1.0]


for n, m, shift, spread, level in [
    (8, 11, 0.0, 1.0, 0.05), (40, 35, 0.6, 2.0, 0.05), (25, 60, -1.0, 0.5, 0.01), (60, 60, 3.0, 1.0, 0.1),
    (200, 20, 0.2, 4.0, 0.2), (80, 90, 40.0, 1.0, 0.05),
]:  # fmt: skip
    control, treatment = values(n, 10, 1), values(m, 10 + shift, spread)
    found = stats.ttest_ind(treatment, control, equal_var=False)
    interval = found.confidence_interval(1 - level)
    p_value = agree(2 * t_sf(abs(found.statistic), found.df), found.pvalue, 1e-6)
    difference = np.mean(treatment) - np.mean(control)
    add("welch", [estimate(control), estimate(treatment), level],
        found.statistic, found.df, p_value, difference, interval.low, interval.high)  # fmt: skip
    sums = [float(n), float(np.sum(control)), float(np.sum(np.square(control)))]
    add("estimate", sums, np.mean(control), np.var(control, ddof=1) / n, n - 1)
for control, treatment, level in [
    ((50, 1000), (62, 1000), 0.05), ((0, 40), (3, 50), 0.05), ((900, 1000), (700, 800), 0.01),
    ((12, 100), (12, 100), 0.1), ((10_000, 1_000_000), (14_000, 1_000_000), 0.05), ((3, 9), (400, 405), 0.05),
]:  # fmt: skip
    counts, sizes = [treatment[0], control[0]], [treatment[1], control[1]]
    z, p_value = proportions_ztest(counts, sizes)
    low, high = confint_proportions_2indep(*treatment, *control, compare="diff", method="wald", alpha=level)
    difference = treatment[0] / treatment[1] - control[0] / control[1]
    add("proportions", [control, treatment, level], z, 2 * mpmath.ncdf(-abs(mpmath.mpf(float(z)))), difference, low, high)
    agree(p_value, 2 * stats.norm.sf(abs(z)))
for observed, shares in [
    ([480, 520], [0.5, 0.5]), ([10, 20, 30, 40], [0.1, 0.2, 0.3, 0.4]), ([9_100, 950, 990], [0.82, 0.09, 0.09]),
    ([60_000, 40_000], [0.59, 0.41]), ([0, 7, 5], [0.2, 0.4, 0.4]),
]:  # fmt: skip
    expected = [share * sum(observed) for share in shares]
    add("chi_square", [observed, expected], *stats.chisquare(observed, expected))
for table in [
    [[10, 20], [30, 5]], [[12, 0, 7], [3, 9, 11]], [[100, 200, 300, 50], [90, 210, 310, 60], [110, 190, 250, 80]],
    [[5_000, 95_000], [5_600, 94_000]],
]:  # fmt: skip
    found = stats.chi2_contingency(table, correction=False)
    add("independence", [table], found.statistic, found.dof, found.pvalue)


def weighted(sample):
    seen, counts = np.unique(sample, return_counts=True)
    return [[float(value), int(count)] for value, count in zip(seen, counts)]


for n, m, shift, digits in [(10, 12, 0.0, 3), (50, 40, 0.4, 1), (300, 200, 0.2, 0), (80, 80, -2.0, 1), (30, 500, 9.0, 0)]:
    control, treatment = np.round(values(n, 5, 2), digits), np.round(values(m, 5 + shift, 2), digits)
    found = stats.mannwhitneyu(treatment, control, method="asymptotic", use_continuity=False)
    u = found.statistic
    pooled = np.concatenate([control, treatment])
    _, ties = np.unique(pooled, return_counts=True)
    total = n + m
    sd = math.sqrt(n * m / 12 * (total + 1 - float(np.sum(ties**3 - ties)) / (total * (total - 1))))
    z = (u - n * m / 2) / sd
    agree(found.pvalue, 2 * stats.norm.sf(abs(z)))
    add("mann_whitney", [weighted(control), weighted(treatment)], u, z, 2 * stats.norm.sf(abs(z)), u / (n * m))

# Sequential: gbstats knows a difference of means with its number of values.

for n, m, shift, alpha, tuning in [(100, 120, 0.3, 0.05, 5000), (4000, 3900, 0.2, 0.05, 5000), (900, 900, 0.0, 0.01, 800)]:
    control, treatment = rng.normal(10, 2, n), rng.normal(10 + shift, 2, m)
    a, b = (SampleMeanStatistic(n=len(x), sum=float(x.sum()), sum_squares=float((x**2).sum())) for x in (control, treatment))
    config = SequentialConfig(difference_type="absolute", alpha=alpha, sequential_tuning_parameter=tuning)
    test = SequentialTwoSidedTTest(a, b, config)
    variance, difference = float(test.variance), float(test.point_estimate)
    # Its rho is in standard deviations of a value; at the tuned size the variance is N / tuning times this one.
    scale = float(test.rho) * math.sqrt(variance * (n + m))
    low, high = test.confidence_interval
    add("scale_for", [variance * (n + m) / tuning, alpha], scale)
    add("half_width", [variance, scale, alpha], (high - low) / 2)
    add("sequential_p_value", [difference, variance, scale], test.p_value)
for difference, variance, scale in [(0.0, 1.0, 1.0), (5.0, 0.1, 0.5), (-3.0, 1e-4, 0.01), (1e-3, 1e-8, 1e-3), (0.2, 1e-9, 10.0)]:
    information, square = 1 / mpmath.mpf(variance), mpmath.mpf(scale) ** 2
    grown = 1 + information * square
    score = difference * information
    add("log_e", [difference, variance, scale], -mpmath.log(grown) / 2 + score**2 * square / (2 * grown))
    for level in [0.05, 1e-4]:
        width = mpmath.sqrt(grown / (information**2 * square) * mpmath.log(grown / mpmath.mpf(level) ** 2))
        add("half_width", [variance, scale, level], width)

# Bayes.

for n, m, shift, prior in [(60, 70, 0.3, None), (400, 380, -0.1, 0.2), (2000, 2100, 0.02, 0.05), (50, 50, 0.0, 1.0)]:
    control, treatment = rng.normal(5, 1, n), rng.normal(5 + shift, 1, m)
    a, b = (SampleMeanStatistic(n=len(x), sum=float(x.sum()), sum_squares=float((x**2).sum())) for x in (control, treatment))
    gaussian = GaussianPrior(mean=0, variance=prior**2 if prior else 1, proper=prior is not None)
    config = EffectBayesianConfig(difference_type="absolute", prior_type="absolute", prior_effect=gaussian)
    found = EffectBayesianABTest(a, b, config).compute_result()
    difference, variance = b.mean - a.mean, b.variance / b.n + a.variance / a.n
    mean, sd = found.uplift.mean, found.uplift.stddev
    add("posterior", [difference, variance, prior], mean, sd)
    add("chance_above_zero", [mean, sd], found.chance_to_win)
    # It lists the risk of keeping the control first.
    add("expected_loss", [mean, sd], found.risk[1], found.risk[0])
for mean, sd in [(0.0, 1.0), (3.0, 0.25), (-8.0, 0.5), (1e-4, 2.0), (30.0, 1.0)]:
    z = mpmath.mpf(mean) / sd
    # Of the better arm, where nothing cancels; the other one costs the difference more.
    loss = sd * mpmath.npdf(z) - abs(mean) * mpmath.ncdf(-abs(z))
    add("expected_loss", [mean, sd], loss + max(-mean, 0), loss + max(mean, 0))
    add("chance_above_zero", [mean, sd], mpmath.ncdf(z))


def beta_pair(control, treatment):
    """Chance and losses by quadrature over the range in which something happens."""
    one, other = stats.beta(*control), stats.beta(*treatment)
    # Where either is, in steps of its own quantiles, so that no peak is missed.
    steps = np.concatenate([[1e-15, 1e-10, 1e-6, 1e-3], np.linspace(0.02, 0.98, 25), [0.999]])
    cuts = np.unique(np.concatenate([one.ppf(steps), other.ppf(steps), one.isf(steps[:4]), other.isf(steps[:4]), [0.0, 1.0]]))

    def over(f):
        return math.fsum(
            integrate.quad(f, low, high, epsabs=0, epsrel=1e-10, limit=200)[0] for low, high in zip(cuts, cuts[1:])
        )

    chance = over(lambda x: other.pdf(x) * one.cdf(x))
    return chance, over(lambda x: other.cdf(x) * one.sf(x)), over(lambda x: one.cdf(x) * other.sf(x))


for control, treatment in [
    ((1, 1), (1, 1)), ((11, 91), (16, 86)), ((101, 901), (120, 880)), ((1001, 99_001), (1101, 98_901)),
    ((5, 1), (500, 80)), ((1.5, 2.5), (1e6, 2e6)), ((1e7, 9e8), (1.0005e7, 9e8)), ((2, 40_000), (9, 50_000)), ((30, 70), (70, 30)),
]:  # fmt: skip
    chance, treatment_loss, control_loss = beta_pair(control, treatment)
    add("beta_chance_better", [control, treatment], chance)
    add("beta_expected_loss", [control, treatment], treatment_loss, control_loss)

# Clusters.


def clusters(n, ones):
    before_den = np.ones(n) if ones else rng.poisson(4, n).astype(float)
    den = np.ones(n) if ones else rng.poisson(4, n) + 1.0
    level = rng.normal(10, 2, n)
    before_num = np.round(before_den * level + np.sqrt(before_den) * rng.normal(0, 1, n), 3)
    num = np.round(den * level + np.sqrt(den) * rng.normal(0, 1, n), 3)
    return num, den, before_num, before_den


def listed(arm):
    return [[float(x) for x in row] for row in zip(*arm)]


def mean_statistic(x):
    return SampleMeanStatistic(n=len(x), sum=float(x.sum()), sum_squares=float((x * x).sum()))


def residuals(num, den):
    """Linearised: their mean is 0, and the variance of their mean is that of the ratio."""
    return (num - num.sum() / den.sum() * den) / den.mean()


def covariance(x, y):
    return float(np.cov(x, y, ddof=1)[0, 1])


for n, m, ones in [(30, 25, True), (40, 60, False), (50, 45, False)]:
    arms = [clusters(n, ones), clusters(m, ones)]
    for num, den, before_num, before_den in arms:
        found = RatioStatistic(
            n=len(num), m_statistic=mean_statistic(num), d_statistic=mean_statistic(den), m_d_sum_of_products=float((num * den).sum())
        )
        add("ratio", [listed((num, den, before_num, before_den))], found.mean, found.variance / found.n, len(num) - 1)
    parts = [(residuals(a[0], a[1]), residuals(a[2], a[3])) for a in arms]
    theta = sum((x * y).sum() for x, y in parts) / sum((y * y).sum() for _, y in parts)
    add("theta", [listed(arms[0]), listed(arms[1])], theta)
    overall = sum(a[2].sum() for a in arms) / sum(a[3].sum() for a in arms)
    for arm, (x, y) in zip(arms, parts):
        num, den, before_num, before_den = arm
        if ones:
            # The textbook's: gbstats has it for means. It does not add the constant of both arms.
            found = RegressionAdjustedStatistic(
                n=len(num), post_statistic=mean_statistic(num), pre_statistic=mean_statistic(before_num),
                post_pre_sum_of_products=float((num * before_num).sum()), theta=float(theta),
            )  # fmt: skip
            mean, variance = found.mean + theta * overall, found.variance / found.n
        else:
            mean = num.sum() / den.sum() - theta * (before_num.sum() / before_den.sum() - overall)
            variance = (covariance(x, x) + theta**2 * covariance(y, y) - 2 * theta * covariance(x, y)) / len(num)
        add("adjusted", [listed(arm), theta, overall], mean, variance, len(num) - 1)

# Corrections.

for p_values in [[0.01], [0.01, 0.04, 0.03, 0.005], [0.2, 0.2, 0.9, 1.0, 0.0], [1e-9, 0.5, 0.049, 0.051, 0.01, 0.01, 0.3]]:
    for function, method in [("bonferroni", "bonferroni"), ("holm", "holm"), ("benjamini_hochberg", "fdr_bh")]:
        add(function, [p_values], *multipletests(p_values, method=method)[1])

# Power.

for difference, sd, n, ratio, level in [
    (0.2, 1.0, 400, 1.0, 0.05), (0.1, 2.0, 1000, 0.5, 0.01), (3.0, 7.0, 60, 3.0, 0.1), (0.001, 1.0, 100, 1.0, 0.05),
]:  # fmt: skip
    power = NormalIndPower().power(difference / sd, n, level, ratio=ratio)
    add("means_power", [difference, sd, n, ratio, level], power)
    for wanted in [0.5, 0.8, 0.99]:
        size = zt_ind_solve_power(effect_size=difference / sd, alpha=level, power=wanted, ratio=ratio)
        add("means_size", [difference, sd, ratio, level, wanted], size)
        effect = optimize.brentq(lambda x: NormalIndPower().power(x, n, level, ratio=ratio) - wanted, 1e-9, 50, xtol=1e-15, rtol=1e-14)
        add("means_effect", [sd, n, ratio, level, wanted], effect * sd)
for control, treatment, n, ratio, level in [
    (0.1, 0.12, 3000, 1.0, 0.05), (0.5, 0.4, 200, 2.0, 0.01), (0.02, 0.021, 100_000, 0.25, 0.05), (0.9, 0.95, 500, 1.0, 0.1),
]:  # fmt: skip

    def proportions_power(treatment, n):
        return power_proportions_2indep(control - treatment, treatment, n, ratio, level, return_results=False)

    add("proportions_power", [control, treatment, n, ratio, level], proportions_power(treatment, n))
    for wanted in [0.5, 0.8, 0.95]:
        size = optimize.brentq(lambda x: proportions_power(treatment, x) - wanted, 1e-3, 1e12, xtol=1e-12, rtol=1e-14, maxiter=1000)
        add("proportions_size", [control, treatment, ratio, level, wanted], size)
        top = 1 - control - 1e-9
        if proportions_power(control + top, n) > wanted:
            rise = optimize.brentq(lambda x: proportions_power(control + x, n) - wanted, 1e-9, top, xtol=1e-15, rtol=1e-14)
            add("proportions_effect", [control, n, ratio, level, wanted], rise)

# Bandits.


def best(arms):
    cuts = sorted({mean + step * sd for mean, sd in arms for step in (-12, -8, -5, -3, -2, -1, 0, 1, 2, 3, 5, 8, 12)})

    def density(x, i):
        others = math.prod(stats.norm.cdf(x, *arm) for j, arm in enumerate(arms) if j != i)
        return stats.norm.pdf(x, *arms[i]) * others

    return [
        math.fsum(integrate.quad(density, low, high, args=(i,), epsabs=1e-14, epsrel=1e-11)[0] for low, high in zip(cuts, cuts[1:]))
        for i in range(len(arms))
    ]


for arms in [
    [(0.0, 1.0), (0.0, 1.0)], [(1.0, 0.5), (1.4, 0.2), (0.2, 2.0)], [(10.0, 0.01), (10.005, 0.02), (9.0, 5.0), (10.0, 0.001)],
    [(0.0, 1.0), (6.0, 1.0)], [(0.1, 0.01), (0.11, 0.01), (0.12, 0.03), (0.09, 0.02), (0.105, 0.01)],
]:  # fmt: skip
    add("best_chances", [arms], *best(arms))
for arms, total in [([(0.5, 0.5, 10), (0.4, 0.49, 90)], 100), ([(3.0, 2.0, 1), (2.0, 1.0, 5), (4.0, 0.0, 3)], 9), ([(1.0, 1.0, 1)], 1)]:
    add("upper_bounds", [arms, total], *(mean + sd * math.sqrt(2 * math.log(total) / n) for mean, sd, n in arms))
for chances, floor, expected in [
    ([0.5, 0.5], 100, [5000, 5000]), ([0.9, 0.1], 500, [9000, 1000]), ([0.99, 0.01], 500, [9500, 500]),
    ([1 / 3, 1 / 3, 1 / 3], 0, [3334, 3333, 3333]), ([0.97, 0.02, 0.01], 150, [9651, 199, 150]),
    ([1.0, 0.0, 0.0], 5000, [3334, 3333, 3333]), ([0.0, 0.0], 10, [5000, 5000]), ([1.0], 0, [10000]),
]:  # fmt: skip
    add("shares", [chances, floor], *expected)

versions = {module.__name__: module.__version__ for module in (mpmath, np, scipy, statsmodels)}
versions["gbstats"] = getattr(gbstats, "__version__", None) or __import__("importlib.metadata").metadata.version("gbstats")
lines = [f' "versions": {json.dumps(versions, sort_keys=True)}']
for function, found in sorted(vectors.items()):
    rows = ",\n".join("  " + json.dumps(row, separators=(",", ":"), allow_nan=False) for row in found)
    lines.append(f" {json.dumps(function)}: [\n{rows}\n ]")
OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text("{\n" + ",\n".join(lines) + "\n}\n")
