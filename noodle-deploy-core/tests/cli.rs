//! The command line, run as a user runs it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

struct Cli {
    dir: TempDir,
}

struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/models").canonicalize().unwrap()
}

fn model(name: &str) -> String {
    models().join(name).to_str().unwrap().to_owned()
}

/// An input of a sample file, filled up to 1024 bytes.
fn sample(name: &str) -> String {
    format!("bytes={}:1024:256", model(&format!("samples/{name}")))
}

impl Cli {
    fn new() -> Self {
        Cli { dir: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> String {
        self.dir.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, content: &[u8]) -> String {
        std::fs::write(self.dir.path().join(name), content).unwrap();
        self.path(name)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_noodle-deploy"));
        // What the developer's own environment says must not matter.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("NOODLE_") {
                command.env_remove(name);
            }
        }
        command.env("NOODLE_DIR", self.path("state")).stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        Ran::from(self.command().args(args).output().unwrap())
    }

    fn ok(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
        ran.out
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.ok(&[&["--json"], args].concat())).unwrap()
    }

    /// A failure's exit status and error record.
    fn error(&self, args: &[&str]) -> (i32, Value) {
        let ran = self.run(&[&["--json"], args].concat());
        assert_eq!(ran.out, "", "{args:?}");
        (ran.code, serde_json::from_str(&ran.err).unwrap_or_else(|e| panic!("{args:?}: {e}: {}", ran.err)))
    }

    fn deployed() -> Self {
        let cli = Cli::new();
        cli.ok(&["deploy", &model("langid-v1.onnx"), "--name", "langid", "--probes", &model("langid-v1.probe.json")]);
        cli
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }
}

#[test]
fn whole_life() {
    let cli = Cli::deployed();
    assert!(cli.ok(&["predict", "langid", "--bytes", &sample("hello.py")]).starts_with("python 0."));
    let urgent = ["predict", "langid", "--bytes", &sample("hello.py"), "--priority", "1"];
    assert!(cli.ok(&urgent).starts_with("python 0."));
    let v2 = model("langid-v2.onnx");
    let blue_green = ["deploy", &v2, "--name", "langid", "--strategy", "blue_green"];
    assert!(cli.ok(&blue_green).contains("2.0.0 ready"));
    assert!(cli.ok(&["compare", "langid", "1.0.0", "2.0.0"]).starts_with("langid 2.0.0 against 1.0.0: identical\n"));
    assert!(cli.ok(&["promote", "langid"]).contains(" 2.0.0 "));
    assert!(cli.ok(&["predict", "langid", "--bytes", &sample("hello.rs"), "--top", "2"]).starts_with("rust 1.00  "));
    assert!(cli.ok(&["alias", "set", "langid", "stable", "1.0.0"]).contains("stable=1.0.0"));
    assert!(cli.ok(&["rollback", "langid", "--reason", "slow"]).contains(" 1.0.0 "));
    assert!(cli.ok(&["scale", "langid", "2"]).contains("running"));
    let listed = cli.ok(&["ls"]);
    for part in ["DEPLOYMENT", "langid", "running", "stable=1.0.0", "deployed", "696.7 KiB"] {
        assert!(listed.contains(part), "{part} in\n{listed}");
    }
    let history = cli.ok(&["history", "--deployment", "langid"]);
    assert!(history.contains("rolled_back") && history.contains("reason=slow"), "{history}");
    assert!(cli.ok(&["history", "--limit", "2"]).contains("there are more: --after 2"));
    assert!(cli.ok(&["health"]).contains("healthy"));
    let resources = cli.ok(&["resources"]);
    assert!(resources.contains("models hold ") && resources.contains(" core"), "{resources}");
    let head = cli.ok(&["head"]);
    assert!(cli.ok(&["verify", "--artifacts", "--since", head.trim()]).starts_with("ok: "));
    let copy = cli.path("copy");
    assert!(cli.ok(&["backup", &copy]).starts_with("backed up "));
    let restored = cli.path("restored");
    assert!(cli.ok(&["--dir", &restored, "restore", &copy]).starts_with("restored "));
    assert!(cli.ok(&["--dir", &restored, "predict", "langid", "--bytes", &sample("hello.go")]).starts_with("go 0."));
    assert!(cli.ok(&["alias", "rm", "langid", "stable"]).contains("langid"));
    assert!(cli.ok(&["undeploy", "langid"]).contains("stopped"));
    assert!(cli.ok(&["gc"]).starts_with("removed 0 artifacts"));
    assert_eq!(cli.run(&["predict", "langid", "--bytes", &sample("hello.rs")]).code, 6);
}

#[test]
fn a_log_is_cut_and_says_so() {
    let cli = Cli::deployed();
    let (whole, kept) = (cli.ok(&["history"]), cli.ok(&["head"]));
    assert!(whole.contains("version_registered") && !whole.contains("cut away"), "{whole}");
    assert_eq!(cli.run(&["retain"]).code, 2);
    assert!(cli.ok(&["retain", "--keep-days", "1"]).starts_with("removed 0 events; head "));
    let done = cli.ok(&["retain", "--keep-events", "1"]);
    assert!(done.starts_with("removed ") && done.contains(" events; head "), "{done}");
    let left = cli.ok(&["history"]);
    assert!(left.starts_with("events up to ") && left.contains("checkpoint") && !left.contains("registered"), "{left}");
    assert!(cli.ok(&["verify", "--since", kept.trim()]).contains("ok: 1 event after "));
    cli.ok(&["retain", "--keep-events", "1", "--keep-days", "0"]);
    assert_eq!(cli.error(&["retain", "--keep-events", "0"]).1["context"]["field"], "keep_events");
    assert!(cli.ok(&["predict", "langid", "--bytes", &sample("hello.go")]).starts_with("go 0."));
}

#[test]
fn json_is_what_the_operations_answer() {
    let cli = Cli::deployed();
    let view = cli.json(&["promote", "langid", "--version", "1.0.0"]);
    assert_eq!(view["desired"]["state"], "running");
    let all = cli.json(&["ls"]);
    assert_eq!(all["deployments"][0]["desired"]["name"], "langid");
    assert_eq!(all["models"][0]["latest"], "1.0.0");
    assert_eq!(all["versions"][0]["status"], "deployed");
    let answer = cli.json(&["predict", "langid", "--bytes", &sample("hello.rs")]);
    assert_eq!(answer["labels"][0][0]["label"], "rust");
    assert_eq!(answer["outputs"]["probabilities"]["shape"], serde_json::json!([1, 28]));
    assert_eq!(answer["version"], "1.0.0");
    assert_eq!(cli.json(&["op", "get_deployment", r#"{"deployment": "langid"}"#])["serving"], "1.0.0");
    assert_eq!(cli.json(&["metrics"])["deployments"]["langid"][0]["requests"]["requests"], "1");
    let head = cli.json(&["head"]);
    assert_eq!(cli.json(&["verify"])["head"], head);
    let schema = cli.json(&["schema"]);
    let operations = schema["operations"].as_array().unwrap();
    assert!(operations.iter().any(|o| o["name"] == "deploy" && o["role"] == "deployer" && o["input"].is_object()));
    let kinds = schema["errors"].as_array().unwrap();
    assert!(kinds.iter().any(|e| e["name"] == "not_found" && e["exit_status"] == 3 && e["code"] == 4004));
}

#[test]
fn the_same_file_is_registered_once() {
    let cli = Cli::deployed();
    cli.ok(&["deploy", &model("langid-v1.onnx"), "--name", "langid"]);
    cli.ok(&["deploy", &model("langid-v1.onnx"), "--model", "langid", "--name", "other"]);
    let all = cli.json(&["ls"]);
    assert_eq!(all["versions"].as_array().unwrap().len(), 1);
    assert_eq!(all["deployments"].as_array().unwrap().len(), 2);
    // What is said of a file that is registered already is not dropped without a word.
    let again = |option: &str, value: &str| {
        let error = cli.error(&["deploy", &model("langid-v1.onnx"), "--name", "langid", option, value]).1;
        error["context"]["field"].as_str().map(str::to_owned)
    };
    assert_eq!(again("--probes", "absent.json").as_deref(), Some("probes"));
    assert_eq!(again("--labels", "x,y").as_deref(), Some("labels"));
    let directory = cli.error(&["deploy", models().to_str().unwrap(), "--name", "langid"]);
    assert_eq!((directory.0, directory.1["context"]["field"].as_str()), (5, Some("path")));
    cli.ok(&["register", "langid", &model("langid-v2.onnx"), "--version", "1.5.0", "--metric", "accuracy=0.95"]);
    cli.ok(&["deploy", "--name", "langid", "--version", "1.5.0", "--shape", "bytes=1,1024", "--replicas", "2"]);
    assert_eq!(cli.json(&["op", "get_version", r#"{"model": "langid"}"#])["metrics"]["accuracy"], 0.95);
    let cache = r#"{"levels":["memory","store"],"ttl_ms":"60000"}"#;
    let view = cli.json(&["deploy", "--name", "langid", "--version", "1.5.0", "--cache", cache]);
    let kept = &view["desired"]["revisions"].as_array().unwrap().last().unwrap()["cache"];
    assert_eq!(kept["levels"], serde_json::json!(["memory", "store"]), "{view}");
    let error = cli.error(&["deploy", "--name", "langid", "--version", "1.5.0", "--cache", r#"{"policy":"ttl"}"#]);
    assert_eq!((error.0, error.1["context"]["field"].as_str()), (5, Some("cache/ttl_ms")));
}

#[test]
fn a_model_file_says_it_all() {
    let cli = Cli::new();
    let file = serde_json::json!({
        "model_config": {
            "model_name": "langid", "model_type": "code_analysis", "model_version": "1.4.0", "framework": "onnx",
            "model_path": model("langid-v1.onnx"), "probe_path": model("langid-v1.probe.json"),
            "tags": ["small"], "metrics": {"accuracy": 0.858},
        },
        "deployment_config": {"deployment_name": "lang", "deployment_strategy": "blue_green", "replicas": 2},
    });
    let path = cli.write("model.json", file.to_string().as_bytes());
    let view = cli.json(&["deploy", &path]);
    assert_eq!(view["desired"]["name"], "lang");
    assert_eq!(view["desired"]["replicas"], 2);
    assert_eq!(view["desired"]["strategy"], "blue_green");
    assert_eq!(cli.json(&["ls"])["versions"][0]["version"], "1.4.0");
    assert_eq!(cli.json(&["deploy", &path, "--name", "lang"])["desired"]["last_revision"], 2);

    let broken = cli.write("broken.json", br#"{"model_config": {"model_name": "a", "model_type": "oracle"}}"#);
    let (code, error) = cli.error(&["deploy", &broken]);
    assert_eq!((code, &error["kind"]), (5, &Value::from("invalid_argument")));
    assert!(error["context"]["field"].as_str().unwrap().contains("model_type"), "{error}");
    assert!(error["context"]["allowed"].as_str().unwrap().contains("code_analysis"), "{error}");
    let remote =
        cli.write("remote.json", br#"{"model_config": {"model_name": "a", "model_path": "https://x.test/a.onnx"}}"#);
    assert_eq!(cli.error(&["deploy", &remote]).1["kind"], "unsupported");
}

#[test]
fn an_experiment_is_asked_for_and_ended() {
    let cli = Cli::deployed();
    assert_eq!(cli.ok(&["experiment", "langid"]).trim(), "langid: no experiment");
    cli.ok(&["deploy", &model("langid-v2.onnx"), "--name", "langid", "--strategy", "blue_green"]);
    let asked = r#"{"name":"size","arms":[{"name":"small","version":"1.0.0","weight":5000},
        {"name":"large","version":"2.0.0","weight":5000}],
        "metrics":[{"name":"right","kind":"proportion","goal":"increase","role":"primary"}]}"#;
    assert!(cli.ok(&["experiment", "langid", "--create", asked]).starts_with("langid: size, draft"));
    assert!(cli.ok(&["experiment", "langid", "--start"]).starts_with("langid: size: running"));
    let user = ["predict", "langid", "--bytes", &sample("hello.py"), "--key", "user-1"];
    let version = cli.json(&user)["version"].clone();
    assert_eq!(cli.json(&user)["version"], version);
    let right = r#"{"deployment":"langid","outcomes":[{"name":"right","value":1,"key":"user-1"}]}"#;
    assert_eq!(cli.json(&["op", "record_outcomes", right])["recorded"], 1);
    let shown = cli.ok(&["experiment", "langid"]);
    assert!(shown.contains("no arm is shown to be better") && shown.contains("2 requests, 100.00 %"), "{shown}");
    assert_eq!(cli.error(&["experiment", "langid", "--winner", "large"]).1["kind"], "conflict");
    let won = cli.json(&["experiment", "langid", "--winner", "large", "--force", "--reason", "we know"]);
    assert_eq!(won["experiment"]["winner"], "large");
    assert_eq!(cli.json(&user)["version"], "2.0.0");
    assert_eq!(cli.run(&["experiment", "langid", "--stop", "--start"]).code, 2);
    assert_eq!(cli.run(&["experiment", "langid", "--create", "[]"]).code, 2);
}

#[test]
fn a_rollout_is_shown_and_moved() {
    let cli = Cli::deployed();
    assert_eq!(cli.ok(&["rollout", "langid"]).trim(), "langid: no rollout");
    let steps = r#"{"steps":[{"weight":5000,"min_requests":1000000},{"weight":6000,"min_requests":1000000}]}"#;
    cli.ok(&["deploy", &model("langid-v2.onnx"), "--name", "langid", "--canary", steps]);
    let shown = cli.ok(&["rollout", "langid"]);
    assert!(
        shown.starts_with("langid: revision 2 beside 1, step 1 of 2, 50.00 % of the traffic, analysing"),
        "{shown}"
    );
    assert!(cli.ok(&["rollout", "langid", "--pause", "--reason", "lunch"]).contains("paused\nlunch"));
    assert_eq!(cli.json(&["rollout", "langid", "--advance"])["rollout"]["step"], 1);
    let user = ["predict", "langid", "--bytes", &sample("hello.py"), "--key", "user-1"];
    let version = cli.json(&user)["version"].clone();
    assert_eq!(cli.json(&user)["version"], version);
    assert_eq!(cli.json(&["rollout", "langid", "--abort"])["rollout"]["phase"], "aborted");
    assert_eq!(cli.json(&user)["version"], "1.0.0");
    assert_eq!(cli.error(&["rollout", "langid", "--resume"]).1["kind"], "conflict");
    assert_eq!(cli.run(&["rollout", "langid", "--resume", "--abort"]).code, 2);
}

#[test]
fn inputs_come_from_json_raw_elements_and_bytes() {
    let cli = Cli::deployed();
    let mut text = std::fs::read(models().join("samples/hello.rs")).unwrap();
    text.truncate(512);
    let numbers: Vec<i32> = text.iter().map(|&b| b.into()).collect();
    let raw: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
    let tensor = serde_json::json!({ "dtype": "i32", "shape": [1, 512], "data": numbers });
    let json = cli.write("tensor.json", tensor.to_string().as_bytes());
    let all = cli.write("all.json", serde_json::json!({ "bytes": tensor }).to_string().as_bytes());
    let raw = cli.write("raw.bin", &raw);
    let file = cli.write("hello.rs", &text);
    let expected = cli.ok(&["--json", "predict", "langid", "--input", &format!("bytes={json}")]);
    let same =
        |args: &[&str]| assert_eq!(cli.ok(&[&["--json", "predict", "langid"], args].concat()), expected, "{args:?}");
    same(&["--json-inputs", &all]);
    same(&["--input", &format!("bytes=@{raw}"), "--shape", "1,512"]);
    same(&["--input", &format!("bytes=@{raw}"), "--shape", "bytes=1,512", "--dtype", "i32"]);
    same(&["--bytes", &format!("bytes={file}")]);
    same(&["--bytes", &format!("bytes={file}:512")]);
    let mut child = cli.command();
    child.args(["--json", "predict", "langid", "--bytes", "bytes=-:512:256"]);
    let child = child.stdin(std::fs::File::open(&file).unwrap()).output().unwrap();
    assert_eq!(String::from_utf8(child.stdout).unwrap(), expected);

    let fails = |args: &[&str]| cli.error(&[&["predict", "langid"], args].concat());
    assert_eq!(fails(&["--input", &format!("bytes=@{raw}")]).1["context"]["field"], "shape");
    assert_eq!(fails(&["--bytes", &format!("text={file}")]).1["context"]["allowed"], "bytes");
    assert_eq!(fails(&["--bytes", "bytes=/absent"]).0, 3);
    assert_eq!(fails(&["--bytes", &format!("bytes={file}:8000000000:1")]).1["context"]["field"], "bytes");
    assert_eq!(fails(&[]).1["context"]["input"], "bytes");
    assert_eq!(
        fails(&["--bytes", &format!("bytes={file}"), "--json-inputs", &all]).1["context"]["allowed"],
        "each input once"
    );
    assert_eq!(fails(&["--bytes", &format!("bytes={file}"), "--version", "9.0.0"]).0, 3);
}

#[test]
fn exit_statuses_tell_families_of_errors_apart() {
    let cli = Cli::new();
    // Nothing is made by a look at it.
    assert_eq!(cli.run(&["ls"]).code, 3);
    assert_eq!(cli.run(&["promote", "x"]).code, 3);
    assert!(!cli.dir.path().join("state").exists());
    for usage in [
        &["no-such-verb"][..],
        &[],
        &["scale", "x", "many"],
        &["verify", "--since", "17"],
        &["predict", "x", "--top", "0"],
    ] {
        assert_eq!(cli.run(usage).code, 2, "{usage:?}");
    }
    let cli = Cli::deployed();
    let (code, error) = cli.error(&["scale", "langid", "0"]);
    assert_eq!((code, &error["code"]), (5, &Value::from(4000)));
    assert_eq!(error["context"], serde_json::json!({ "field": "replicas", "value": "0", "allowed": "1 to 1024" }));
    assert_eq!(error["operation"], "scale");
    let ran = cli.run(&["scale", "langid", "0"]);
    assert_eq!(ran.err, "error: scale: replicas is not valid (field: replicas, value: 0, allowed: 1 to 1024)\n");
    assert_eq!(cli.error(&["undeploy", "absent"]).0, 3);
    assert_eq!(cli.error(&["rollback", "langid"]).0, 4);
    assert_eq!(cli.error(&["backup", &cli.path("state")]).0, 4);
    assert_eq!(cli.error(&["op", "no_such_operation"]).0, 3);
    assert_eq!(cli.error(&["op", "deploy", "{"]).0, 5);
    assert_eq!(cli.error(&["deploy", &cli.write("empty.onnx", b"")]).1["kind"], "invalid_model");
    assert_eq!(cli.error(&["deploy", &cli.write("text.onnx", b"not a model")]).0, 5);
    assert_eq!(cli.error(&["deploy", &cli.path("absent.onnx")]).0, 3);
    assert_eq!(cli.error(&["deploy"]).0, 5);
    let still = ["deploy", "--name", "langid", "--rolling", "{\"max_surge\": 0}"];
    assert_eq!(cli.error(&still).1["context"]["field"], "rolling/max_surge");
    assert_eq!(cli.error(&["restore", &cli.path("absent")]).0, 3);
    let head = format!("1:{}", "f".repeat(64));
    assert_eq!(cli.error(&["verify", "--since", &head]).0, 1);
    let read_only = Ran::from(cli.command().env("NOODLE_READ_ONLY", "true").args(["gc"]).output().unwrap());
    assert_eq!(read_only.code, 7);
    let setting = Ran::from(cli.command().env("NOODLE_WORKERS", "many").args(["ls"]).output().unwrap());
    assert_eq!(setting.code, 5);
    assert!(setting.err.contains("NOODLE_WORKERS") && setting.err.contains("many"), "{}", setting.err);
}

/// A process that loads nothing by itself loads what it scales, and meets the same limits as one that serves it.
#[test]
fn a_scale_that_memory_does_not_allow_is_refused() {
    let cli = Cli::new();
    cli.ok(&["deploy", &model("langid-v2.onnx"), "--name", "langid"]);
    let mut small = cli.command();
    small.env("NOODLE_MEMORY_BUDGET_BYTES", "1048576").args(["--json", "scale", "langid", "2"]);
    let refused = Ran::from(small.output().unwrap());
    let error: Value = serde_json::from_str(&refused.err).unwrap();
    assert_eq!((&error["kind"], &error["operation"]), (&"resource_exhausted".into(), &"scale".into()), "{error}");
    let replicas = |view: &Value| (view["desired"]["replicas"].clone(), view["replicas"]["1"]["replicas"].clone());
    assert_eq!(cli.json(&["ls"])["deployments"][0]["desired"]["replicas"], 1);
    assert_eq!(replicas(&cli.json(&["scale", "langid", "2"])), (2.into(), 2.into()));
}

#[test]
fn health_is_a_status() {
    let cli = Cli::new();
    let tensor = |data: Value| serde_json::json!({ "dtype": "f32", "shape": [1, 28], "data": data });
    let input = serde_json::json!({ "dtype": "i32", "shape": [1, 8], "data": [1, 2, 3, 4, 5, 6, 7, 8] });
    let wrong = serde_json::json!({ "probes": [
        { "inputs": { "bytes": input }, "outputs": { "probabilities": tensor(vec![7.0; 28].into()) } }
    ] });
    let probes = cli.write("wrong.json", wrong.to_string().as_bytes());
    let (code, error) = cli.error(&["deploy", &model("langid-v1.onnx"), "--name", "langid", "--probes", &probes]);
    assert_eq!((code, &error["kind"]), (5, &Value::from("verification_failed")));
    let ran = cli.run(&["health"]);
    assert_eq!(ran.code, 6, "{}", ran.err);
    assert!(ran.out.contains("unhealthy"), "{}", ran.out);
}

#[test]
fn help_names_every_exit_status() {
    let help = Cli::new().ok(&["--help"]);
    for part in ["Exit status:", "  0  done", "  7  not allowed", "NOODLE_DIR", "rollback"] {
        assert!(help.contains(part), "{help}");
    }
    assert!(!help.contains("schema"), "{help}");
}

#[cfg(unix)]
#[test]
fn the_commands_of_the_page_about_evaluation_run() {
    let cli = Cli::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(root.join("docs/guide/evaluate.md")).unwrap();
    let blocks: Vec<&str> = page.split("```sh\n").skip(1).filter_map(|block| block.split("```").next()).collect();
    assert_eq!(blocks.len(), 2);
    let programs = Path::new(env!("CARGO_BIN_EXE_noodle-deploy")).parent().unwrap();
    let output = Command::new("bash")
        .args(["-euc", &format!("PATH=\"$PROGRAMS:$PATH\"\n{}", blocks.concat())])
        .env("PROGRAMS", programs)
        .env("NOODLE_DIR", cli.path("state"))
        .current_dir(root)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let ran = Ran::from(output);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    for said in
        ["gate quality: passed", "best throughput: ", "best latency: ", "us outside of nodes", "max_abs_difference"]
    {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    assert!(ran.err.contains("gate: quality") && ran.err.contains("not evaluated"), "{}", ran.err);
}

#[test]
fn autoscaling_is_set_shown_and_switched_off() {
    let cli = Cli::new();
    cli.ok(&["deploy", &model("langid-v1.onnx"), "--name", "langid"]);
    let said = cli.ok(&["autoscale", "langid", "--max", "4", "--latency-ms", "50"]);
    assert_eq!(said.trim(), "langid: 1 replica, 1 to 4, 50 ms at 0.95");
    assert_eq!(cli.ok(&["autoscale", "langid"]), said);
    let said = cli.ok(&["autoscale", "langid", "--off"]);
    assert_eq!(said.trim(), "langid: 1 replica, not scaled by itself");
    let ran = cli.run(&["autoscale", "langid", "--max", "0"]);
    assert!(ran.code != 0 && ran.err.contains("autoscale/max_replicas"), "{}", ran.err);
}

#[test]
fn a_gate_that_is_not_passed_is_a_status_of_its_own() {
    let cli = Cli::new();
    assert_eq!(cli.run(&["register", "langid", &model("langid-v2.onnx")]).code, 0);
    let data = model("langid-v2.probe.json");
    let gate = ["--gate", "g", "--at-most", "mae=0", "--at-least", "within_tolerance=1"];
    let ran = cli.run(&[&["evaluate", "langid", &data][..], &gate].concat());
    assert_eq!(ran.code, 5, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("gate g: not passed") && ran.out.contains("must be at most 0"), "{}", ran.out);
    let ran = cli.run(&["evaluate", "langid", &data, "--metric", "beauty"]);
    assert_eq!(ran.code, 5);
    assert!(ran.err.contains("beauty") && ran.err.contains("accuracy"), "{}", ran.err);
    let ran = cli.run(&["profile", "langid", "--engine", "rten"]);
    assert_eq!(ran.code, 5, "{}", ran.err);
}
