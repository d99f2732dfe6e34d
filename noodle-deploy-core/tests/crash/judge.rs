//! The verdict on a directory: one legal state, nothing acknowledged lost, nothing torn, nothing left over.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use noodle_deploy_core::artifact::ArtifactStore;
use noodle_deploy_core::machine::state::{Deployment, DeploymentState, Model, VersionRecord};
use noodle_deploy_core::{Noodle, TensorView};

use super::journal::{Journal, Rows};
use super::work::Op;
use crate::invariants;

type Verdict<T = ()> = Result<T, String>;

fn shown(error: noodle_deploy_core::Error) -> String {
    format!("{error} {:?}", error.context())
}

/// Opens the directory as the next process would and looks at everything in it.
pub fn judge(root: &Path, journal: &Journal) -> Verdict<Rows> {
    if let Some(why) = journal.panics.first() {
        return Err(format!("the process panicked: {why}"));
    }
    let noodle = Noodle::open(root.join("state")).map_err(|e| format!("it does not open: {}", shown(e)))?;
    let rows = Rows::settled(&noodle)?;
    recovered(journal, &rows)?;
    let report = noodle.verify(journal.head.as_ref(), true).map_err(|e| format!("it does not verify: {}", shown(e)))?;
    rows.deployments.iter().filter(|d| d.serves()).try_for_each(|d| answers(&noodle, d))?;
    swept(&noodle, root)?;
    copies(root, journal)?;
    let after = noodle.verify(Some(&report.head), true).map_err(|e| format!("after a collection: {}", shown(e)))?;
    drop(noodle);
    if after.head != report.head {
        return Err("looking at it changed it".to_owned());
    }
    Ok(rows)
}

/// The revision that serves answers, and with its own numbers.
fn answers(noodle: &Noodle, d: &Deployment) -> Verdict {
    let active = d.active_revision().ok_or("serves without a revision")?;
    let inputs = [("x", TensorView::new(&[1, 4], &[1.0f32, 2.0, 3.0, 4.0]).map_err(shown)?)];
    let answer = noodle.predict(&d.name, &inputs).map_err(|e| format!("{} does not answer: {}", d.name, shown(e)))?;
    if answer.version() != active.version {
        return Err(format!("{} answers with {}, not {}", d.name, answer.version(), active.version));
    }
    Ok(())
}

/// After a collection only what is referred to is there.
fn swept(noodle: &Noodle, root: &Path) -> Verdict {
    noodle.collect_garbage().map_err(|e| format!("garbage: {}", shown(e)))?;
    let directory = root.join("state/artifacts");
    let kept = ArtifactStore::open_read_only(&directory).and_then(|store| store.list()).map_err(shown)?;
    let rows = Rows::of(noodle).map_err(shown)?;
    let referred: BTreeSet<_> = rows.versions.iter().flat_map(|v| [Some(v.digest), v.probes]).flatten().collect();
    if kept.iter().copied().collect::<BTreeSet<_>>() != referred {
        return Err(format!("{} artifacts are there, {} are referred to", kept.len(), referred.len()));
    }
    let left: Vec<_> = std::fs::read_dir(directory.join("tmp")).map_err(|e| e.to_string())?.collect();
    if left.is_empty() { Ok(()) } else { Err(format!("{} temporary files are left", left.len())) }
}

/// A copy that is there is whole; one that was acknowledged is there.
fn copies(root: &Path, journal: &Journal) -> Verdict {
    let names = std::fs::read_dir(root).map_err(|e| e.to_string())?;
    let names = names.map(|entry| entry.map(|e| e.file_name().to_string_lossy().into_owned()));
    let names: BTreeSet<String> = names.collect::<Result<_, _>>().map_err(|e| e.to_string())?;
    for (name, head) in &journal.copies {
        if !names.contains(name) {
            return Err(format!("{name}, acknowledged at {}, is gone", head.sequence));
        }
    }
    for name in names.iter().filter(|n| !n.contains(".partial-") && *n != "state") {
        let scratch = tempfile::tempdir().map_err(|e| e.to_string())?;
        let to = scratch.path().join("copy");
        let wrong = |e| format!("{name}: {}", shown(e));
        // Restoring reads and checks everything.
        let report = Noodle::restore(root.join(name), &to).map_err(wrong)?;
        if journal.copies.get(name).is_some_and(|head| *head != report.head) {
            return Err(format!("{name} has another head than was acknowledged"));
        }
        let copy = Noodle::builder(&to).read_only(true).open().map_err(wrong)?;
        copy.verify(Some(&report.head), true).map_err(wrong)?;
    }
    Ok(())
}

/// A recovered state is legal and is what was acknowledged, with what was under way done or not done.
pub fn recovered(journal: &Journal, rows: &Rows) -> Verdict {
    invariants::check(&rows.state())?;
    rows_agree(&journal.rows, rows, &journal.doubtful)
}

/// What was refused has changed nothing.
pub fn unchanged(journal: &Journal, rows: &Rows) -> Verdict {
    rows_agree(&journal.rows, rows, &journal.doubtful)
}

fn rows_agree(before: &Rows, now: &Rows, doubtful: &[Op]) -> Verdict {
    let of_model = |name: &str| doubtful.iter().filter(move |op| op.model() == Some(name)).collect::<Vec<_>>();
    let of_deployment =
        |name: &str| doubtful.iter().filter(move |op| op.deployment() == Some(name)).collect::<Vec<_>>();
    pairs(&before.models, &now.models, |m| m.name.clone()).into_iter().try_for_each(|(name, (old, new))| {
        model_agrees(old, new, &of_model(&name)).map_err(|e| format!("{name}: {e}"))
    })?;
    pairs(&before.versions, &now.versions, |v| (v.model.clone(), v.version.clone())).into_iter().try_for_each(
        |((model, version), (old, new))| {
            version_agrees(old, new, &of_model(&model)).map_err(|e| format!("{model}@{version}: {e}"))
        },
    )?;
    let versions: BTreeSet<&str> = now.versions.iter().map(|v| v.version.as_str()).collect();
    pairs(&before.deployments, &now.deployments, |d| d.name.clone()).into_iter().try_for_each(|(name, (old, new))| {
        deployment_agrees(old, new, &of_deployment(&name), &versions).map_err(|e| format!("deployment {name}: {e}"))
    })
}

fn pairs<'a, T, K: Ord>(
    before: &'a [T],
    now: &'a [T],
    key: impl Fn(&T) -> K,
) -> BTreeMap<K, (Option<&'a T>, Option<&'a T>)> {
    let mut pairs: BTreeMap<K, (Option<&T>, Option<&T>)> = BTreeMap::new();
    before.iter().for_each(|row| pairs.entry(key(row)).or_default().0 = Some(row));
    now.iter().for_each(|row| pairs.entry(key(row)).or_default().1 = Some(row));
    pairs
}

fn differ<T: std::fmt::Debug>(old: &T, new: &T) -> String {
    format!("it was {old:?}\nand is {new:?}")
}

fn model_agrees(old: Option<&Model>, new: Option<&Model>, doubtful: &[&Op]) -> Verdict {
    match (old, new) {
        (Some(_), None) => Err("it is gone".to_owned()),
        (None, _) if doubtful.is_empty() => Err("it came from nowhere".to_owned()),
        (Some(a), Some(b)) if doubtful.is_empty() && a != b => Err(differ(&a, &b)),
        (Some(a), Some(b)) => {
            let mut aliases: BTreeSet<&String> = a.aliases.keys().chain(b.aliases.keys()).collect();
            aliases.retain(|alias| a.aliases.get(*alias) != b.aliases.get(*alias));
            aliases.into_iter().try_for_each(|alias| {
                let fits = |op: &&Op| match op {
                    Op::SetAlias { alias: of, version, .. } => of == alias && b.aliases.get(alias) == Some(version),
                    Op::RemoveAlias { alias: of, .. } => of == alias && !b.aliases.contains_key(alias),
                    _ => false,
                };
                if doubtful.iter().any(fits) { Ok(()) } else { Err(differ(&a, &b)) }
            })
        }
        (None, _) => Ok(()),
    }
}

fn version_agrees(old: Option<&VersionRecord>, new: Option<&VersionRecord>, doubtful: &[&Op]) -> Verdict {
    match (old, new) {
        (Some(a), Some(b)) => {
            if a.probes.is_some() && a.probes != b.probes {
                return Err(differ(&a, &b));
            }
            // What it shows depends on the deployments; probes may be learnt by any load.
            let b =
                VersionRecord { status: a.status, probes: a.probes, probes_from: a.probes_from.clone(), ..b.clone() };
            if *a == b { Ok(()) } else { Err(differ(a, &b)) }
        }
        (Some(a), None) => {
            let deletes = |op: &&Op| matches!(op, Op::Delete { version, .. } if *version == a.version);
            if doubtful.iter().any(deletes) { Ok(()) } else { Err("it is gone".to_owned()) }
        }
        (None, _) => {
            let registers = doubtful.iter().any(|op| matches!(op, Op::Register { .. }));
            if registers { Ok(()) } else { Err("it came from nowhere".to_owned()) }
        }
    }
}

fn deployment_agrees(
    old: Option<&Deployment>,
    new: Option<&Deployment>,
    doubtful: &[&Op],
    versions: &BTreeSet<&str>,
) -> Verdict {
    let (old, new) = match (old, new) {
        (Some(_), None) => return Err("it is gone".to_owned()),
        (Some(a), Some(b)) if doubtful.is_empty() => return if a == b { Ok(()) } else { Err(differ(&a, &b)) },
        (None, _) if doubtful.is_empty() => return Err("it came from nowhere".to_owned()),
        (old, Some(new)) => (old, new),
        (None, None) => return Ok(()),
    };
    let version = |d: &Deployment| d.active_revision().map(|r| r.version.clone());
    let before = old.and_then(version);
    let now = version(new);
    let mut actives: BTreeSet<Option<String>> = BTreeSet::from([before]);
    let mut replicas: BTreeSet<u32> = old.iter().map(|d| d.replicas).collect();
    let mut stops = old.is_some_and(|d| d.state == DeploymentState::Stopped);
    for op in doubtful {
        match op {
            Op::Deploy { version, replicas: asked, .. } => {
                actives.insert(Some(version.clone()));
                replicas.insert(asked.or(old.map(|d| d.replicas)).unwrap_or(1));
            }
            Op::Promote { version, .. } => drop(actives.insert(Some(version.clone()))),
            Op::Rollback { .. } => {
                let targets = old.iter().flat_map(|d| d.previous.iter().filter_map(|n| d.revision(*n)));
                actives.extend(targets.map(|r| Some(r.version.clone())));
            }
            Op::Scale { replicas: asked, .. } => drop(replicas.insert(*asked)),
            Op::Undeploy { .. } => {
                stops = true;
                actives.insert(None);
            }
            _ => {}
        }
    }
    let fits = actives.contains(&now)
        && replicas.contains(&new.replicas)
        && (stops || new.state != DeploymentState::Stopped)
        && new.state != DeploymentState::Error
        && now.as_deref().is_none_or(|version| versions.contains(version));
    if fits { Ok(()) } else { Err(format!("{}\nafter {doubtful:?}", differ(&old, &Some(new)))) }
}
