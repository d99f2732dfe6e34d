//! Which arm a caller gets, and which arm is better.

use crate::control::CallContext;
use crate::error::Result;
use crate::ops::experiment::{
    CreateExperimentInput, DeclareWinnerInput, ExperimentInput, ExperimentPlan, ExperimentView, PlanExperimentInput,
    RecordOutcomesInput, RecordedOutcomes,
};
use crate::ops::routing::{
    Arm, ExplainRequestInput, ExplainRouteInput, RecordLabelsInput, RecordedLabels, RequestView, RulesView,
    SetRulesInput,
};

/// Traffic between revisions, by caller, and what comes of it.
pub trait AbTest: Send + Sync {
    /// The revision that the requests of a key go to.
    ///
    /// Behavior:
    /// - The same key gets the same answer until traffic is moved.
    /// - Names the reason in a sentence.
    ///
    /// # Errors
    /// `not_found` for an unknown deployment, `unavailable` for one that does not serve.
    fn arm(&self, input: &ExplainRouteInput) -> Result<Arm>;

    /// Sends requests that say certain things of themselves to a revision.
    ///
    /// Behavior:
    /// - The first rule that is about a request counts; such a request takes no part in what is tried.
    /// - Returns when the revisions that are named are loaded here.
    /// - A rule whose revision is not there is passed over.
    ///
    /// # Errors
    /// `not_found` (deployment, version), `invalid_argument` that names the field, `conflict` (the deployment does not
    /// serve).
    fn set_rules(&self, context: &CallContext, input: SetRulesInput) -> Result<RulesView>;

    /// What became of a request of this process.
    ///
    /// # Errors
    /// `not_found` for an unknown deployment, and for a request that is not remembered: with `since`, when what is remembered
    /// begins.
    fn request(&self, input: &ExplainRequestInput) -> Result<RequestView>;

    /// Takes in which classes would have been right.
    ///
    /// Behavior:
    /// - A request gets one label; a second one is not known.
    ///
    /// # Errors
    /// `not_found` for an unknown deployment, `too_large`.
    fn record_labels(&self, input: &RecordLabelsInput) -> Result<RecordedLabels>;

    /// Asks for an experiment on a deployment that serves.
    ///
    /// Behavior:
    /// - No traffic moves before `start`.
    /// - A deployment has one experiment at a time that is not over.
    ///
    /// # Errors
    /// `not_found` (deployment, version), `invalid_argument` that names the field, `conflict` (the deployment does not
    /// serve, another experiment is open, the versions differ in form).
    fn create(&self, context: &CallContext, input: CreateExperimentInput) -> Result<ExperimentView>;

    /// The last experiment of a deployment, and what it shows.
    ///
    /// # Errors
    /// `not_found` for an unknown deployment.
    fn experiment(&self, deployment: &str) -> Result<ExperimentView>;

    /// Gives the arms their shares.
    ///
    /// Behavior:
    /// - Returns when every arm is loaded here and gets its share.
    /// - One that was paused goes on with the same callers on the same arms.
    ///
    /// # Errors
    /// `not_found`, `conflict` (its phase, a rollout under way, a control that does not serve any more), and what loading
    /// says.
    fn start(&self, context: &CallContext, input: ExperimentInput) -> Result<ExperimentView>;

    /// Moves all traffic to what serves, until the experiment is started again.
    ///
    /// # Errors
    /// `not_found`, `conflict` (it does not run).
    fn pause(&self, context: &CallContext, input: ExperimentInput) -> Result<ExperimentView>;

    /// Ends an experiment. What was found stays.
    ///
    /// # Errors
    /// `not_found`, `conflict` (it is over).
    fn stop(&self, context: &CallContext, input: ExperimentInput) -> Result<ExperimentView>;

    /// Ends an experiment, and moves all traffic to an arm.
    ///
    /// Behavior:
    /// - Refused unless the report shows the arm to be better at the confidence, or `force` is set.
    ///
    /// # Errors
    /// `not_found`, `invalid_argument`, `conflict` (its phase, nothing is shown), and what `promote` says.
    fn declare_winner(&self, context: &CallContext, input: DeclareWinnerInput) -> Result<ExperimentView>;

    /// Takes in what came of requests.
    ///
    /// Behavior:
    /// - All of the outcomes are taken, or none.
    /// - Once the experiment is over they are late: counted as such, and not taken.
    /// - What a process takes in is in the report at once there, and in other processes by its next heartbeat.
    ///
    /// # Errors
    /// `not_found` (deployment, experiment), `invalid_argument` (name, value, key and revision), `too_large`.
    fn record(&self, input: RecordOutcomesInput) -> Result<RecordedOutcomes>;

    /// How many values an experiment needs, or what it finds with as many.
    ///
    /// # Errors
    /// `invalid_argument` that names the field.
    fn plan(&self, input: &PlanExperimentInput) -> Result<ExperimentPlan>;
}
