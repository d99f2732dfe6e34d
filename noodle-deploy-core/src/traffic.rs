//! What all processes of a directory served: each writes what it counted, whoever asks adds up.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{Error, ErrorKind, Result};
use crate::machine::trial::Trial;
use crate::metrics::recorder::Recorder;
use crate::metrics::segments::Segments;
use crate::metrics::totals::Totals;
use crate::noodle::Inner;
use crate::store::TrafficRow;

/// Revisions of one deployment that are kept of processes that are gone.
const KEPT: usize = 16;

/// What is counted by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    deployment: String,
    revision: u32,
    /// None: requests that nothing tries anything with.
    trial: Option<Trial>,
}

impl Key {
    /// Whether what it counts are requests of callers.
    fn is_traffic(&self) -> bool {
        self.trial.is_none_or(Trial::is_traffic)
    }
}

/// The counts of this process.
#[derive(Default)]
pub(crate) struct Traffic(Mutex<Shares>);

#[derive(Default)]
struct Shares {
    of: BTreeMap<Key, Share>,
    next: u64,
}

struct Share {
    recorder: Arc<Recorder>,
    /// Distinguishes it from an earlier one of the same revision, whose row stays.
    number: u64,
    /// Requests that began or ended by what was written last.
    written: u64,
}

impl Traffic {
    fn lock(&self) -> MutexGuard<'_, Shares> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a revision's requests, or those that something is tried with, are recorded in, as long as the process is open
    /// or somebody holds it.
    pub(crate) fn recorder(&self, deployment: &str, revision: u32, trial: Option<Trial>) -> Arc<Recorder> {
        let mut shares = self.lock();
        let Shares { of, next } = &mut *shares;
        let new = || {
            *next += 1;
            Share { recorder: Arc::default(), number: *next, written: 0 }
        };
        let key = Key { deployment: deployment.to_owned(), revision, trial };
        of.entry(key).or_insert_with(new).recorder.clone()
    }

    /// What this process has counted of a revision, by rollouts and else.
    pub(crate) fn here(&self, deployment: &str, revision: u32) -> Totals {
        let shares = self.lock();
        let of = shares.of.iter().filter(|(key, _)| key.deployment == deployment && key.revision == revision);
        of.filter(|(key, _)| key.is_traffic()).fold(Totals::default(), |mut sum, (_, share)| {
            sum.merge(&share.recorder.totals());
            sum
        })
    }

    /// Counts that changed since they were written last, with the number of the share.
    fn changed(&self) -> Vec<(Key, u64, Totals)> {
        let shares = self.lock();
        let totals = shares.of.iter().map(|(key, share)| (key, share, share.recorder.totals()));
        let changed = totals.filter(|(_, share, totals)| totals.far() != share.written);
        changed.map(|(key, share, totals)| (key.clone(), share.number, totals)).collect()
    }

    fn wrote(&self, written: &[(Key, u64, Totals)]) {
        let mut shares = self.lock();
        for (key, _, totals) in written {
            if let Some(share) = shares.of.get_mut(key) {
                share.written = totals.far();
            }
        }
    }

    /// Forgets revisions that nobody serves any more, once all they counted is written. What an experiment counts stays as
    /// long as somebody may record more.
    fn forget(&self, is_current: impl Fn(&str, Trial) -> bool) {
        let over =
            |share: &Share| Arc::strong_count(&share.recorder) == 1 && share.recorder.totals().far() == share.written;
        let stays = |key: &Key| key.trial.is_some_and(|trial| is_current(&key.deployment, trial));
        self.lock().of.retain(|key, share| !over(share) || stays(key));
    }
}

/// The name of a share: the open handle that it is of, its number, and what it is counted for. Nothing but the last for
/// what handles that are gone have left.
fn instance(id: &str, number: u64, trial: Option<Trial>) -> String {
    match trial {
        Some(trial) => format!("{id}/{number}/{trial}"),
        None => format!("{id}/{number}"),
    }
}

fn settled(trial: Option<Trial>) -> String {
    trial.map_or_else(String::new, |trial| format!("//{trial}"))
}

fn handle(instance: &str) -> &str {
    instance.split('/').next().unwrap_or_default()
}

fn trial(instance: &str) -> Option<Trial> {
    Trial::parse(instance.split('/').nth(2)?)
}

fn is_traffic(row: &TrafficRow) -> bool {
    trial(&row.instance).is_none_or(Trial::is_traffic)
}

fn totals(row: &TrafficRow) -> Result<Totals> {
    serde_json::from_str(&row.value).map_err(|e| {
        Error::new(ErrorKind::Corrupt, "counts of requests do not read")
            .with("deployment", &row.deployment)
            .with("revision", row.revision)
            .source(e)
    })
}

fn row(key: &Key, instance: String, at: u64, totals: &Totals) -> Result<TrafficRow> {
    let value = serde_json::to_string(totals).map_err(|e| Error::new(ErrorKind::Internal, "no JSON").source(e))?;
    Ok(TrafficRow { deployment: key.deployment.clone(), revision: key.revision, instance, at, value })
}

/// Adds rows of one revision up.
fn sum<'a>(rows: impl IntoIterator<Item = &'a TrafficRow>) -> Result<Totals> {
    let mut sum = Totals::default();
    rows.into_iter().try_for_each(|row| totals(row).map(|totals| sum.merge(&totals)))?;
    Ok(sum)
}

impl Inner {
    /// Writes what changed since the last time.
    pub(crate) fn write_traffic(&self) -> Result<()> {
        let (Some(presence), Some(rows)) = (&self.presence, self.control.store().traffic()) else { return Ok(()) };
        let changed = self.traffic.changed();
        if !changed.is_empty() {
            let at = self.clock.now();
            let put =
                changed.iter().map(|(key, n, totals)| row(key, instance(presence.id(), *n, key.trial), at, totals));
            rows.write(&put.collect::<Result<Vec<_>>>()?, &[])?;
            self.traffic.wrote(&changed);
        }
        let state = self.control.read();
        let is_current = |name: &str, trial: Trial| state.deployments.get(name).is_some_and(|d| trial.is_current(d));
        self.traffic.forget(is_current);
        Ok(())
    }

    /// Gathers the rows of processes that are gone, and drops those of revisions that are long past. Only the holder of
    /// the lease does this.
    pub(crate) fn settle_traffic(&self) -> Result<()> {
        let (Some(presence), Some(store)) = (&self.presence, self.control.store().traffic()) else { return Ok(()) };
        let open: BTreeSet<String> = self.control.store().instances()?.into_iter().map(|i| i.id).collect();
        let rows = store.read(None)?;
        let is_gone = |row: &&TrafficRow| {
            let id = handle(&row.instance);
            id != presence.id() && !open.contains(id)
        };
        let (mut put, mut remove) = (Vec::new(), Vec::new());
        let state = self.control.read();
        // Requests that something was tried with which is over are requests like any other.
        let goes_on = |name: &str, trial: &Trial| state.deployments.get(name).is_some_and(|d| trial.is_current(d));
        let mut gone: BTreeMap<Key, Vec<&TrafficRow>> = BTreeMap::new();
        for row in rows.iter().filter(is_gone) {
            let trial = trial(&row.instance).filter(|trial| goes_on(&row.deployment, trial));
            if trial.is_none() && !is_traffic(row) {
                remove.push(row.clone());
                continue;
            }
            let key = Key { deployment: row.deployment.clone(), revision: row.revision, trial };
            gone.entry(key).or_default().push(row);
        }
        let mut kept: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
        // The newest revisions first.
        for (key, shares) in gone.iter().rev() {
            let name = settled(key.trial);
            let done = matches!(shares[..], [one] if one.instance == name);
            let revisions = kept.entry(&key.deployment).or_default();
            revisions.insert(key.revision);
            if !state.deployments.contains_key(&key.deployment) || revisions.len() > KEPT {
                remove.extend(shares.iter().map(|row| (*row).clone()));
            } else if !done {
                remove.extend(shares.iter().map(|row| (*row).clone()));
                let mut sum = sum(shares.iter().copied())?;
                if key.trial.is_none() {
                    (sum.exposures, sum.outcomes) = (Vec::new(), BTreeMap::new());
                    sum.segments = Segments::default();
                }
                put.push(row(key, name, self.clock.now(), &sum)?);
            }
        }
        drop(state);
        if put.is_empty() && remove.is_empty() { Ok(()) } else { store.write(&put, &remove) }
    }

    /// What each open process has counted of one revision: this one up to now, the others up to what they wrote last.
    pub(crate) fn shares_of(&self, deployment: &str, revision: u32) -> Result<BTreeMap<String, Totals>> {
        let own = self.presence.as_ref().map_or("", |presence| presence.id());
        let rows = self.control.store().traffic().map_or(Ok(Vec::new()), |store| store.read(Some(deployment)))?;
        let others = rows.iter().filter(|row| row.revision == revision && is_traffic(row));
        let others = others.filter(|row| !["", own].contains(&handle(&row.instance)));
        let mut shares: BTreeMap<String, Totals> =
            others.map(|row| Ok((row.instance.clone(), totals(row)?))).collect::<Result<_>>()?;
        let counted = self.traffic.lock();
        let of = counted.of.iter().filter(|(key, _)| key.deployment == deployment && key.revision == revision);
        let of = of.filter(|(key, _)| key.is_traffic());
        shares.extend(of.map(|(key, share)| (instance(own, share.number, key.trial), share.recorder.totals())));
        Ok(shares)
    }

    /// What was counted of each arm, by its revision and what is tried with it: by this process up to now, by the others up to
    /// what they wrote last.
    pub(crate) fn arms_of(&self, deployment: &str, arms: &[(u32, Trial)]) -> Result<Vec<Totals>> {
        let own = self.presence.as_ref().map_or("", |presence| presence.id());
        let rows = self.control.store().traffic().map_or(Ok(Vec::new()), |store| store.read(Some(deployment)))?;
        let one = |(revision, of): &(u32, Trial)| {
            let recorder = {
                let key = Key { deployment: deployment.to_owned(), revision: *revision, trial: Some(*of) };
                self.traffic.lock().of.get(&key).map(|share| (share.recorder.clone(), share.number))
            };
            // What this process counts now is newer than what it wrote.
            let newer = recorder.as_ref().map(|(_, number)| instance(own, *number, Some(*of)));
            let mine = |row: &&TrafficRow| row.revision == *revision && trial(&row.instance) == Some(*of);
            let mut sum = sum(rows.iter().filter(mine).filter(|row| Some(&row.instance) != newer.as_ref()))?;
            if let Some((recorder, _)) = recorder {
                sum.merge(&recorder.totals());
            }
            Ok(sum)
        };
        arms.iter().map(one).collect()
    }

    /// What all processes have counted of a deployment's revisions, newest first: this one up to now, the others up to
    /// what they wrote last. With each, the number of open processes that have.
    pub(crate) fn traffic_of(&self, deployment: &str) -> Result<Vec<(u32, Totals, u32)>> {
        let own = self.presence.as_ref().map_or("", |presence| presence.id());
        let rows = self.control.store().traffic().map_or(Ok(Vec::new()), |store| store.read(Some(deployment)))?;
        let mut found: BTreeMap<u32, (Totals, BTreeSet<String>)> = BTreeMap::new();
        let mut add = |revision, totals: &Totals, instance: &str| {
            let (sum, processes) = found.entry(revision).or_default();
            sum.merge(totals);
            processes.extend(Some(handle(instance)).filter(|id| !id.is_empty()).map(str::to_owned));
        };
        let ours: Vec<(u32, String, Totals)> = {
            let shares = self.traffic.lock();
            let of = shares.of.iter().filter(|(key, _)| key.deployment == deployment && key.is_traffic());
            of.map(|(key, s)| (key.revision, instance(own, s.number, key.trial), s.recorder.totals())).collect()
        };
        for row in rows.iter().filter(|row| is_traffic(row)) {
            // What this process counts now is newer than what it wrote.
            let newer =
                |(revision, name, _): &(u32, String, Totals)| (*revision, name) == (row.revision, &row.instance);
            if !ours.iter().any(newer) {
                add(row.revision, &totals(row)?, &row.instance);
            }
        }
        // A handle that is read-only has no name, and counts all the same.
        let named = |name: &str| if own.is_empty() { format!("here{name}") } else { name.to_owned() };
        ours.iter().for_each(|(revision, name, totals)| add(*revision, totals, &named(name)));
        let counted = found.into_iter().rev();
        Ok(counted.map(|(revision, (totals, processes))| (revision, totals, processes.len() as u32)).collect())
    }
}
