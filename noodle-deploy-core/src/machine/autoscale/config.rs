//! What is said of autoscaling on a deployment: what is left out has the policy's default.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::policy::{AutoscalePolicy, LatencyObjective};
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
        floor.and_then(|()| policy.validate()).map_err(|error| {
            let of = |key| error.get(key).unwrap_or_default().to_owned();
            let field = format!("autoscale/{}", of("field").replace('.', "/"));
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
}
