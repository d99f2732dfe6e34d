//! Outcomes of requests that are named.

use noodle_deploy_core::machine::rollout::{AnalysisConfig, CanaryStep, RolloutMetric};
use noodle_deploy_core::{PredictOptions, TensorView};

use super::*;

impl Host {
    fn ask_as(&self, id: &str, key: Option<&str>, version: Option<&str>) -> String {
        let options = PredictOptions {
            request_id: Some(id.into()),
            key: key.map(str::to_owned),
            version: version.map(str::to_owned),
            ..PredictOptions::default()
        };
        let view = TensorView::new(&[1], &[1.0_f32]).unwrap();
        self.noodle.predict_with("m", &[("x", view)], &options).unwrap().version().to_owned()
    }
}

fn of_request(name: &str, id: &str, value: f64) -> Outcome {
    Outcome { name: name.into(), value, request_id: Some(id.into()), ..Outcome::default() }
}

fn counts(recorded: u32, held_out: u32, late: u32, unknown: u64) -> RecordedOutcomes {
    RecordedOutcomes { recorded, held_out, late, unknown }
}

#[test]
fn a_request_says_which_arm_it_was() {
    let host = host();
    host.begin(halves());
    let mut new = 0;
    for n in 0..200 {
        // With a key and without: the journal knows both.
        let key = format!("caller-{n}");
        new += u64::from(
            host.ask_as(&format!("r{n}"), Some(&key).filter(|_| n % 2 == 0).map(String::as_str), None) == "2.0.0",
        );
    }
    let outcomes = (0..210).map(|n| of_request("bought", &format!("r{n}"), 1.0)).collect();
    assert_eq!(host.record(outcomes).unwrap(), counts(200, 0, 0, 10));
    let found = &host.view().report.unwrap().comparisons[0];
    assert_eq!((found.control_values, found.arm_values), (200 - new, new));
    // Who asked for a version by name took no part.
    host.ask_as("pinned", None, Some("2.0.0"));
    assert_eq!(host.record(vec![of_request("bought", "pinned", 1.0)]).unwrap(), counts(0, 1, 0, 0));

    type Change = fn(&mut Outcome);
    let mistakes: [(&str, Change); 5] = [
        ("outcomes/0/request_id", |of| of.key = Some("k".into())),
        ("outcomes/0/request_id", |of| of.revision = Some(1)),
        ("outcomes/0/revision", |of| (of.key, of.revision) = (Some("k".into()), Some(1))),
        ("outcomes/0/request_id", |of| of.request_id = Some(String::new())),
        ("outcomes/0/request_id", |of| of.request_id = Some("r".repeat(257))),
    ];
    for (field, change) in mistakes {
        let mut wrong = of_request("bought", "r1", 1.0);
        change(&mut wrong);
        let error = host.record(vec![wrong]).unwrap_err();
        assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some(field)), "{error}");
    }

    // Requests of one experiment are not those of the next.
    host.noodle.call::<StopExperiment>(named()).unwrap();
    assert_eq!(host.record(vec![of_request("bought", "r1", 1.0)]).unwrap(), counts(0, 0, 1, 0));
    host.begin(CreateExperimentInput { name: "again".into(), ..halves() });
    assert_eq!(host.record(vec![of_request("bought", "r1", 1.0)]).unwrap(), counts(0, 0, 1, 0));
}

#[test]
fn a_request_says_which_revision_of_a_rollout_answered() {
    let host = host();
    let metrics = vec![RolloutMetric { name: "accuracy".into(), goal: Goal::Increase, margin: 0.05 }];
    let analysis = AnalysisConfig { metrics, latency_ratio: 1_000.0, ..AnalysisConfig::default() };
    let canary = CanaryConfig { steps: vec![CanaryStep::of(5_000)], analysis: Some(analysis) };
    host.noodle.call::<Deploy>(DeployInput { canary: Some(canary), ..DeployInput::new("m", "2.0.0") }).unwrap();
    (0..20).for_each(|n| drop(host.ask_as(&format!("r{n}"), Some(&format!("caller-{n}")), None)));
    let outcomes = (0..21).map(|n| of_request("accuracy", &format!("r{n}"), 1.0)).collect();
    assert_eq!(host.record(outcomes).unwrap(), counts(20, 0, 0, 1));
    let both = Outcome { revision: Some(2), ..outcome("accuracy", "caller-1", 1.0) };
    assert_eq!(host.record(vec![both]).unwrap_err().get("field"), Some("outcomes/0/revision"));
}
