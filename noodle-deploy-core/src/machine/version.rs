//! Versions and aliases: which events fit, and what they change.

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::machine::evaluation;
use crate::machine::state::{
    DeploymentState, Model, RevisionStatus, State, VersionPin, VersionRecord, VersionStatus, misfit,
};
use crate::model::kind::ModelKind;

/// Checks a name: 1 to 128 of ASCII letters, digits, `.`, `_` and `-`, beginning with a letter or digit.
///
/// # Errors
/// `invalid_argument` that names the field.
pub fn check_name(field: &'static str, name: &str) -> Result<()> {
    let fits = (1..=128).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        && name.as_bytes()[0].is_ascii_alphanumeric();
    if fits {
        Ok(())
    } else {
        Err(Error::invalid(
            field,
            format!("{:?}", name.chars().take(140).collect::<String>()),
            "1 to 128 letters, digits, '.', '_' and '-', the first a letter or digit",
        ))
    }
}

fn parse(version: &str) -> Result<semver::Version> {
    semver::Version::parse(version)
        .map_err(|e| Error::invalid("version", format!("{version:?}"), "a semantic version, as in 1.4.0").source(e))
}

/// The version that follows the latest one: the next major.
///
/// # Errors
/// `invalid_argument` where none follows.
pub fn next_version(latest: Option<&str>) -> Result<String> {
    match latest {
        None => Ok("1.0.0".to_owned()),
        Some(latest) => match parse(latest)?.major.checked_add(1) {
            Some(major) => Ok(semver::Version::new(major, 0, 0).to_string()),
            None => Err(Error::invalid("version", "nothing", format!("a version: none follows {latest} by itself"))),
        },
    }
}

pub(super) fn register(state: &State, model_type: ModelKind, record: &VersionRecord) -> Result<Vec<Event>> {
    check_name("model", &record.model)?;
    let number = parse(&record.version)?;
    if number.to_string() != record.version {
        return Err(Error::invalid("version", &record.version, number));
    }
    if let Some(model) = state.models.get(&record.model)
        && model.model_type != model_type
    {
        return Err(Error::conflict("the model has another type")
            .with("model", &record.model)
            .with("model_type", model.model_type));
    }
    let key = (record.model.clone(), record.version.clone());
    if let Some(existing) = state.versions.get(&key) {
        return Err(Error::conflict("the version exists; versions are immutable")
            .with("model", &record.model)
            .with("version", &record.version)
            .with("digest", existing.digest));
    }
    if state.models.get(&record.model).is_some_and(|m| m.deleted.contains(&record.version)) {
        return Err(Error::conflict("the version was deleted; its number is not used again")
            .with("model", &record.model)
            .with("version", &record.version));
    }
    for pin in &record.uses {
        refuse_retired(part(state, pin)?)?;
    }
    let mut record = record.clone();
    if let Some(parent) = &mut record.parent {
        // An alias moves; lineage does not.
        let found = state.resolve(&record.model, parent).map_err(|e| e.with("field", "parent"))?;
        parent.clone_from(&found.version);
    }
    Ok(vec![Event::VersionRegistered { model_type, record: Box::new(record) }])
}

pub(super) fn set_status(
    state: &State,
    model: &str,
    version: &str,
    to: VersionStatus,
    reason: Option<&str>,
) -> Result<Vec<Event>> {
    let record = state.resolve(model, version)?;
    if record.status == to {
        return Ok(Vec::new());
    }
    if !record.status.allows(to) {
        return Err(Error::conflict("the status does not allow this change")
            .with("from", format!("{:?}", record.status).to_lowercase())
            .with("to", format!("{to:?}").to_lowercase()));
    }
    if to == VersionStatus::Retired {
        refuse_if_used(state, record)?;
        refuse_if_part(state, record, |pipeline| pipeline.status != VersionStatus::Retired)?;
    }
    Ok(vec![Event::VersionStatusChanged {
        version: record.version.clone(),
        from: record.status,
        to,
        reason: reason.map(str::to_owned),
    }])
}

fn refuse_if_used(state: &State, record: &VersionRecord) -> Result<()> {
    let used = state.deployments.values().find(|d| {
        d.model == record.model
            && d.state != DeploymentState::Stopped
            && d.revisions.iter().any(|r| {
                r.version == record.version
                    && (matches!(r.status, RevisionStatus::Loading | RevisionStatus::Ready | RevisionStatus::Active)
                        || d.previous.contains(&r.number))
            })
    });
    match used {
        Some(d) => Err(Error::conflict("a deployment serves this version or can roll back to it")
            .with("deployment", &d.name)
            .with("version", &record.version)),
        None => Ok(()),
    }
}

/// A version that another one names by its number.
pub(crate) fn part<'a>(state: &'a State, pin: &VersionPin) -> Result<&'a VersionRecord> {
    let found = state.versions.get(&(pin.model.clone(), pin.version.clone()));
    found.ok_or_else(|| Error::not_found("version", &pin.version).with("model", &pin.model))
}

/// What a pipeline is made of stays as long as the pipeline may need it.
fn refuse_if_part(state: &State, record: &VersionRecord, needs: impl Fn(&VersionRecord) -> bool) -> Result<()> {
    let is_part = |pin: &VersionPin| pin.model == record.model && pin.version == record.version;
    let pipeline = state.versions.values().find(|other| other.uses.iter().any(is_part) && needs(other));
    match pipeline {
        Some(pipeline) => Err(Error::conflict("a pipeline is made of this version")
            .with("pipeline", format!("{} {}", pipeline.model, pipeline.version))
            .with("version", &record.version)),
        None => Ok(()),
    }
}

pub(super) fn refuse_retired(record: &VersionRecord) -> Result<()> {
    match record.status {
        VersionStatus::Retired => {
            Err(Error::conflict("the version is retired").with("model", &record.model).with("version", &record.version))
        }
        _ => Ok(()),
    }
}

pub(super) fn delete(state: &State, model: &str, version: &str) -> Result<Vec<Event>> {
    let record = state.resolve(model, version)?;
    refuse_if_used(state, record)?;
    refuse_if_part(state, record, |_| true)?;
    let model = &state.models[model];
    if let Some((alias, _)) = model.aliases.iter().find(|(_, v)| **v == record.version) {
        return Err(Error::conflict("an alias names this version").with("alias", alias));
    }
    if let Some(child) = state.versions_of(&record.model).find(|v| v.parent.as_ref() == Some(&record.version)) {
        return Err(Error::conflict("another version names this one as its parent").with("child", &child.version));
    }
    Ok(vec![Event::VersionDeleted { version: record.version.clone() }])
}

pub(super) fn set_alias(state: &State, model: &str, alias: &str, version: &str) -> Result<Vec<Event>> {
    check_name("alias", alias)?;
    if alias == "latest" || semver::Version::parse(alias).is_ok() {
        return Err(Error::invalid("alias", alias, "a name that is neither `latest` nor a version"));
    }
    let record = state.resolve(model, version)?;
    refuse_retired(record)?;
    let previous = state.models[model].aliases.get(alias).cloned();
    if previous.as_ref() == Some(&record.version) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::AliasSet { alias: alias.to_owned(), version: record.version.clone(), previous }])
}

pub(super) fn remove_alias(state: &State, model: &str, alias: &str) -> Result<Vec<Event>> {
    let found = state.models.get(model).ok_or_else(|| Error::not_found("model", model))?;
    let previous = found.aliases.get(alias).ok_or_else(|| Error::not_found("alias", alias).with("model", model))?;
    Ok(vec![Event::AliasRemoved { alias: alias.to_owned(), previous: previous.clone() }])
}

pub(super) fn apply(state: &mut State, name: &str, at: Millis, event: &Event) -> Result<()> {
    match event {
        Event::VersionRegistered { model_type, record } => {
            let model = state.models.entry(name.to_owned()).or_insert_with(|| Model {
                name: name.to_owned(),
                model_type: *model_type,
                latest: record.version.clone(),
                aliases: Default::default(),
                deleted: Vec::new(),
                created_at: at,
            });
            if parse(&record.version)? > parse(&model.latest)? {
                model.latest.clone_from(&record.version);
            }
            let record = VersionRecord { created_at: at, ..(**record).clone() };
            state.versions.insert((name.to_owned(), record.version.clone()), record);
        }
        Event::VersionAnnotated { version, description, tags, metrics } => {
            let record = row(state, name, version)?;
            if let Some(description) = description {
                record.description.clone_from(description);
            }
            for (key, value) in tags {
                if value.is_empty() {
                    record.tags.remove(key);
                } else {
                    record.tags.insert(key.clone(), value.clone());
                }
            }
            record.metrics.extend(metrics.iter().map(|(k, v)| (k.clone(), *v)));
        }
        Event::VersionProbed { version, probes, engine } => {
            let record = row(state, name, version)?;
            record.probes = Some(*probes);
            record.probes_from = Some(engine.clone());
        }
        Event::VersionEvaluated { version, evaluation } => evaluation::keep(row(state, name, version)?, at, evaluation),
        Event::VersionStatusChanged { version, to, .. } => row(state, name, version)?.status = *to,
        Event::VersionDeleted { version } => {
            state.versions.remove(&(name.to_owned(), version.clone()));
            let model = state.models.get_mut(name).ok_or_else(|| misfit("model", name))?;
            model.deleted.push(version.clone());
        }
        Event::AliasSet { alias, version, .. } => {
            let model = state.models.get_mut(name).ok_or_else(|| misfit("model", name))?;
            model.aliases.insert(alias.clone(), version.clone());
        }
        Event::AliasRemoved { alias, .. } => {
            let model = state.models.get_mut(name).ok_or_else(|| misfit("model", name))?;
            model.aliases.remove(alias);
        }
        _ => return Err(misfit("deployment event in a model stream", name)),
    }
    Ok(())
}

fn row<'a>(state: &'a mut State, model: &str, version: &str) -> Result<&'a mut VersionRecord> {
    state.versions.get_mut(&(model.to_owned(), version.to_owned())).ok_or_else(|| misfit("version", version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_version_is_the_next_major_while_there_is_one() {
        assert_eq!(next_version(None).unwrap(), "1.0.0");
        assert_eq!(next_version(Some("1.4.2")).unwrap(), "2.0.0");
        let last = format!("{}.0.0", u64::MAX);
        assert_eq!(next_version(Some(&last)).unwrap_err().get("field"), Some("version"));
    }
}
