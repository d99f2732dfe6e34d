//! Operations as the journal writes them down, and what each may change.

use std::path::Path;

use noodle_deploy_core::ops::Nothing;
use noodle_deploy_core::ops::audit::{Retain, RetainInput};
use noodle_deploy_core::ops::deployments as dep;
use noodle_deploy_core::ops::directory::{Backup, BackupInput, BackupReport, CollectGarbage};
use noodle_deploy_core::ops::versions as ver;
use noodle_deploy_core::settings::Strategy;
use noodle_deploy_core::{Noodle, Result};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Op {
    Register { model: String, path: String },
    Delete { model: String, version: String },
    SetAlias { model: String, alias: String, version: String },
    RemoveAlias { model: String, alias: String },
    Deploy { deployment: String, model: String, version: String, blue_green: bool, replicas: Option<u32> },
    Promote { deployment: String, version: String },
    Rollback { deployment: String },
    Scale { deployment: String, replicas: u32 },
    Undeploy { deployment: String, force: bool },
    Gc,
    Retain { keep: u32 },
    Backup { name: String },
    Restore { from: String, name: String },
}

impl Op {
    pub fn name(&self) -> &'static str {
        match self {
            Op::Register { .. } => "register",
            Op::Delete { .. } => "delete",
            Op::SetAlias { .. } => "set_alias",
            Op::RemoveAlias { .. } => "remove_alias",
            Op::Deploy { blue_green: false, .. } => "deploy",
            Op::Deploy { blue_green: true, .. } => "deploy_blue_green",
            Op::Promote { .. } => "promote",
            Op::Rollback { .. } => "rollback",
            Op::Scale { .. } => "scale",
            Op::Undeploy { .. } => "undeploy",
            Op::Gc => "gc",
            Op::Retain { .. } => "retain",
            Op::Backup { .. } => "backup",
            Op::Restore { .. } => "restore",
        }
    }

    /// The model whose rows it may change.
    pub fn model(&self) -> Option<&str> {
        match self {
            Op::Register { model, .. }
            | Op::Delete { model, .. }
            | Op::SetAlias { model, .. }
            | Op::RemoveAlias { model, .. } => Some(model),
            _ => None,
        }
    }

    /// The deployment whose row it may change.
    pub fn deployment(&self) -> Option<&str> {
        match self {
            Op::Deploy { deployment, .. }
            | Op::Promote { deployment, .. }
            | Op::Rollback { deployment }
            | Op::Scale { deployment, .. }
            | Op::Undeploy { deployment, .. } => Some(deployment),
            _ => None,
        }
    }

    /// Does it, and checks that what the call returns is what was asked for. The report is that of a backup.
    pub fn run(&self, noodle: &Noodle, root: &Path) -> Result<Option<BackupReport>> {
        let text = |path: std::path::PathBuf| path.to_str().expect("paths of tests are UTF-8").to_owned();
        match self.clone() {
            Op::Register { model, path } => {
                let input = ver::RegisterVersionInput { model, path, ..Default::default() };
                noodle.call::<ver::RegisterVersion>(input)?;
            }
            Op::Delete { model, version } => {
                noodle.call::<ver::DeleteVersion>(ver::DeleteVersionInput { model, version })?;
            }
            Op::SetAlias { model, alias, version } => {
                let input = ver::SetAliasInput { model, alias: alias.clone(), version: version.clone() };
                let model = noodle.call::<ver::SetAlias>(input)?;
                assert_eq!(model.aliases.get(&alias), Some(&version), "{self:?}");
            }
            Op::RemoveAlias { model, alias } => {
                let model = noodle.call::<ver::RemoveAlias>(ver::RemoveAliasInput { model, alias: alias.clone() })?;
                assert!(!model.aliases.contains_key(&alias), "{self:?}");
            }
            Op::Deploy { deployment, model, version, blue_green, replicas } => {
                let strategy = if blue_green { Strategy::BlueGreen } else { Strategy::Immediate };
                let input = dep::DeployInput {
                    model: Some(model),
                    strategy: Some(strategy),
                    replicas,
                    ..dep::DeployInput::new(deployment, version.clone())
                };
                let view = noodle.call::<dep::Deploy>(input)?;
                assert!(view.desired.revision_of(&version).is_some(), "{self:?}: {view:?}");
                if !blue_green {
                    assert_eq!(active(&view), Some(version), "{self:?}");
                }
            }
            Op::Promote { deployment, version } => {
                let input = dep::PromoteInput { deployment, version: Some(version.clone()) };
                assert_eq!(active(&noodle.call::<dep::Promote>(input)?), Some(version), "{self:?}");
            }
            Op::Rollback { deployment } => {
                let before = noodle.deployer().get(&deployment)?.desired;
                let input = dep::RollbackInput { deployment, version: None, reason: None };
                let after = noodle.call::<dep::Rollback>(input)?.desired;
                // Of a change that a failing disk has left over, the change is what is rolled back.
                assert!(after.active != before.active || before.loading().is_some(), "{self:?}: {before:?} {after:?}");
            }
            Op::Scale { deployment, replicas } => {
                let view = noodle.call::<dep::Scale>(dep::ScaleInput { deployment, replicas })?;
                assert_eq!(view.desired.replicas, replicas, "{self:?}");
            }
            Op::Undeploy { deployment, force } => {
                let view = noodle.call::<dep::Undeploy>(dep::UndeployInput { deployment, force })?;
                assert_eq!(active(&view), None, "{self:?}");
            }
            Op::Gc => {
                noodle.call::<CollectGarbage>(Nothing {})?;
            }
            Op::Retain { keep } => {
                let input = RetainInput { keep_events: Some(keep), keep_ms: None };
                let report = noodle.call::<Retain>(input)?;
                assert_eq!(report.cut.is_some(), report.removed > 0, "{self:?}: {report:?}");
            }
            Op::Backup { name } => {
                return noodle.call::<Backup>(BackupInput { to: text(root.join(name)) }).map(Some);
            }
            Op::Restore { from, name } => return Noodle::restore(root.join(from), root.join(name)).map(Some),
        }
        Ok(None)
    }
}

fn active(view: &dep::DeploymentView) -> Option<String> {
    view.desired.active_revision().map(|r| r.version.clone())
}
