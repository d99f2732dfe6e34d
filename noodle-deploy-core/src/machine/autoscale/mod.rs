//! How many replicas a deployment should have, and how large each should be.
//!
//! [`decide`] takes a policy, what it remembers and one observation, and answers with what it remembers next and a
//! typed recommendation. Demand is measured in arrivals and service time, which a full replica does not hide, as it
//! hides its in-flight count; a queueing model turns demand into replicas. The formulas, their sources and figures
//! beside other autoscalers are in ADR 19.

mod bursts;
mod config;
mod demand;
mod limits;
mod observation;
mod policy;
mod recommendation;
mod signals;
mod staffing;
mod state;
mod vertical;

use self::limits::Limiter;

pub use self::config::{AutoscaleConfig, VerticalConfig};
pub use self::observation::{Forecast, Observation};
pub use self::policy::{AutoscalePolicy, ByteRange, LatencyObjective, RateLimit, Span, VerticalBounds};
pub use self::recommendation::{Figures, Limit, Reason, Recommendation, VerticalChange, VerticalReason};
pub use self::state::AutoscaleState;

/// Decides once. The same arguments give the same answer.
///
/// Call it at a steady pace, about four times in a panic window; an interval of any length is taken as it is. A policy that
/// [`AutoscalePolicy::validate`] refuses still gives an answer within its bounds.
pub fn decide(
    policy: &AutoscalePolicy,
    state: AutoscaleState,
    observation: &Observation,
    forecast: Option<&Forecast>,
) -> (AutoscaleState, Recommendation) {
    let mut state = state;
    let passed_ms = state.observe(policy, observation);
    let figures = demand::figures(policy, &state, observation, passed_ms);
    state.remember_service(figures.service_ms);
    state.correct(policy, observation, &figures, passed_ms);
    let figures = Figures { correction: state.correction(), ..figures };

    let needs = signals::needs(policy, observation, &figures, forecast);
    let current = observation.ready.saturating_add(observation.starting);
    // Before this need is remembered: what it says of bursts is for the next one.
    let burst = state.bursts.kept(policy, state.elapsed_ms);
    state.remember_need(policy, needs.kept, figures.lead_ms);
    let limiter = Limiter { policy, observation, current, burst };
    let (desired, reason, limits) = limiter.limit(&mut state, &needs);
    let figures = Figures { panic: state.panic_until_ms.is_some(), ..figures };
    let at_ceiling = desired >= policy.ceiling();
    let vertical = vertical::recommend(policy, &mut state, observation, passed_ms, at_ceiling);
    let recommendation = Recommendation {
        desired,
        current,
        act: !policy.dry_run && desired != current,
        reason,
        limits,
        figures,
        act_vertically: !policy.dry_run && !vertical.is_empty(),
        vertical,
    };
    (state, recommendation)
}
