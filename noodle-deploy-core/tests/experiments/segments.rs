//! Parts of the callers, by what their requests say of themselves.

use std::collections::BTreeMap;

use noodle_deploy_core::machine::experiment::segments::SegmentComparison;
use noodle_deploy_core::{PredictOptions, TensorView};

use super::*;

fn said(country: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("country".to_owned(), country.to_owned())])
}

impl Host {
    /// Asks as a caller from somewhere.
    fn ask_from(&self, key: &str, country: &str) -> String {
        let options = PredictOptions {
            key: Some(key.into()),
            attributes: vec![("country".into(), country.into())],
            ..PredictOptions::default()
        };
        let view = TensorView::new(&[1], &[1.0_f32]).unwrap();
        self.noodle.predict_with("m", &[("x", view)], &options).unwrap().version().to_owned()
    }

    fn segments(&self) -> Vec<SegmentComparison> {
        self.view().report.unwrap().segments
    }
}

#[test]
fn an_effect_that_has_two_signs_is_found_in_its_segments() {
    let host = host();
    let latency = MetricConfig {
        outcome: Some("latency_ms".into()),
        goal: Goal::Decrease,
        ..metric("latency", MetricKind::Mean, MetricRole::Secondary)
    };
    let failed =
        MetricConfig { goal: Goal::Decrease, ..metric("failed", MetricKind::Proportion, MetricRole::Secondary) };
    let quantile = MetricConfig {
        outcome: Some("bought".into()),
        quantile: Some(0.5),
        ..metric("half", MetricKind::Quantile, MetricRole::Secondary)
    };
    let ratio =
        MetricConfig { per: Some("visits".into()), ..metric("spent", MetricKind::Ratio, MetricRole::Secondary) };
    let bought = metric("bought", MetricKind::Proportion, MetricRole::Primary);
    host.begin(CreateExperimentInput {
        metrics: vec![bought, ratio, latency, failed, quantile],
        segments: vec!["country".into()],
        ..halves()
    });
    assert!(host.segments().is_empty());
    let rng = SeededRng::new(8);
    let draw = || (rng.next() >> 11) as f64 / (1u64 << 53) as f64;
    let mut outcomes = Vec::new();
    for caller in 0..6_000u32 {
        let (key, country) = (format!("caller-{caller}"), if caller % 2 == 0 { "de" } else { "fr" });
        let new = host.ask_from(&key, country) == "2.0.0";
        // Better by as much as worse.
        let chance = 0.3
            + if !new {
                0.0
            } else if country == "de" {
                0.1
            } else {
                -0.1
            };
        let visits = 1.0 + f64::from(caller % 3);
        let of = |name: &str, value| Outcome { attributes: said(country), ..outcome(name, &key, value) };
        outcomes.push(of("bought", f64::from(u8::from(draw() < chance))));
        outcomes.push(of("visits", visits));
        outcomes.push(of("spent", visits * (2.0 + draw())));
    }
    // Of some nothing is known.
    (0..100).for_each(|n| outcomes.push(outcome("bought", &format!("other-{n}"), 1.0)));
    for part in outcomes.chunks(10_000) {
        host.record(part.to_vec()).unwrap();
    }
    let view = host.view();
    let report = view.report.unwrap();
    assert_eq!(report.comparisons[0].finding, Finding::Inconclusive, "{:#?}", report.comparisons[0]);
    assert!(report.leader.is_none(), "segments decide nothing");
    let by = |metric: &str, country: &str| {
        let found =
            report.segments.iter().find(|of| of.comparison.metric == metric && of.value.as_deref() == Some(country));
        found.unwrap().comparison.clone()
    };
    assert_eq!((by("bought", "de").finding, by("bought", "fr").finding), (Finding::Better, Finding::Worse));
    let f = by("bought", "de").figures.unwrap();
    assert!((f.control - 0.3).abs() < 0.04 && (f.difference - 0.1).abs() < 0.05 && f.low > 0.0, "{f:?}");
    assert!(f.adjusted_p_value > f.p_value, "corrected for all of them");
    assert_eq!(by("bought", "de").control_values + by("bought", "de").arm_values, 3_000);
    // What the library counts itself is there too.
    for metric in ["latency", "failed"] {
        let of = by(metric, "fr");
        assert_eq!(of.control_values + of.arm_values, 3_000, "{of:?}");
    }
    assert!(by("latency", "de").figures.unwrap().control > 0.0);
    let spent = by("spent", "de").figures.unwrap();
    assert!((spent.control - 2.5).abs() < 0.05 && spent.low < 0.0 && spent.high > 0.0, "{spent:?}");
    // Two values by four metrics: quantiles are not compared, and there is no rest.
    assert_eq!(report.segments.len(), 8);
    let text = view.text.unwrap();
    assert!(text.contains("segments (exploratory") && text.contains("country \"fr\", bought, treatment: "), "{text}");
}

#[test]
fn values_without_end_stay_bounded() {
    let host = host();
    host.begin(CreateExperimentInput { segments: vec!["country".into(), "plan".into()], ..halves() });
    let outcomes: Vec<_> = (0..10_000u32)
        .map(|n| Outcome { attributes: said(&format!("land-{n}")), ..outcome("bought", &format!("c{n}"), 1.0) })
        .collect();
    host.record(outcomes).unwrap();
    let segments = host.segments();
    assert_eq!(segments.len(), 17, "sixteen and the rest");
    let values: u64 = segments.iter().map(|of| of.comparison.control_values + of.comparison.arm_values).sum();
    assert_eq!(values, 10_000);
    let rest = segments.iter().find(|of| of.value.is_none()).unwrap();
    assert!(rest.comparison.control_values > 4_500, "{rest:?}");
    assert!(host.view().text.unwrap().contains("country others, bought, treatment: "));

    // The same after a restart, where other values come first.
    let before = segments.len();
    let Host { noodle, script, dir } = host;
    drop(noodle);
    let host = Host { noodle: open(dir.path(), &script), script, dir };
    assert_eq!(host.segments().len(), before, "what was counted is there");
    let more: Vec<_> = (0..1_000u32)
        .map(|n| Outcome { attributes: said(&format!("more-{n}")), ..outcome("bought", &format!("c{n}"), 1.0) })
        .collect();
    host.record(more).unwrap();
    let segments = host.segments();
    let values: u64 = segments.iter().map(|of| of.comparison.control_values + of.comparison.arm_values).sum();
    assert_eq!((segments.len(), values), (17, 11_000));
}

#[test]
fn a_mistake_in_segments_names_its_field() {
    let host = host();
    let refused = |segments: &[&str], metrics: usize| {
        let segments = segments.iter().map(|name| (*name).to_owned()).collect();
        let of = |n| metric(&format!("m{n}"), MetricKind::Mean, MetricRole::Primary);
        let metrics = (0..metrics).map(of).collect();
        let error = host.noodle.call::<CreateExperiment>(CreateExperimentInput { segments, metrics, ..halves() });
        let error = error.unwrap_err();
        (error.kind(), error.get("field").unwrap_or_default().to_owned())
    };
    let invalid = |field: &str| (ErrorKind::InvalidArgument, field.to_owned());
    assert_eq!(refused(&["a", "b", "c", "d", "e"], 1), invalid("segments"));
    assert_eq!(refused(&["a b"], 1), invalid("segments"));
    assert_eq!(refused(&["a", "a"], 1), invalid("segments/1"));
    // 4 attributes, 17 values each, 16 metrics, one arm beside the control.
    assert_eq!(refused(&["a", "b", "c", "d"], 16), invalid("segments"));
    host.begin(CreateExperimentInput { segments: vec!["country".into()], ..halves() });
    let long = Outcome { attributes: said(&"x".repeat(257)), ..outcome("bought", "k", 1.0) };
    assert_eq!(host.record(vec![long]).unwrap_err().get("field"), Some("outcomes/0/attributes"));
    let many = (0..65).map(|n| (format!("a{n}"), String::new())).collect();
    let many = Outcome { attributes: many, ..outcome("bought", "k", 1.0) };
    assert_eq!(host.record(vec![many]).unwrap_err().get("field"), Some("outcomes/0/attributes"));
}
