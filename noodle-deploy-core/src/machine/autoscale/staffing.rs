//! From demand to servers: Erlang's delay formula.

/// Shares of requests that may wait longer than a time, for each number of servers in turn.
///
/// Erlang B by its recursion `B(n) = a·B(n−1) / (n + a·B(n−1))`, Erlang C from it, and the tail of the wait
/// `P(W > t) = C(n, a)·exp(−(n − a)·t / (s·v))` (Erlang 1917; Cooper, *Introduction to Queueing Theory*, 1981). The
/// factor `v` stretches the wait for arrivals and service times that vary otherwise than exponentially, as the
/// approximation of Allen and Cunneen does for its mean: half the sum of the squared coefficients of variation.
pub(super) struct Delay {
    /// Offered load: arrivals times service time.
    pub erlangs: f64,
    /// The wait that is allowed over the mean service time.
    pub wait: f64,
    /// The factor `v`.
    pub variability: f64,
}

/// Servers beyond which the recursion is not run: among so many, the share that waits goes from all to one in ten
/// thousand within four roots of the load (Halfin and Whitt 1981).
const MANY: f64 = 8_192.0;

impl Delay {
    /// Servers of a large group that let next to nobody wait.
    fn enough(&self) -> f64 {
        self.erlangs + 4.0 * self.erlangs.sqrt()
    }

    /// Share of requests that wait too long with `servers`; 1 where they cannot keep up.
    pub fn late(&self, servers: f64) -> f64 {
        if servers <= self.erlangs {
            return 1.0;
        }
        if servers > MANY {
            return if servers >= self.enough() { 0.0 } else { 1.0 };
        }
        let mut late = 1.0;
        self.each(servers as u64, |_, share| {
            late = share;
            false
        });
        late
    }

    /// The fewest groups of `slots` servers, up to `most`, with which at most the share `allowed` waits too long.
    pub fn fewest(&self, slots: u32, most: u32, allowed: f64) -> u32 {
        if self.erlangs >= f64::from(slots) * f64::from(most) {
            return most;
        }
        if self.erlangs > MANY {
            return ((self.enough() / f64::from(slots)).ceil() as u32).min(most);
        }
        let mut found = most;
        self.each(u64::from(slots) * u64::from(most), |servers, late| {
            let fits = servers % u64::from(slots) == 0 && late <= allowed;
            if fits {
                found = (servers / u64::from(slots)) as u32;
            }
            fits
        });
        found
    }

    fn each(&self, servers: u64, mut stop: impl FnMut(u64, f64) -> bool) {
        let a = self.erlangs;
        let mut blocked = 1.0;
        for n in 1..=servers {
            let spare = n as f64 - a;
            blocked = a * blocked / (n as f64 + a * blocked);
            let late = if spare <= 0.0 {
                1.0
            } else {
                let waits = blocked / (1.0 - (a / n as f64) * (1.0 - blocked));
                waits * (-spare * self.wait / self.variability).exp()
            };
            if stop(n, late) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of Erlang C from its defining sum.
    #[test]
    fn the_share_that_waits_is_that_of_erlang_c() {
        for (servers, erlangs) in [(1_u32, 0.5_f64), (2, 1.0), (5, 4.0), (10, 8.0), (40, 35.0)] {
            let (mut term, mut sum) = (1.0, 0.0);
            for k in 0..servers {
                sum += term;
                term *= erlangs / f64::from(k + 1);
            }
            let waits = term * f64::from(servers) / (f64::from(servers) - erlangs);
            let delay = Delay { erlangs, wait: 0.0, variability: 1.0 };
            let mut found = f64::NAN;
            delay.each(u64::from(servers), |_, late| {
                found = late;
                false
            });
            assert!((found - waits / (sum + waits)).abs() < 1e-9, "{servers} servers, {erlangs} erlangs: {found}");
        }
    }

    #[test]
    fn more_servers_and_more_patience_help_and_more_load_hurts() {
        let fewest = |erlangs, wait| Delay { erlangs, wait, variability: 1.0 }.fewest(4, 100, 0.01);
        assert!(fewest(10.0, 0.5) <= fewest(12.0, 0.5));
        assert!(fewest(10.0, 2.0) <= fewest(10.0, 0.5));
        let delay = Delay { erlangs: 10.0, wait: 0.5, variability: 1.0 };
        assert_eq!(delay.late(10.0), 1.0);
        assert!(delay.late(12.0) > delay.late(13.0));
        let n = delay.fewest(4, 100, 0.01);
        assert!(delay.late(f64::from(n * 4)) <= 0.01 && delay.late(f64::from((n - 1) * 4)) > 0.01);
    }

    /// A large group needs a smaller share of spare servers than a small one for the same promise.
    #[test]
    fn large_groups_run_fuller() {
        let use_of =
            |erlangs: f64| erlangs / f64::from(Delay { erlangs, wait: 0.5, variability: 1.0 }.fewest(1, 1_000, 0.01));
        assert!(use_of(2.0) < 0.5 && use_of(20.0) > 0.65 && use_of(200.0) > 0.9);
    }

    #[test]
    fn the_rule_for_many_servers_meets_the_recursion() {
        let fewest = |erlangs| f64::from(Delay { erlangs, wait: 0.0, variability: 1.0 }.fewest(1, 20_000, 1e-4));
        let (below, above) = (fewest(MANY - 1.0), fewest(MANY + 1.0));
        assert!(above >= below && above < below * 1.01, "{below}, {above}");
    }

    #[test]
    fn a_load_that_nothing_can_carry_takes_all_there_is() {
        assert_eq!(Delay { erlangs: 1e12, wait: 1.0, variability: 1.0 }.fewest(4, 16, 0.01), 16);
        assert_eq!(Delay { erlangs: 0.0, wait: 0.0, variability: 1.0 }.fewest(4, 16, 0.01), 1);
    }
}
