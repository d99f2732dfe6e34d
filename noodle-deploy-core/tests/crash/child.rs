//! The process that is killed: a fixed sequence of operations, or with `NOODLE_CRASH_RANDOM` an endless random one.

use std::path::{Path, PathBuf};

use noodle_deploy_core::machine::deployment::MAX_REPLICAS;
use noodle_deploy_core::rng::{Rng, SeededRng};
use noodle_deploy_core::{ErrorKind, Noodle};

use super::journal::{Line, Rows, say};
use super::work::Op;
use crate::support::tiny::scaled;

/// Sizes and factors of the models that are registered.
const MODELS: [(f32, usize); 4] = [(1.0, 10), (2.0, 5_000), (3.0, 200_000), (4.0, 1_000_000)];
/// Versions of a model beyond which deletions are likelier than registrations.
const VERSIONS: usize = 5;

/// Files to register, beside the directory that is watched.
fn files(root: &Path) -> Vec<PathBuf> {
    let directory = root.with_extension("models");
    std::fs::create_dir_all(&directory).unwrap();
    let write = |(factor, padding): (f32, usize)| {
        let path = directory.join(format!("{factor}.onnx"));
        if !path.exists() {
            let part = directory.join(format!("{factor}.part-{}", std::process::id()));
            std::fs::write(&part, scaled(factor, padding)).unwrap();
            std::fs::rename(&part, &path).unwrap();
        }
        path
    };
    MODELS.into_iter().map(write).collect()
}

pub fn main() {
    let Some(root) = std::env::var_os("NOODLE_CRASH_CHILD") else { return };
    let root = PathBuf::from(root);
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        say(&Line::Panicked { why: info.to_string() });
        hook(info);
    }));
    let files = files(&root);
    match std::env::var("NOODLE_CRASH_RANDOM") {
        Ok(seed) => random(&root, &files, seed.parse().unwrap()),
        Err(_) => fixed(&root, &files),
    }
}

/// Opens the state; what is there must be what was said before. A disk that fails once is tried again.
fn open(root: &Path) -> Option<Noodle> {
    for _ in 0..3 {
        match Noodle::open(root.join("state")) {
            Ok(noodle) => {
                let rows = Rows::settled(&noodle);
                let head = noodle.audit_head();
                match (rows, head) {
                    (Ok(rows), Ok(head)) => say(&Line::Opened { rows, head }),
                    (rows, head) => failed("open", format!("{:?} {:?}", rows.err(), head.err())),
                }
                return Some(noodle);
            }
            Err(error) => failed(error.kind().name(), error.to_string()),
        }
    }
    None
}

fn failed(kind: &str, why: String) {
    say(&Line::Failed { kind: kind.to_owned(), why });
}

fn run(noodle: &Noodle, root: &Path, op: Op) {
    say(&Line::Intends { op: op.clone() });
    let done = op.run(noodle, root);
    let seen = Rows::of(noodle).and_then(|rows| noodle.audit_head().map(|head| (rows, head)));
    match (done, seen) {
        (Ok(report), Ok((rows, head))) => say(&Line::Did { rows, head, backup: report.map(|report| report.head) }),
        (Err(error), Ok((rows, _))) if is_refusal(error.kind()) => {
            say(&Line::Refused { kind: error.kind().name().to_owned(), rows });
        }
        (Err(error), _) | (_, Err(error)) => failed(error.kind().name(), format!("{error} {:?}", error.context())),
    }
}

/// Kinds that say that nothing was done.
fn is_refusal(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::InvalidArgument | ErrorKind::NotFound | ErrorKind::Conflict)
}

/// Every kind of operation once, with two opens.
fn fixed(root: &Path, files: &[PathBuf]) {
    let register = |model: &str, file: usize| Op::Register { model: model.to_owned(), path: shown(&files[file]) };
    let deploy = |version: &str, blue_green| Op::Deploy {
        deployment: "d".into(),
        model: "m".into(),
        version: version.into(),
        blue_green,
        replicas: None,
    };
    let alias = |version: &str| Op::SetAlias { model: "m".into(), alias: "production".into(), version: version.into() };
    let first = [
        register("m", 0),
        register("m", 1),
        deploy("1.0.0", false),
        alias("1.0.0"),
        deploy("2.0.0", true),
        Op::Promote { deployment: "d".into(), version: "2.0.0".into() },
        Op::Scale { deployment: "d".into(), replicas: 2 },
        Op::Backup { name: "backup".into() },
        Op::Rollback { deployment: "d".into() },
    ];
    let second = [
        alias("2.0.0"),
        register("n", 1),
        Op::Delete { model: "n".into(), version: "1.0.0".into() },
        Op::Gc,
        Op::Retain { keep: 8 },
        Op::Restore { from: "backup".into(), name: "restored".into() },
        Op::Undeploy { deployment: "d".into(), force: false },
    ];
    for ops in [&first[..], &second[..]] {
        let Some(noodle) = open(root) else { return };
        ops.iter().for_each(|op| run(&noodle, root, op.clone()));
        noodle.close();
    }
    say(&Line::Closed {});
}

fn shown(path: &Path) -> String {
    path.to_str().expect("paths of tests are UTF-8").to_owned()
}

fn random(root: &Path, files: &[PathBuf], seed: u64) {
    let rng = SeededRng::new(seed);
    let below = |n: usize| (rng.next() % n as u64) as usize;
    let noodle = open(root).expect("the directory opens");
    loop {
        let rows = Rows::of(&noodle).expect("the state reads");
        let model = ["m", "n"][below(2)].to_owned();
        let deployment = ["d", "e", "f"][below(3)].to_owned();
        let of_model: Vec<&str> =
            rows.versions.iter().filter(|v| v.model == model).map(|v| v.version.as_str()).collect();
        let version = |n: usize| of_model.get(n % of_model.len().max(1)).map_or("1.0.0", |v| v).to_owned();
        let there = rows.deployments.iter().find(|d| d.name == deployment);
        let alias = ["production", "staging"][below(2)].to_owned();
        let op = match below(20) {
            0..=2 if of_model.len() > VERSIONS => Op::Delete { model, version: version(below(16)) },
            0..=2 => Op::Register { model, path: shown(&files[below(files.len())]) },
            3 | 4 => Op::SetAlias { model, alias, version: version(below(16)) },
            5 => Op::RemoveAlias { model, alias },
            6 => Op::Delete { model, version: version(below(16)) },
            7..=10 => Op::Deploy {
                deployment,
                model,
                version: version(below(16)),
                blue_green: below(2) == 0,
                replicas: (below(3) == 0).then(|| below(3) as u32 + 1),
            },
            11 | 12 => {
                let known = there.map_or_else(Vec::new, |d| d.revisions.clone());
                let version = known.get(below(known.len().max(1))).map_or("1.0.0".to_owned(), |r| r.version.clone());
                Op::Promote { deployment, version }
            }
            13 | 14 => Op::Rollback { deployment },
            15 => Op::Scale { deployment, replicas: [1, 2, 3, 4, MAX_REPLICAS + 1][below(5)] },
            16 if below(2) == 0 => Op::Undeploy { deployment, force: below(2) == 0 },
            17 => Op::Gc,
            // Few enough that logs are cut, more than what a killed process may not have acknowledged.
            19 => Op::Retain { keep: 40 },
            18 => Op::Backup { name: format!("backup-{:08x}", rng.next() >> 32) },
            _ => match copies(root) {
                found if found.is_empty() => Op::Gc,
                found => Op::Restore {
                    from: found[below(found.len())].clone(),
                    name: format!("restored-{:08x}", rng.next() >> 32),
                },
            },
        };
        run(&noodle, root, op);
    }
}

/// Backups that are there.
fn copies(root: &Path) -> Vec<String> {
    let names = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|n| n.starts_with("backup-") && !n.contains(".partial-")).collect();
    names.sort();
    names
}
