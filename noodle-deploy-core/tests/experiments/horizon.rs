//! Tests of an experiment that is looked at once.

use noodle_deploy_core::statistics::fixed::{independence, mann_whitney};

use super::*;

#[test]
fn further_tests_are_shown_at_the_horizon() {
    let host = host();
    let fixed = JudgementConfig { method: Some(Method::Fixed), horizon: Some(500), ..JudgementConfig::default() };
    let worth = metric("worth", MetricKind::Mean, MetricRole::Secondary);
    let half = MetricConfig {
        outcome: Some("worth".into()),
        quantile: Some(0.5),
        ..metric("half", MetricKind::Quantile, MetricRole::Secondary)
    };
    let latency = MetricConfig {
        outcome: Some("latency_ms".into()),
        ..metric("latency", MetricKind::Mean, MetricRole::Secondary)
    };
    let bought = metric("bought", MetricKind::Proportion, MetricRole::Primary);
    let arms = vec![arm("control", "1.0.0", 4_000), arm("twin", "1.0.0", 3_000), arm("new", "2.0.0", 3_000)];
    host.begin(CreateExperimentInput {
        arms,
        metrics: vec![bought, worth, half, latency],
        judgement: Some(fixed),
        ..halves()
    });
    assert!(host.view().report.unwrap().horizon.is_none(), "it is not due");
    // Both arms of the older version get the same: who is in which is asked of the library.
    let rng = SeededRng::new(4);
    let draw = || (rng.next() >> 11) as f64 / (1u64 << 53) as f64;
    let (mut outcomes, mut new, mut hits) = (Vec::new(), Vec::new(), [0.0; 2]);
    let mut old = Vec::new();
    for caller in 0..2_400u32 {
        let key = format!("caller-{caller}");
        let newer = host.ask(&key) == "2.0.0";
        let worth = 1.0 + draw() + if newer { 0.1 } else { 0.0 };
        let bought = f64::from(u8::from(draw() < if newer { 0.4 } else { 0.3 }));
        hits[usize::from(newer)] += bought;
        if newer { &mut new } else { &mut old }.push((worth, 1));
        outcomes.push(outcome("bought", &key, bought));
        outcomes.push(outcome("worth", &key, worth));
    }
    host.record(outcomes).unwrap();
    let view = host.view();
    let report = view.report.unwrap();
    assert!(report.due);
    let tests = report.horizon.unwrap();
    let [bought] = tests.proportions.as_slice() else { panic!("{tests:?}") };
    assert_eq!((bought.metric.as_str(), bought.df), ("bought", 2.0));
    // With both arms of the older version together there is one degree less, and nearly the same statistic.
    let (n, m) = (old.len() as f64, new.len() as f64);
    let (two, ..) = independence(&[vec![hits[0], n - hits[0]], vec![hits[1], m - hits[1]]]).unwrap();
    assert!(bought.statistic >= two && bought.statistic < two + 12.0 && bought.p_value < 0.05, "{bought:?}, {two}");

    let by =
        |metric: &str, arm: &str| tests.ranks.iter().find(|of| of.metric == metric && of.arm == arm).cloned().unwrap();
    // Two arms by worth, its median and the latency.
    assert_eq!(tests.ranks.len(), 6);
    let (twin, newer) = (by("worth", "twin"), by("worth", "new"));
    assert!(twin.z.abs() < 3.3 && (twin.superiority - 0.5).abs() < 0.06, "{twin:?}");
    // A tenth more on a uniform law of width one: 1/2 + 0.1 - 0.1²/2.
    assert!((newer.superiority - 0.595).abs() < 0.05 && newer.p_value < 1e-3, "{newer:?}");
    let exact = mann_whitney(&old, &new).unwrap();
    assert!((newer.superiority - exact.superiority).abs() < 0.03, "{newer:?}, {exact:?}");
    assert_eq!(by("half", "new").z, newer.z, "of the same values");
    assert!((0.0..=1.0).contains(&by("latency", "new").superiority));
    let text = view.text.unwrap();
    assert!(text.contains("bought, all arms: chi-square ") && text.contains("worth, new: Mann-Whitney U "), "{text}");
}

#[test]
fn a_look_at_any_time_has_no_tests_of_one_look() {
    let host = host();
    host.begin(halves());
    host.trade(0..400, 0.1, 0.3);
    assert!(host.view().report.unwrap().horizon.is_none());
}
