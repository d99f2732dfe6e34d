//! What the child says of itself: before each operation what it is about to do, after it what the state is then.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use noodle_deploy_core::Noodle;
use noodle_deploy_core::machine::State;
use noodle_deploy_core::machine::state::{Deployment, DeploymentState, Model, VersionRecord};
use noodle_deploy_core::store::Head;
use serde::{Deserialize, Serialize};

use super::work::Op;

/// Longest time that a change whose process died may take to be finished by the next one.
const SETTLES_WITHIN: Duration = Duration::from_secs(10);

/// The rows of the state, as the interface shows them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    pub models: Vec<Model>,
    pub versions: Vec<VersionRecord>,
    pub deployments: Vec<Deployment>,
}

impl Rows {
    pub fn of(noodle: &Noodle) -> noodle_deploy_core::Result<Rows> {
        let models = noodle.versioning().models()?;
        let mut versions = Vec::new();
        for model in &models {
            versions.extend(noodle.versioning().list(&model.name)?);
        }
        let deployments = noodle.deployer().list()?.into_iter().map(|view| view.desired).collect();
        Ok(Rows { models, versions, deployments })
    }

    /// Waits until no change is under way any more.
    pub fn settled(noodle: &Noodle) -> Result<Rows, String> {
        use DeploymentState::{Deploying, Pending, Scaling, Stopping};
        let deadline = Instant::now() + SETTLES_WITHIN;
        loop {
            let rows = Rows::of(noodle).map_err(|e| e.to_string())?;
            let moving = rows.deployments.iter().find(|d| matches!(d.state, Pending | Deploying | Scaling | Stopping));
            match moving {
                None => return Ok(rows),
                Some(d) if Instant::now() > deadline => {
                    let health = noodle.monitor().health(None).map(|h| h.last_error);
                    return Err(format!("{} is still {:?} after {SETTLES_WITHIN:?}: {health:?}", d.name, d.state));
                }
                Some(_) => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    pub fn state(&self) -> State {
        let version = |v: &VersionRecord| ((v.model.clone(), v.version.clone()), v.clone());
        State {
            models: self.models.iter().map(|m| (m.name.clone(), m.clone())).collect(),
            versions: self.versions.iter().map(version).collect(),
            deployments: self.deployments.iter().map(|d| (d.name.clone(), d.clone())).collect(),
            ..State::default()
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "snake_case")]
pub enum Line {
    Opened {
        rows: Rows,
        head: Head,
    },
    Intends {
        op: Op,
    },
    Did {
        rows: Rows,
        head: Head,
        backup: Option<Head>,
    },
    /// Not done, and nothing has changed.
    Refused {
        kind: String,
        rows: Rows,
    },
    /// The disk or the database failed: done or not done.
    Failed {
        kind: String,
        why: String,
    },
    Panicked {
        why: String,
    },
    Closed {},
}

/// Says a line; it is out when this returns.
pub fn say(line: &Line) {
    let text = serde_json::to_string(line).expect("a line serialises");
    let mut out = std::io::stdout().lock();
    // The test harness does not end its lines before it runs a test.
    out.write_all(format!("\n{text}\n").as_bytes()).and_then(|()| out.flush()).expect("the journal is writable");
}

/// What is known from all that was said.
#[derive(Debug, Clone, Default)]
pub struct Journal {
    pub rows: Rows,
    pub head: Option<Head>,
    /// Operations that may or may not have happened, after `rows`.
    pub doubtful: Vec<Op>,
    /// Backups and restored copies that were acknowledged, with their heads.
    pub copies: BTreeMap<String, Head>,
    pub panics: Vec<String>,
    /// What was under way when the process died.
    pub last: Option<&'static str>,
    pub acknowledged: u64,
    pub lines: u64,
}

impl Journal {
    pub fn read(path: &Path) -> Result<Journal, String> {
        let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let mut journal = Journal::default();
        journal.extend(&String::from_utf8_lossy(&bytes))?;
        Ok(journal)
    }

    /// Takes in what one process said.
    pub fn extend(&mut self, text: &str) -> Result<(), String> {
        self.last = Some("open");
        let mut under_way: Option<Op> = None;
        for text in text.lines().filter(|line| line.starts_with("{\"said\"")) {
            // The last line of a killed process may be torn: then it was not said.
            let Ok(line) = serde_json::from_str(text) else { continue };
            self.lines += 1;
            match line {
                Line::Intends { op } => {
                    self.last = Some(op.name());
                    under_way = Some(op);
                }
                Line::Opened { rows, head } => {
                    super::judge::recovered(self, &rows).map_err(|why| format!("after an open: {why}"))?;
                    self.last = None;
                    self.doubtful.clear();
                    (self.rows, self.head) = (rows, Some(head));
                }
                Line::Did { rows, head, backup } => {
                    let op = under_way.take().ok_or("done without intention")?;
                    self.acknowledged += 1;
                    self.last = None;
                    if let (Op::Backup { name } | Op::Restore { name, .. }, Some(head)) = (&op, backup) {
                        self.copies.insert(name.clone(), head);
                    }
                    // Its append proved that this process knew the whole stream.
                    self.doubtful.retain(|other| {
                        (other.model(), other.deployment()) != (op.model(), op.deployment())
                            || op.model().or(op.deployment()).is_none()
                    });
                    (self.rows, self.head) = (rows, Some(head));
                }
                Line::Refused { kind, rows } => {
                    let op = under_way.take().ok_or("refused without intention")?;
                    self.last = None;
                    super::judge::unchanged(self, &rows)
                        .map_err(|why| format!("{op:?} was refused ({kind}): {why}"))?;
                }
                Line::Failed { .. } => self.doubtful.extend(under_way.take()),
                Line::Panicked { why } => self.panics.push(why),
                Line::Closed {} => self.last = None,
            }
        }
        self.doubtful.extend(under_way);
        Ok(())
    }
}
