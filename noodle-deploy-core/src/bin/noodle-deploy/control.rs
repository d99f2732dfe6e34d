//! The verbs that look at or change the control plane, each by its operation.

use std::path::Path;
use std::time::Duration;

use noodle_deploy_core::ops::audit::{AuditHead, AuditVerify, AuditVerifyInput, Retain, RetainInput};
use noodle_deploy_core::ops::autoscale::{GetAutoscale, GetAutoscaleInput, SetAutoscale, SetAutoscaleInput};
use noodle_deploy_core::ops::benchmark::{Benchmark, Profile};
use noodle_deploy_core::ops::decode;
use noodle_deploy_core::ops::deployments::{
    DeploymentRef, DeploymentView, ListDeployments, Promote, PromoteInput, Rollback, RollbackInput, Scale, ScaleInput,
    Undeploy, UndeployInput,
};
use noodle_deploy_core::ops::directory::{Backup, BackupInput, BackupReport, CollectGarbage};
use noodle_deploy_core::ops::experiment::{
    CreateExperiment, DeclareWinner, DeclareWinnerInput, ExperimentInput, GetExperiment, PauseExperiment,
    StartExperiment, StopExperiment,
};
use noodle_deploy_core::ops::lifecycle::{History, HistoryInput};
use noodle_deploy_core::ops::monitor::{DeploymentFilter, GetHealth, GetResources, GetTraffic};
use noodle_deploy_core::ops::rollout::{
    AbortRollout, AdvanceRollout, GetRollout, PauseRollout, ResumeRollout, RolloutInput,
};
use noodle_deploy_core::ops::versions::{
    CompareVersions, CompareVersionsInput, ListModels, ListVersions, ModelRef, RemoveAlias, RemoveAliasInput, SetAlias,
    SetAliasInput,
};
use noodle_deploy_core::ops::{Caller, Nothing, Operation as _, Role, find};
use noodle_deploy_core::store::Head;
use noodle_deploy_core::{Error, Noodle, Result, Settings};

use crate::args::{Act, Alias, Args, Moved, Verb};
use crate::inputs::read;
use crate::progress::call;
use crate::registry::{deploy, register, text};
use crate::table::count;
use crate::{Answer, evaluate, exit, show};

/// Bytes of an operation's input at most.
const MAX_JSON_BYTES: u64 = 64 << 20;
const DAY_MS: u64 = 86_400_000;

/// What a verb needs of the directory.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Load {
    /// A look at what is written; changes nothing, and no model is loaded.
    Look,
    /// A change or a request; only what it is about is loaded.
    Change,
    /// The same, and the directory is made where it is missing.
    Create,
    /// Everything that should run.
    Serving,
}

pub(crate) fn open(dir: &Path, load: Load) -> Result<Noodle> {
    let mut settings = Settings::from_env()?;
    if load != Load::Create && !dir.is_dir() {
        return Err(Error::not_found("directory", dir.display()));
    }
    settings.read_only |= load == Load::Look;
    settings.load_on_open &= load == Load::Serving;
    Noodle::builder(dir).settings(settings).open()
}

pub(crate) fn run(args: &Args, verb: &Verb) -> Result<Answer> {
    if let Verb::Restore { from } = verb {
        return answer(args, &Noodle::restore(from, &args.dir)?, |r| format!("restored {}", copied(r)));
    }
    let noodle = open(&args.dir, needs(verb))?;
    let answer = with(&noodle, args, verb)?;
    noodle.close();
    Ok(answer)
}

fn needs(verb: &Verb) -> Load {
    match verb {
        Verb::Ls | Verb::Compare { .. } | Verb::History { .. } | Verb::Verify { .. } | Verb::Head => Load::Look,
        Verb::Health { .. } | Verb::Metrics { .. } | Verb::Resources => Load::Serving,
        // What a process observes, it must have loaded; what measures loads for itself.
        Verb::Op { name, .. } if [Benchmark::NAME, Profile::NAME].contains(&name.as_str()) => Load::Change,
        Verb::Op { name, .. } => match find(name) {
            Ok(operation) if !operation.mutates => Load::Serving,
            _ => Load::Create,
        },
        Verb::Register(_) | Verb::Deploy(_) => Load::Create,
        _ => Load::Change,
    }
}

fn answer<T: serde::Serialize>(args: &Args, value: &T, text: impl FnOnce(&T) -> String) -> Result<Answer> {
    Answer::new(args.json, value, text)
}

fn with(noodle: &Noodle, args: &Args, verb: &Verb) -> Result<Answer> {
    let deployment = |view: DeploymentView| answer(args, &view, |v| show::deployments(std::slice::from_ref(v)));
    match verb {
        Verb::Ls => ls(noodle, args),
        Verb::Register(input) => {
            answer(args, &register(noodle, input)?, |record| show::versions(std::slice::from_ref(record)))
        }
        Verb::Deploy(input) => deployment(deploy(noodle, input)?),
        Verb::Promote { name, version } => {
            deployment(call::<Promote>(noodle, PromoteInput { deployment: name.clone(), version: version.clone() })?)
        }
        Verb::Rollback { name, version, reason } => deployment(call::<Rollback>(
            noodle,
            RollbackInput { deployment: name.clone(), version: version.clone(), reason: reason.clone() },
        )?),
        Verb::Scale { name, replicas } => {
            deployment(call::<Scale>(noodle, ScaleInput { deployment: name.clone(), replicas: *replicas })?)
        }
        Verb::Autoscale(input) => {
            let deployment = input.name.clone();
            let view = match (input.config(), input.off) {
                (None, false) => noodle.call::<GetAutoscale>(GetAutoscaleInput { deployment })?,
                (autoscale, _) => noodle.call::<SetAutoscale>(SetAutoscaleInput { deployment, autoscale })?,
            };
            answer(args, &view, show::autoscale)
        }
        Verb::Rollout(input) => {
            let deployment = input.name.clone();
            let said = || RolloutInput { deployment: deployment.clone(), reason: input.reason.clone() };
            let view = match &input.moved {
                Moved { advance: true, .. } => noodle.call::<AdvanceRollout>(said())?,
                Moved { pause: true, .. } => noodle.call::<PauseRollout>(said())?,
                Moved { resume: true, .. } => noodle.call::<ResumeRollout>(said())?,
                Moved { abort: true, .. } => noodle.call::<AbortRollout>(said())?,
                _ => noodle.call::<GetRollout>(DeploymentRef { deployment })?,
            };
            answer(args, &view, show::rollout)
        }
        Verb::Experiment(input) => {
            let deployment = input.name.clone();
            let said = || ExperimentInput { deployment: deployment.clone(), reason: input.reason.clone() };
            let view = match &input.act {
                Act { create: Some(fields), .. } => {
                    let mut fields = fields.clone();
                    fields.insert("deployment".to_owned(), deployment.into());
                    noodle.call::<CreateExperiment>(decode::<CreateExperiment>(fields.into())?)?
                }
                Act { start: true, .. } => call::<StartExperiment>(noodle, said())?,
                Act { pause: true, .. } => noodle.call::<PauseExperiment>(said())?,
                Act { stop: true, .. } => noodle.call::<StopExperiment>(said())?,
                Act { winner: Some(arm), .. } => {
                    let winner = DeclareWinnerInput {
                        deployment,
                        arm: Some(arm.clone()),
                        confidence: input.confidence,
                        force: input.force,
                        reason: input.reason.clone(),
                    };
                    call::<DeclareWinner>(noodle, winner)?
                }
                _ => noodle.call::<GetExperiment>(DeploymentRef { deployment })?,
            };
            answer(args, &view, show::experiment)
        }
        Verb::Undeploy { name, force } => {
            deployment(call::<Undeploy>(noodle, UndeployInput { deployment: name.clone(), force: *force })?)
        }
        Verb::Evaluate(input) => evaluate::evaluate(noodle, args.json, input),
        Verb::Benchmark(input) => evaluate::benchmark(noodle, args.json, input),
        Verb::Profile(input) => evaluate::profile(noodle, args.json, input),
        Verb::Compare { model, base, candidate } => {
            let input = CompareVersionsInput { model: model.clone(), base: base.clone(), candidate: candidate.clone() };
            answer(args, &noodle.call::<CompareVersions>(input)?, show::comparison)
        }
        Verb::Alias(Alias::Set { model, alias, version }) => {
            let input = SetAliasInput { model: model.clone(), alias: alias.clone(), version: version.clone() };
            answer(args, &noodle.call::<SetAlias>(input)?, |m| show::models(std::slice::from_ref(m)))
        }
        Verb::Alias(Alias::Rm { model, alias }) => {
            let input = RemoveAliasInput { model: model.clone(), alias: alias.clone() };
            answer(args, &noodle.call::<RemoveAlias>(input)?, |m| show::models(std::slice::from_ref(m)))
        }
        Verb::History { deployment, model, after, limit } => {
            let input =
                HistoryInput { deployment: deployment.clone(), model: model.clone(), after: *after, limit: *limit };
            answer(args, &noodle.call::<History>(input)?, show::history)
        }
        Verb::Health { name } => {
            let report = noodle.call::<GetHealth>(DeploymentFilter { deployment: name.clone() })?;
            let exit = if report.ready { 0 } else { exit::NOT_READY };
            answer(args, &report, show::health).map(|a| a.exit(exit))
        }
        Verb::Metrics { name } => {
            // A process of the command line serves nobody.
            let report = noodle.call::<GetTraffic>(DeploymentFilter { deployment: name.clone() })?;
            answer(args, &report, show::metrics)
        }
        Verb::Resources => {
            // Percentages are over the time between two readings.
            noodle.call::<GetResources>(Nothing {})?;
            std::thread::sleep(Duration::from_millis(250));
            answer(args, &noodle.call::<GetResources>(Nothing {})?, show::resources)
        }
        Verb::Verify { since, artifacts } => {
            let since = since.as_ref().map(head).transpose()?;
            let report = call::<AuditVerify>(noodle, AuditVerifyInput { since, artifacts: *artifacts })?;
            answer(args, &report, |r| {
                let cut = r.cut.map(|cut| format!(" after {}", cut.sequence)).unwrap_or_default();
                format!(
                    "ok: {}{cut}, {}, {} checked; head {}:{}",
                    count(r.events, "event"),
                    count(r.rows.into(), "row"),
                    count(r.artifacts.into(), "artifact"),
                    r.head.sequence,
                    r.head.hash
                )
            })
        }
        Verb::Head => answer(args, &noodle.call::<AuditHead>(Nothing {})?, |h| format!("{}:{}", h.sequence, h.hash)),
        Verb::Retain { keep_events, keep_days } => {
            let keep_ms = keep_days.map(|days| u64::from(days) * DAY_MS);
            let report = call::<Retain>(noodle, RetainInput { keep_events: *keep_events, keep_ms })?;
            answer(args, &report, |r| {
                format!("removed {}; head {}:{}", count(r.removed, "event"), r.head.sequence, r.head.hash)
            })
        }
        Verb::Gc => answer(args, &call::<CollectGarbage>(noodle, Nothing {})?, |r| {
            let bytes = crate::table::bytes(r.bytes);
            format!("removed {} ({bytes}), kept {}", count(r.removed.into(), "artifact"), r.kept)
        }),
        Verb::Backup { to } => {
            let report = call::<Backup>(noodle, BackupInput { to: text(to)? })?;
            answer(args, &report, |r| format!("backed up {}", copied(r)))
        }
        Verb::Op { name, input } => op(noodle, name, input),
        Verb::Predict(_) | Verb::Restore { .. } | Verb::Schema => Answer::new(false, &(), |()| String::new()),
    }
}

fn copied(report: &BackupReport) -> String {
    let artifacts = count(report.artifacts.into(), "artifact");
    format!("the log and {artifacts}; head {}:{}", report.head.sequence, report.head.hash)
}

fn head((sequence, hash): &(u64, String)) -> Result<Head> {
    let value = serde_json::json!({ "sequence": sequence.to_string(), "hash": hash });
    serde_json::from_value(value).map_err(|e| Error::invalid("since", hash, "SEQ:HASH as `head` prints it").source(e))
}

fn ls(noodle: &Noodle, args: &Args) -> Result<Answer> {
    let deployments = noodle.call::<ListDeployments>(Nothing {})?.deployments;
    let models = noodle.call::<ListModels>(Nothing {})?.models;
    let mut versions = Vec::new();
    for model in &models {
        versions.extend(noodle.call::<ListVersions>(ModelRef { model: model.name.clone() })?.versions);
    }
    let all = serde_json::json!({ "deployments": deployments, "models": models, "versions": versions });
    answer(args, &all, |_| {
        [show::deployments(&deployments), show::models(&models), show::versions(&versions)].join("\n")
    })
}

/// Any operation, its input and output as JSON.
fn op(noodle: &Noodle, name: &str, input: &str) -> Result<Answer> {
    let bytes = if input == "-" { read(Path::new("-"), MAX_JSON_BYTES)? } else { input.as_bytes().to_vec() };
    let input = serde_json::from_slice(&bytes).map_err(|e| Error::invalid("input", e, "JSON"))?;
    let caller = Caller { actor: noodle.settings().actor.clone(), role: Role::Admin, request_id: None };
    Answer::new(true, &noodle.call_json(&caller, name, input)?, |_| String::new())
}
