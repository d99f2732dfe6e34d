//! What is said of autoscaling on a deployment: what is left out has the policy's default.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::policy::{AutoscalePolicy, LatencyObjective, Span, VerticalBounds};
use crate::error::{Error, ErrorKind, Result};

/// When a deployment gets more replicas in each process, or fewer. Times are in milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AutoscaleConfig {
    /// Replicas at least, 1 or more: a deployment that is loaded on demand goes when it is idle. Default 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_replicas: Option<u32>,
    /// Replicas at most, 1 to 1024. Default 16.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_replicas: Option<u32>,
    /// Requests that a replica should have in flight on average. Default: 85 % of what it works on at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_in_flight: Option<f64>,
    /// Time that requests should wait for a replica at most. Default: what the objective leaves beside the service time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_queue_delay_ms: Option<f64>,
    /// What latency is promised. Default none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<LatencyObjective>,
    /// The longest look back. Default 60 000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stable_window_ms: Option<u32>,
    /// The shortest look back, for sudden changes. Default 2 000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panic_window_ms: Option<u32>,
    /// Need over ready replicas at which nothing is removed and no cooldown delays an addition. Default 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panic_threshold: Option<f64>,
    /// Share by which demand may grow before a removal would be regretted. Default 0.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<f64>,
    /// Time for which the need has to stay low before replicas go. Default 60 000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down_stabilisation_ms: Option<u32>,
    /// Time for which replicas are kept at most for a burst that is expected back. Default 300 000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst_hold_ms: Option<u32>,
    /// Time after any change before the next addition. Default 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cooldown_up_ms: Option<u32>,
    /// Time after any change before the next removal. Default 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cooldown_down_ms: Option<u32>,
    /// Whether recommendations are only shown. Default false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
    /// How replicas themselves may change. Default: not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vertical: Option<VerticalConfig>,
}

/// Between which bounds threads of a request and rows of a batch follow the objective; what has no `max` does not
/// change. Each change is a revision of the same version.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VerticalConfig {
    /// Threads of one request at least, 1 to 256. Default 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_threads: Option<u32>,
    /// Threads of one request at most, 1 to 256. Default: they do not change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_threads: Option<u32>,
    /// Rows of one batch at least, 1 to 4096. Default 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_batch_size: Option<u32>,
    /// Rows of one batch at most, 1 to 4096, where the deployment batches. Default: they do not change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_batch_size: Option<u32>,
    /// Time after such a change before the next one; at least a stable window counts. Default 60 000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cooldown_ms: Option<u32>,
}

impl VerticalConfig {
    fn bounds(&self) -> VerticalBounds {
        let span = |min: Option<u32>, max: Option<u32>| max.map(|max| Span { min: min.unwrap_or(1), max });
        let default = VerticalBounds::default();
        VerticalBounds {
            threads: span(self.min_threads, self.max_threads),
            batch: span(self.min_batch_size, self.max_batch_size),
            memory: None,
            cooldown_ms: self.cooldown_ms.map_or(default.cooldown_ms, u64::from),
        }
    }

    fn validate(&self) -> Result<()> {
        let alone = |min: Option<u32>, max: Option<u32>| min.filter(|_| max.is_none());
        let missing = [
            ("max_threads", alone(self.min_threads, self.max_threads)),
            ("max_batch_size", alone(self.min_batch_size, self.max_batch_size)),
        ];
        match missing.into_iter().find_map(|(field, min)| Some((field, min?))) {
            None => Ok(()),
            Some((field, min)) => Err(Error::invalid(
                format!("vertical.{field}"),
                "nothing",
                format!("{min} or more, as the least is given"),
            )),
        }
    }
}

/// The field of the policy as this configuration names it.
fn named(field: &str) -> String {
    let names = [
        ("vertical.threads.min", "vertical.min_threads"),
        ("vertical.threads.max", "vertical.max_threads"),
        ("vertical.batch.min", "vertical.min_batch_size"),
        ("vertical.batch.max", "vertical.max_batch_size"),
    ];
    let name = names.into_iter().find(|(of, _)| *of == field).map_or(field, |(_, name)| name);
    format!("autoscale/{}", name.replace('.', "/"))
}

impl AutoscaleConfig {
    /// The policy that this means.
    pub fn policy(&self) -> AutoscalePolicy {
        let default = AutoscalePolicy::default();
        let ms = |ms: Option<u32>, default: u64| ms.map_or(default, u64::from);
        AutoscalePolicy {
            min_replicas: self.min_replicas.unwrap_or(default.min_replicas),
            max_replicas: self.max_replicas.unwrap_or(default.max_replicas),
            target_in_flight: self.target_in_flight,
            target_queue_delay_ms: self.target_queue_delay_ms,
            latency: self.latency,
            stable_window_ms: ms(self.stable_window_ms, default.stable_window_ms),
            panic_window_ms: ms(self.panic_window_ms, default.panic_window_ms),
            panic_threshold: self.panic_threshold.unwrap_or(default.panic_threshold),
            tolerance: self.tolerance.unwrap_or(default.tolerance),
            down_stabilisation_ms: ms(self.down_stabilisation_ms, default.down_stabilisation_ms),
            burst_hold_ms: ms(self.burst_hold_ms, default.burst_hold_ms),
            cooldown_up_ms: ms(self.cooldown_up_ms, default.cooldown_up_ms),
            cooldown_down_ms: ms(self.cooldown_down_ms, default.cooldown_down_ms),
            dry_run: self.dry_run.unwrap_or(default.dry_run),
            vertical: self.vertical.as_ref().map(VerticalConfig::bounds),
            ..default
        }
    }

    /// Checks every field against its range, and fields against each other.
    ///
    /// # Errors
    /// `invalid_argument` with the field, its value and what is allowed.
    pub fn validate(&self) -> Result<()> {
        let policy = self.policy();
        let floor = match policy.min_replicas {
            0 => Err(Error::invalid("min_replicas", 0, "1 or more; `on_demand` loading for a deployment that may go")),
            _ => Ok(()),
        };
        let vertical = self.vertical.as_ref().map_or(Ok(()), VerticalConfig::validate);
        floor.and(vertical).and_then(|()| policy.validate()).map_err(|error| {
            let of = |key| error.get(key).unwrap_or_default().to_owned();
            let field = named(&of("field"));
            Error::new(ErrorKind::InvalidArgument, format!("{field} is not valid"))
                .with("field", field)
                .with("value", of("value"))
                .with("allowed", of("allowed"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_has_its_default_and_errors_name_the_path() {
        assert_eq!(AutoscaleConfig::default().policy(), AutoscalePolicy::default());
        AutoscaleConfig::default().validate().unwrap();
        let latency = Some(LatencyObjective { quantile: 2.0, ms: 10.0 });
        let error = AutoscaleConfig { latency, ..AutoscaleConfig::default() }.validate().unwrap_err();
        assert_eq!(error.get("field"), Some("autoscale/latency/quantile"));
        assert_eq!((error.get("value"), error.get("allowed")), (Some("2"), Some("0.5 to 0.9999")));
        let error = AutoscaleConfig { min_replicas: Some(17), ..AutoscaleConfig::default() }.validate().unwrap_err();
        assert_eq!(error.get("field"), Some("autoscale/min_replicas"));
    }

    #[test]
    fn bounds_of_replicas_themselves_are_checked_by_their_own_names() {
        let config = |vertical| AutoscaleConfig { vertical: Some(vertical), ..AutoscaleConfig::default() };
        let refused = |vertical, field: &str| {
            let error = config(vertical).validate().unwrap_err();
            assert_eq!(error.get("field"), Some(field), "{error}");
            assert!(error.get("value").is_some() && error.get("allowed").is_some(), "{error}");
        };
        let none = VerticalConfig::default;
        refused(none(), "autoscale/vertical");
        refused(VerticalConfig { min_threads: Some(2), ..none() }, "autoscale/vertical/max_threads");
        refused(VerticalConfig { min_batch_size: Some(2), ..none() }, "autoscale/vertical/max_batch_size");
        refused(VerticalConfig { max_threads: Some(0), ..none() }, "autoscale/vertical/max_threads");
        let crossed = VerticalConfig { min_threads: Some(3), max_threads: Some(2), ..none() };
        refused(crossed, "autoscale/vertical/min_threads");
        refused(VerticalConfig { max_batch_size: Some(100_000), ..none() }, "autoscale/vertical/max_batch_size");
        let short = VerticalConfig { max_threads: Some(2), cooldown_ms: Some(1), ..none() };
        refused(short, "autoscale/vertical/cooldown_ms");
        let good = config(VerticalConfig { max_threads: Some(4), max_batch_size: Some(8), ..none() });
        good.validate().unwrap();
        let bounds = good.policy().vertical.unwrap();
        assert_eq!((bounds.threads, bounds.batch), (Some(Span { min: 1, max: 4 }), Some(Span { min: 1, max: 8 })));
    }
}
