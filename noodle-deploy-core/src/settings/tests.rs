use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;

use super::*;

fn apply(settings: &mut Settings, pairs: &[(&str, &str)]) -> Result<()> {
    let map: BTreeMap<&str, OsString> = pairs.iter().map(|(k, v)| (*k, OsString::from(v))).collect();
    settings.apply_env(&|name| map.get(name).cloned())
}

#[test]
fn defaults_are_valid_and_round_trip() {
    let settings = Settings::default();
    settings.validate().unwrap();
    let json = serde_json::to_string(&settings).unwrap();
    assert_eq!(serde_json::from_str::<Settings>(&json).unwrap(), settings);
    assert_eq!(serde_json::from_str::<Settings>("{}").unwrap(), settings);
    assert!(serde_json::from_str::<Settings>(r#"{"max_queues": 1}"#).is_err());
}

#[test]
fn every_field_has_a_variable_and_every_variable_a_field() {
    let json = serde_json::to_value(Settings::default()).unwrap();
    let fields: BTreeSet<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let rows: BTreeSet<&str> = VARIABLES.iter().filter_map(Variable::field).collect();
    assert_eq!(fields, rows);
    let names: BTreeSet<&str> = VARIABLES.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), VARIABLES.len());
    assert!(names.iter().all(|name| name.starts_with("NOODLE_")));
}

#[test]
fn every_variable_refuses_a_bad_value_and_changes_nothing() {
    for row in VARIABLES {
        for bad in ["\u{7}?!", "", "-1", "18446744073709551616"] {
            let text_is_fine = match row.name {
                "NOODLE_AI_DEPLOYMENT_TARGET"
                | "NOODLE_ENGINE"
                | "NOODLE_ONNXRUNTIME"
                | "NOODLE_ACTOR"
                | "NOODLE_ENV"
                | "NOODLE_DB_HOST" => !["\u{7}?!", ""].contains(&bad),
                _ => false,
            };
            if text_is_fine {
                continue;
            }
            let mut settings = Settings::default();
            let other = if row.name == "NOODLE_MAX_QUEUE" { "NOODLE_WORKERS" } else { "NOODLE_MAX_QUEUE" };
            let error = apply(&mut settings, &[(other, "7"), (row.name, bad)]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{} = {bad:?}", row.name);
            assert_eq!(error.get("field"), Some(row.name));
            assert_eq!(error.get("value"), Some(bad));
            assert_eq!(error.get("allowed"), Some(row.allowed));
            assert_eq!(settings, Settings::default(), "{} was half applied", row.name);
        }
    }
}

#[test]
fn every_variable_takes_a_good_value() {
    let pairs = [
        ("NOODLE_AI_DEPLOYMENT_ENABLED", "no"),
        ("NOODLE_AI_DEPLOYMENT_TARGET", "my-backend"),
        ("NOODLE_AI_DEPLOYMENT_STRATEGY", "blue_green"),
        ("NOODLE_ENGINE", "tract"),
        ("NOODLE_ONNXRUNTIME", "/opt/libonnxruntime.so"),
        ("NOODLE_ONNXRUNTIME_PROVIDERS", "cuda, cpu"),
        ("NOODLE_AI_SCALE_ENABLED", "0"),
        ("NOODLE_MONITORING_ENABLED", "true"),
        ("NOODLE_AI_MONITORING_ENABLED", "off"),
        ("NOODLE_AI_MAX_DEPLOYMENTS", "10"),
        ("NOODLE_AI_MAX_CONCURRENT", "5"),
        ("NOODLE_AI_TIMEOUT_SECONDS", "12.5"),
        ("NOODLE_AI_METRICS_INTERVAL", "60"),
        ("NOODLE_AI_AUDIT_LOGGING", "true"),
        ("NOODLE_MEMORY_BUDGET_BYTES", "512MiB"),
        ("NOODLE_PLAN_CACHE_BYTES", "0"),
        ("NOODLE_SPECIALISE", "false"),
        ("NOODLE_MAX_ARTIFACT_BYTES", "2GB"),
        ("NOODLE_MAX_QUEUE", "0"),
        ("NOODLE_MAX_REPLICAS", "3"),
        ("NOODLE_WORKERS", "4"),
        ("NOODLE_DRAIN_TIMEOUT_MS", "1"),
        ("NOODLE_SHADOW_CPU_PERCENT", "20"),
        ("NOODLE_RECORDING_REQUESTS", "9"),
        ("NOODLE_RECORDING_BYTES", "2MiB"),
        ("NOODLE_RECORDING_MS", "2000"),
        ("NOODLE_JOURNAL_REQUESTS", "7"),
        ("NOODLE_JOURNAL_MS", "1000"),
        ("NOODLE_POLL_INTERVAL_MS", "250"),
        ("NOODLE_RETAIN_EVENTS", "1000"),
        ("NOODLE_HEARTBEAT_MS", "2000"),
        ("NOODLE_LEASE_TTL_MS", "4001"),
        ("NOODLE_KEEP_WARM", "2"),
        ("NOODLE_FAILURES_TO_ERROR", "1"),
        ("NOODLE_READ_ONLY", "yes"),
        ("NOODLE_ALLOW_NETWORK_FS", "yes"),
        ("NOODLE_ALLOW_UNVERIFIED", "yes"),
        ("NOODLE_LOAD_ON_OPEN", "no"),
        ("NOODLE_ACTOR", "Ada L."),
        ("NOODLE_REDIS_URL", "redis://localhost:6379/1"),
        ("NOODLE_LOADING", "on_demand"),
        ("NOODLE_LOG_LEVEL", "DEBUG"),
        ("NOODLE_AI_ENCRYPTION_ENABLED", "false"),
        ("NOODLE_AI_SECURITY_ENABLED", "0"),
        ("NOODLE_AI_WEBSOCKET_ENABLED", "off"),
        ("NOODLE_GPU_ENABLED", "no"),
        ("NOODLE_ENV", "production"),
        ("NOODLE_PORT", "8080"),
        ("NOODLE_DB_HOST", "db.example.org"),
        ("NOODLE_DB_MAX_CONNECTIONS", "20"),
    ];
    assert_eq!(pairs.len(), VARIABLES.len());
    let mut settings = Settings::default();
    apply(&mut settings, &pairs).unwrap();
    let expected = Settings {
        enabled: false,
        default_target: "my-backend".to_owned(),
        default_strategy: Strategy::BlueGreen,
        default_engine: Some("tract".to_owned()),
        scale_enabled: false,
        monitoring_enabled: false,
        max_deployments: Some(10),
        max_concurrent: Some(5),
        memory_budget_bytes: Some(512 << 20),
        plan_cache_bytes: 0,
        specialise: false,
        max_artifact_bytes: 2_000_000_000,
        max_queue: 0,
        max_replicas: 3,
        workers: 4,
        drain_timeout_ms: 1,
        poll_interval_ms: 250,
        retain_events: Some(1000),
        heartbeat_ms: 2000,
        lease_ttl_ms: 4001,
        keep_warm: 2,
        failures_to_error: 1,
        read_only: true,
        allow_network_fs: true,
        allow_unverified: true,
        load_on_open: false,
        actor: "Ada L.".to_owned(),
        onnxruntime: Some("/opt/libonnxruntime.so".to_owned()),
        onnxruntime_providers: vec!["cuda".to_owned(), "cpu".to_owned()],
        cache_redis_url: Some("redis://localhost:6379/1".to_owned()),
        default_loading: Loading::OnDemand,
        journal: Some(JournalConfig { requests: 7, ms: 1_000 }),
        shadow_cpu_percent: 20,
        recording: Some(RecordingConfig { requests: 9, bytes: 2 << 20, ms: 2_000 }),
    };
    assert_eq!(settings, expected);
    apply(&mut settings, &[("NOODLE_AI_MAX_DEPLOYMENTS", "none"), ("NOODLE_MEMORY_BUDGET_BYTES", "none")]).unwrap();
    assert_eq!((settings.max_deployments, settings.memory_budget_bytes), (None, None));
    assert_eq!(settings.max_concurrent, Some(5));
}

#[test]
fn missing_features_cannot_be_switched_on() {
    for row in VARIABLES {
        if let Scope::Missing { feature } = row.scope {
            let mut settings = Settings::default();
            let error = apply(&mut settings, &[("NOODLE_KEEP_WARM", "3"), (row.name, "true")]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            assert!(error.message().contains(feature));
            assert_eq!(error.get("field"), Some(row.name));
            assert_eq!(error.get("value"), Some("true"));
            assert_eq!(settings, Settings::default());
        }
    }
    let error = apply(&mut Settings::default(), &[("NOODLE_AI_DEPLOYMENT_TARGET", "kubernetes")]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(error.get("value"), Some("kubernetes"));
}

#[test]
fn a_password_is_not_repeated() {
    let mut settings = Settings::default();
    for bad in ["http://user:secret@host:1/2", "redis://user:secret@ho\u{7}st"] {
        let error = apply(&mut settings, &[("NOODLE_REDIS_URL", bad)]).unwrap_err();
        assert_eq!(error.get("value").map(|value| value.contains("://…@ho")), Some(true), "{error}");
        assert!(!format!("{error:?}").contains("secret"));
        let error = Settings { cache_redis_url: Some(bad.to_owned()), ..Settings::default() }.validate().unwrap_err();
        assert_eq!(error.get("field"), Some("cache_redis_url"));
        assert!(!format!("{error:?}").contains("secret"));
    }
    apply(&mut settings, &[("NOODLE_REDIS_URL", "redis://u:p@h")]).unwrap();
    apply(&mut settings, &[("NOODLE_REDIS_URL", "none")]).unwrap();
    assert_eq!(settings, Settings::default());
}

#[test]
fn unknown_names_are_left_alone() {
    let mut settings = Settings::default();
    apply(&mut settings, &[("NOODLE_SOMETHING_ELSE", "\u{7}")]).unwrap();
    assert_eq!(settings, Settings::default());
}

#[cfg(unix)]
#[test]
fn text_that_is_not_unicode_is_an_error() {
    use std::os::unix::ffi::OsStringExt;
    let error = Settings::default()
        .apply_env(&|name| (name == "NOODLE_ACTOR").then(|| OsString::from_vec(vec![0x66, 0xff])))
        .unwrap_err();
    assert_eq!(error.get("field"), Some("NOODLE_ACTOR"));
    assert_eq!(error.get("value"), Some("f\u{fffd}"));
}

#[test]
fn ranges_name_the_field() {
    let base = Settings::default;
    for (settings, field, value) in [
        (Settings { default_target: "Kube!".to_owned(), ..base() }, "default_target", "Kube!"),
        (Settings { max_deployments: Some(0), ..base() }, "max_deployments", "0"),
        (Settings { max_concurrent: Some(0), ..base() }, "max_concurrent", "0"),
        (Settings { memory_budget_bytes: Some(1), ..base() }, "memory_budget_bytes", "1"),
        (Settings { max_artifact_bytes: 0, ..base() }, "max_artifact_bytes", "0"),
        (Settings { max_queue: u32::MAX, ..base() }, "max_queue", "4294967295"),
        (Settings { max_replicas: 0, ..base() }, "max_replicas", "0"),
        (Settings { workers: 1025, ..base() }, "workers", "1025"),
        (Settings { poll_interval_ms: 9, ..base() }, "poll_interval_ms", "9"),
        (Settings { poll_interval_ms: 251, ..base() }, "poll_interval_ms", "251"),
        (Settings { retain_events: Some(0), ..base() }, "retain_events", "0"),
        (Settings { heartbeat_ms: 0, ..base() }, "heartbeat_ms", "0"),
        (Settings { lease_ttl_ms: 2_000, ..base() }, "lease_ttl_ms", "2000"),
        (Settings { keep_warm: 17, ..base() }, "keep_warm", "17"),
        (Settings { failures_to_error: 0, ..base() }, "failures_to_error", "0"),
        (Settings { actor: String::new(), ..base() }, "actor", ""),
    ] {
        let error = settings.validate().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert_eq!((error.get("field"), error.get("value")), (Some(field), Some(value)));
        assert!(error.get("allowed").is_some_and(|allowed| !allowed.is_empty()));
    }
    assert!(Settings { lease_ttl_ms: 2_001, ..base() }.validate().is_ok());
}

#[test]
fn a_heartbeat_that_outruns_the_lease_is_refused() {
    let mut settings = Settings::default();
    let error = apply(&mut settings, &[("NOODLE_HEARTBEAT_MS", "1500")]).unwrap_err();
    assert_eq!(error.get("field"), Some("lease_ttl_ms"));
    assert_eq!(settings, Settings::default());
    apply(&mut settings, &[("NOODLE_HEARTBEAT_MS", "1500"), ("NOODLE_LEASE_TTL_MS", "3001")]).unwrap();
}

#[test]
fn names_parse_and_print() {
    for strategy in Strategy::ALL {
        assert_eq!(strategy.to_string().parse::<Strategy>().unwrap(), *strategy);
        assert_eq!(serde_json::to_value(strategy).unwrap(), strategy.name());
        assert!(Strategy::ALLOWED.contains(strategy.name()));
    }
    let error = "blue-green".parse::<Strategy>().unwrap_err();
    assert_eq!(error.get("value"), Some("blue-green"));
    assert_eq!(error.get("allowed"), Some(Strategy::ALLOWED));
    assert_eq!(Strategy::ALLOWED, "immediate, rolling, blue_green, canary, shadow, ab_testing, replay");
}

#[test]
fn the_reference_lists_every_variable() {
    let text = variables_markdown();
    assert_eq!(text.lines().count(), VARIABLES.len() + 2);
    assert!(VARIABLES.iter().all(|row| text.contains(row.name)));
}
