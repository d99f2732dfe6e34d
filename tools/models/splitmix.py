"""splitmix64, the generator of every drawn number here: the same on every machine and with every NumPy."""

import numpy as np


def draws(seed, count):
    """The first `count` outputs of splitmix64 from `seed`."""
    with np.errstate(over="ignore"):
        step = np.uint64(0x9E3779B97F4A7C15)
        z = np.uint64(seed) + step * np.arange(1, count + 1, dtype=np.uint64)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def uniform(seed, shape, lo, hi):
    """float32 in [lo, hi), every operation rounded to float32."""
    count = int(np.prod(shape, dtype=np.int64))
    lo, hi = np.float32(lo), np.float32(hi)
    unit = (draws(seed, count) >> np.uint64(40)).astype(np.float32) / np.float32(1 << 24)
    return (lo + (hi - lo) * unit).reshape(shape)
