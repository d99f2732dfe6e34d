//! Requests that say something of themselves: where rules send them, and what is known of them later.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(all(feature = "engine-tract", feature = "store-sqlite", feature = "backend-local"))]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use noodle_deploy_core::machine::experiment::Goal;
use noodle_deploy_core::machine::rollout::{AnalysisConfig, CanaryConfig, CanaryStep, RolloutMetric, RolloutPhase};
use noodle_deploy_core::machine::rules::{RouteRule, RuleCondition, RuleTarget};
use noodle_deploy_core::ops::deployments::{
    Deploy, DeployInput, DeploymentRef, Promote, PromoteInput, Undeploy, UndeployInput,
};
use noodle_deploy_core::ops::rollout::{AbortRollout, GetRollout, RolloutInput};
use noodle_deploy_core::ops::routing::{
    Arm, ExplainRequest, ExplainRequestInput, ExplainRoute, ExplainRouteInput, Label, RecordLabels, RecordLabelsInput,
    RecordedLabels, RequestView, SetRules, SetRulesInput,
};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::settings::{JournalConfig, Strategy};
use noodle_deploy_core::tensor::TensorView;
use noodle_deploy_core::{ErrorKind, Noodle, PredictOptions, Prediction, Result, Settings};

const MODELS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/models");

struct Host {
    noodle: Noodle,
    dir: tempfile::TempDir,
}

fn open(dir: &Path, settings: Settings) -> Noodle {
    let settings = Settings { default_engine: Some("tract".into()), poll_interval_ms: 20, ..settings };
    Noodle::builder(dir.join("state")).settings(settings).open().unwrap()
}

/// The first of two models that detect languages serves, the second is there.
fn host_with(settings: Settings) -> Host {
    let dir = tempfile::tempdir().unwrap();
    let noodle = open(dir.path(), settings);
    for version in ["1", "2"] {
        let labels = std::fs::read_to_string(format!("{MODELS}/langid.labels.json")).unwrap();
        let input = RegisterVersionInput {
            model: "langid".into(),
            path: format!("{MODELS}/langid-v{version}.onnx"),
            version: Some(format!("{version}.0.0")),
            labels: serde_json::from_str(&labels).unwrap(),
            ..Default::default()
        };
        noodle.call::<RegisterVersion>(input).unwrap();
    }
    noodle.call::<Deploy>(DeployInput::new("langid", "1.0.0")).unwrap();
    Host { noodle, dir }
}

fn host() -> Host {
    host_with(Settings::default())
}

fn rule(attribute: &str, values: &[&str], to: RuleTarget, version: Option<&str>) -> RouteRule {
    let any_of = values.iter().map(|&value| value.to_owned()).collect();
    let when = vec![RuleCondition { attribute: attribute.into(), any_of }];
    RouteRule { when, to, version: version.map(str::to_owned) }
}

fn pairs(attributes: &[(&str, &str)]) -> Vec<(String, String)> {
    attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

impl Host {
    fn deploy(&self, version: &str, strategy: Strategy, canary: Option<CanaryConfig>) {
        let input = DeployInput { strategy: Some(strategy), canary, ..DeployInput::new("langid", version) };
        self.noodle.call::<Deploy>(input).unwrap();
    }

    fn set(&self, rules: Vec<RouteRule>) -> Result<Vec<RouteRule>> {
        self.noodle.call::<SetRules>(SetRulesInput { deployment: "langid".into(), rules }).map(|view| view.rules)
    }

    fn ask(&self, options: &PredictOptions) -> Result<Prediction> {
        let mut text = [0_i32; 512];
        text.iter_mut().zip(b"fn main() { println!(\"hello\"); }").for_each(|(to, from)| *to = i32::from(*from));
        self.noodle.predict_with("langid", &[("bytes", TensorView::new(&[1, 512], &text)?)], options)
    }

    /// The version that answers a request.
    fn version(&self, attributes: &[(&str, &str)]) -> String {
        let options = PredictOptions { attributes: pairs(attributes), ..PredictOptions::default() };
        self.ask(&options).unwrap().version().to_owned()
    }

    fn named(&self, id: &str, key: Option<&str>) -> Result<Prediction> {
        let key = key.map(str::to_owned);
        self.ask(&PredictOptions { request_id: Some(id.to_owned()), key, ..PredictOptions::default() })
    }

    fn explain(&self, attributes: &[(&str, &str)], at: Option<u64>) -> Result<Arm> {
        let attributes: BTreeMap<String, String> = pairs(attributes).into_iter().collect();
        let input = ExplainRouteInput { deployment: "langid".into(), key: "ada".into(), attributes, at };
        self.noodle.call::<ExplainRoute>(input)
    }

    fn request(&self, id: &str) -> Result<RequestView> {
        let input = ExplainRequestInput { deployment: "langid".into(), request_id: id.into() };
        self.noodle.call::<ExplainRequest>(input)
    }

    fn label(&self, labels: &[(&str, &str)]) -> RecordedLabels {
        let of = |(id, label): &(&str, &str)| Label { request_id: (*id).into(), label: (*label).into() };
        let labels = labels.iter().map(of).collect();
        self.noodle.call::<RecordLabels>(RecordLabelsInput { deployment: "langid".into(), labels }).unwrap()
    }
}

#[test]
fn the_first_rule_that_is_about_a_request_counts() {
    let host = host();
    host.deploy("2.0.0", Strategy::BlueGreen, None);
    let rules = vec![
        rule("segment", &["beta", "staff"], RuleTarget::Version, Some("2.0.0")),
        rule("region", &["eu"], RuleTarget::Serving, None),
        rule("region", &["eu", "us"], RuleTarget::Version, Some("2.0.0")),
    ];
    assert_eq!(host.set(rules.clone()).unwrap(), rules);
    assert_eq!(host.version(&[]), "1.0.0");
    assert_eq!(host.version(&[("segment", "beta")]), "2.0.0");
    assert_eq!(host.version(&[("other", "x"), ("segment", "staff")]), "2.0.0");
    assert_eq!(host.version(&[("segment", "free")]), "1.0.0");
    assert_eq!(host.version(&[("region", "eu")]), "1.0.0");
    assert_eq!(host.version(&[("region", "us")]), "2.0.0");
    // A pin says more than a rule.
    let pinned =
        PredictOptions { version: Some("1.0.0".into()), attributes: pairs(&[("region", "us")]), ..Default::default() };
    assert_eq!(host.ask(&pinned).unwrap().version(), "1.0.0");
    let arm = host.explain(&[("region", "us")], None).unwrap();
    assert_eq!((arm.version.as_str(), arm.weight), ("2.0.0", 10_000));
    assert_eq!(arm.reason, "rule 2 sends such requests to revision 2");
    // Rules outlive a restart, and what they name is loaded again.
    let Host { noodle, dir } = host;
    noodle.close();
    let host = Host { noodle: open(dir.path(), Settings::default()), dir };
    assert_eq!(host.version(&[("segment", "beta")]), "2.0.0");
    // None take those away that were there; a deployment that stops forgets its own.
    host.set(Vec::new()).unwrap();
    assert_eq!(host.version(&[("segment", "beta")]), "1.0.0");
    host.set(rules).unwrap();
    let begun = Instant::now();
    host.noodle.call::<Undeploy>(UndeployInput { deployment: "langid".into(), force: false }).unwrap();
    // Nothing runs, so nothing is waited for.
    assert!(begun.elapsed() < Duration::from_secs(10));
    host.deploy("1.0.0", Strategy::Immediate, None);
    assert_eq!(host.version(&[("segment", "beta")]), "1.0.0");
}

#[test]
fn several_conditions_have_to_be_met_together() {
    let host = host();
    host.deploy("2.0.0", Strategy::BlueGreen, None);
    let mut both = rule("a", &["1"], RuleTarget::Version, Some("2.0.0"));
    both.when.push(RuleCondition { attribute: "b".into(), any_of: vec!["2".into(), "3".into()] });
    host.set(vec![both]).unwrap();
    assert_eq!(host.version(&[("a", "1")]), "1.0.0");
    assert_eq!(host.version(&[("a", "1"), ("b", "4")]), "1.0.0");
    assert_eq!(host.version(&[("b", "3"), ("a", "1")]), "2.0.0");
}

#[test]
fn the_candidate_is_there_for_some_while_one_is_tried_and_they_take_no_part() {
    let host = host();
    host.set(vec![
        rule("segment", &["staff"], RuleTarget::Candidate, None),
        rule("segment", &["vip"], RuleTarget::Serving, None),
    ])
    .unwrap();
    assert_eq!(host.version(&[("segment", "staff")]), "1.0.0");
    let step = CanaryStep { min_requests: u32::MAX, ..CanaryStep::of(5_000) };
    host.deploy("2.0.0", Strategy::Canary, Some(CanaryConfig { steps: vec![step], analysis: None }));
    (0..20).for_each(|_| assert_eq!(host.version(&[("segment", "staff")]), "2.0.0"));
    (0..20).for_each(|_| assert_eq!(host.version(&[("segment", "vip")]), "1.0.0"));
    let others: Vec<String> = (0..40).map(|_| host.version(&[])).collect();
    assert!(others.contains(&"1.0.0".to_owned()) && others.contains(&"2.0.0".to_owned()));
    // Forty requests were divided, and no others are looked at.
    let deadline = Instant::now() + Duration::from_secs(30);
    let seen = || {
        let view = host.noodle.call::<GetRollout>(DeploymentRef { deployment: "langid".into() }).unwrap();
        view.findings.map(|f| f.candidate_requests + f.baseline_requests)
    };
    while seen().is_none() {
        assert!(Instant::now() < deadline);
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(seen().unwrap() <= 40);
    host.noodle.call::<AbortRollout>(RolloutInput { deployment: "langid".into(), reason: None }).unwrap();
    assert_eq!(host.version(&[("segment", "staff")]), "1.0.0");
}

#[test]
fn rules_that_make_no_sense_are_refused_by_field() {
    let host = host();
    let refused = |rules| host.set(rules).unwrap_err();
    let version = |version| rule("a", &["1"], RuleTarget::Version, version);
    let long = "x".repeat(257);
    let cases = [
        (vec![version(None)], "rules/0/version"),
        (vec![version(Some("2.0.0"))], "rules/0/version"),
        (vec![rule("a", &["1"], RuleTarget::Serving, Some("1.0.0"))], "rules/0/version"),
        (vec![rule("a", &[], RuleTarget::Serving, None)], "rules/0/when/0/any_of"),
        (vec![rule("a", &[&long], RuleTarget::Serving, None)], "rules/0/when/0/any_of"),
        (vec![rule("", &["1"], RuleTarget::Serving, None)], "rules/when/attribute"),
        (vec![RouteRule { when: Vec::new(), to: RuleTarget::Serving, version: None }], "rules/0/when"),
        (vec![rule("a", &["1"], RuleTarget::Serving, None); 33], "rules"),
    ];
    for (rules, field) in cases {
        let error = refused(rules);
        assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some(field)), "{error}");
    }
    assert_eq!(refused(vec![version(Some("9.9.9"))]).kind(), ErrorKind::NotFound);
    host.noodle.call::<Undeploy>(UndeployInput { deployment: "langid".into(), force: false }).unwrap();
    assert_eq!(refused(vec![rule("a", &["1"], RuleTarget::Serving, None)]).kind(), ErrorKind::Conflict);
}

#[test]
fn a_request_with_a_name_is_known_later_and_the_oldest_go_first() {
    let host = host_with(Settings {
        journal: Some(JournalConfig { requests: 3, ..Default::default() }),
        ..Settings::default()
    });
    let unknown = host.request("a").unwrap_err();
    assert_eq!((unknown.kind(), unknown.get("since")), (ErrorKind::NotFound, Some("nothing is remembered")));
    for id in ["a", "b", "c"] {
        host.named(id, None).unwrap();
    }
    let a = host.request("a").unwrap();
    assert_eq!((a.revision, a.version.as_str(), a.error.as_deref()), (1, "1.0.0", None));
    assert!(a.label.is_some());
    host.named("d", None).unwrap();
    let gone = host.request("a").unwrap_err();
    assert_eq!(gone.get("since"), Some(host.request("b").unwrap().at.to_string().as_str()));
    // What comes again means the latest.
    host.named("b", None).unwrap();
    host.named("e", None).unwrap();
    assert!(host.request("b").is_ok());
    for id in ["", &"x".repeat(257)] {
        assert_eq!(host.named(id, None).unwrap_err().get("field"), Some("request_id"));
    }
    // One that fails is known as such.
    let view = TensorView::new(&[1, 1], &[0_i32]).unwrap();
    let options = PredictOptions { request_id: Some("f".into()), ..PredictOptions::default() };
    host.noodle.predict_with("langid", &[("absent", view)], &options).unwrap_err();
    assert_eq!(host.request("f").unwrap().error.as_deref(), Some("invalid_argument"));
}

#[test]
fn labels_find_their_requests_and_decide_a_rollout() {
    let host = host();
    let found = host.named("first", None).unwrap().top(1).unwrap()[0][0].0.to_owned();
    let done = host.label(&[("first", &found), ("first", &found), ("absent", "x")]);
    assert_eq!((done.known, done.right, done.recorded, done.unknown), (1, 1, 0, 2));
    let metrics = vec![RolloutMetric { name: "accuracy".into(), goal: Goal::Increase, margin: 0.05 }];
    let analysis = AnalysisConfig { metrics, latency_ratio: 1_000.0, ..AnalysisConfig::default() };
    let step = CanaryStep { min_requests: 50, ..CanaryStep::of(5_000) };
    host.deploy("2.0.0", Strategy::Canary, Some(CanaryConfig { steps: vec![step], analysis: Some(analysis) }));
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut n = 0;
    let ended = loop {
        let view = host.noodle.call::<GetRollout>(DeploymentRef { deployment: "langid".into() }).unwrap();
        let rollout = view.rollout.unwrap();
        if !rollout.phase.is_under_way() {
            break rollout;
        }
        assert!(Instant::now() < deadline, "{rollout:#?}");
        for _ in 0..50 {
            n += 1;
            let id = format!("request-{n}");
            let answer = host.named(&id, Some(&id)).unwrap();
            let right = answer.version() == "1.0.0" || n % 2 == 0;
            let label = if right { answer.top(1).unwrap()[0][0].0.to_owned() } else { "another".to_owned() };
            assert_eq!(host.label(&[(&id, &label)]).known, 1);
        }
    };
    assert_eq!(ended.phase, RolloutPhase::Aborted, "{ended:#?}");
    assert!(ended.reason.contains("its accuracy is 0."), "{}", ended.reason);
}

#[test]
fn who_answered_at_some_time_is_computed_again_from_the_log() {
    let host = host();
    let now = || {
        std::thread::sleep(Duration::from_millis(5));
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as u64;
        std::thread::sleep(Duration::from_millis(5));
        now
    };
    let first = now();
    let step = CanaryStep { min_requests: u32::MAX, ..CanaryStep::of(9_999) };
    host.deploy("2.0.0", Strategy::Canary, Some(CanaryConfig { steps: vec![step], analysis: None }));
    let tried = now();
    let live = host.explain(&[], None).unwrap();
    host.set(vec![rule("segment", &["vip"], RuleTarget::Serving, None)]).unwrap();
    let ruled = now();
    host.noodle.call::<Promote>(PromoteInput { deployment: "langid".into(), version: Some("2.0.0".into()) }).unwrap();
    let at = |attributes: &[(&str, &str)], at| host.explain(attributes, Some(at)).unwrap();
    assert_eq!((at(&[], first).version.as_str(), at(&[], first).weight), ("1.0.0", 10_000));
    assert_eq!(at(&[], tried), live);
    assert_eq!(live.version, "2.0.0");
    assert_eq!(at(&[("segment", "vip")], tried).version, "2.0.0");
    assert_eq!(at(&[("segment", "vip")], ruled).version, "1.0.0");
    assert_eq!(at(&[("segment", "vip")], now()).version, "2.0.0");
    assert_eq!(host.explain(&[], Some(1)).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn what_serves_in_one_place_is_deployed_in_another_as_it_is_there() {
    let host = host();
    let staging = DeployInput {
        model: Some("langid".into()),
        threads: 2,
        shapes: vec![BTreeMap::from([("bytes".to_owned(), vec![1, 512])])],
        ..DeployInput::new("staging", "2.0.0")
    };
    host.noodle.call::<Deploy>(staging).unwrap();
    let from = |name: &str| DeployInput { from: Some(name.into()), ..DeployInput::new("production", "latest") };
    let view = host.noodle.call::<Deploy>(from("staging")).unwrap();
    let revision = view.desired.active_revision().unwrap();
    assert_eq!((view.serving.as_deref(), revision.threads, revision.shapes.len()), (Some("2.0.0"), 2, 1));
    let twice = DeployInput { version: "1.0.0".into(), ..from("staging") };
    assert_eq!(host.noodle.call::<Deploy>(twice).unwrap_err().get("field"), Some("version"));
    assert_eq!(host.noodle.call::<Deploy>(from("absent")).unwrap_err().kind(), ErrorKind::NotFound);
    host.noodle.call::<Undeploy>(UndeployInput { deployment: "staging".into(), force: false }).unwrap();
    assert_eq!(host.noodle.call::<Deploy>(from("staging")).unwrap_err().kind(), ErrorKind::Conflict);
}
