//! The templates of the model types.

use std::borrow::Cow;

use super::{
    Basis, Comparison, DTypeClass, Direction, Guardrail, LabelUse, ModelKind, SuccessMetric, Template, TensorPattern,
};

const fn pattern(
    role: &'static str,
    dtypes: DTypeClass,
    ranks: (usize, usize),
    axes: &'static str,
    required: bool,
) -> TensorPattern {
    TensorPattern { role, dtypes, min_rank: ranks.0, max_rank: ranks.1, axes, required }
}

const fn higher(name: &'static str) -> SuccessMetric {
    SuccessMetric { name: Cow::Borrowed(name), direction: Direction::HigherIsBetter }
}

const fn lower(name: &'static str) -> SuccessMetric {
    SuccessMetric { name: Cow::Borrowed(name), direction: Direction::LowerIsBetter }
}

const fn guard(metric: &'static str, comparison: Comparison, threshold: f64, basis: Basis) -> Guardrail {
    Guardrail { metric: Cow::Borrowed(metric), comparison, threshold, basis }
}

/// Errors of the serving path, as a share of requests, and the 95th percentile of latency against the old revision.
const SERVING: &[Guardrail] = &[
    guard("error_rate", Comparison::AtMost, 0.01, Basis::Absolute),
    guard("latency_p95", Comparison::AtMost, 1.25, Basis::Relative),
];

/// Serving, and an accuracy that does not fall by more than 2 percent of itself.
const ACCURATE: &[Guardrail] = &[
    guard("error_rate", Comparison::AtMost, 0.01, Basis::Absolute),
    guard("latency_p95", Comparison::AtMost, 1.25, Basis::Relative),
    guard("accuracy", Comparison::AtLeast, 0.98, Basis::Relative),
];

/// Serving, and a recall that does not fall by more than 1 percent of itself: a finding that is missed costs most.
const WATCHFUL: &[Guardrail] = &[
    guard("error_rate", Comparison::AtMost, 0.01, Basis::Absolute),
    guard("latency_p95", Comparison::AtMost, 1.5, Basis::Relative),
    guard("recall", Comparison::AtLeast, 0.99, Basis::Relative),
];

/// Someone types meanwhile: latency is held tighter.
const INTERACTIVE: &[Guardrail] = &[
    guard("error_rate", Comparison::AtMost, 0.005, Basis::Absolute),
    guard("latency_p95", Comparison::AtMost, 1.1, Basis::Relative),
];

const IDS: TensorPattern = pattern("ids", DTypeClass::Text, (1, 2), "[batch, length]", true);
const MASK: TensorPattern = pattern("mask", DTypeClass::Mask, (1, 4), "[batch, length]", false);
const MASK_FLOAT: TensorPattern = pattern("mask", DTypeClass::Float, (2, 4), "[batch, length]", false);
const FLAG: TensorPattern = pattern("flag", DTypeClass::Mask, (0, 1), "[1]", false);
const CACHE: TensorPattern = pattern("cache", DTypeClass::Float, (3, 5), "[batch, heads, length, size]", false);
const FEATURES: TensorPattern = pattern("features", DTypeClass::Number, (1, 4), "[batch, features]", true);
const LOGITS: TensorPattern = pattern("logits", DTypeClass::Float, (2, 3), "[batch, length, vocabulary]", true);
const LABELS: TensorPattern = pattern("scores", DTypeClass::Float, (2, 2), "[batch, labels]", true);
const FINDINGS: TensorPattern = pattern("scores", DTypeClass::Float, (2, 3), "[batch, length, labels]", true);
const RELEVANCE: TensorPattern = pattern("relevance", DTypeClass::Float, (1, 2), "[batch]", true);
const EMBEDDING: TensorPattern = pattern("embedding", DTypeClass::Float, (2, 3), "[batch, dimension]", true);
const VALUES: TensorPattern = pattern("values", DTypeClass::Float, (1, 4), "[batch, values]", true);

const TEXT_IN: &[TensorPattern] = &[IDS, MASK, MASK_FLOAT];
const GENERATE_IN: &[TensorPattern] = &[IDS, MASK, MASK_FLOAT, FLAG, CACHE];
const FEATURES_IN: &[TensorPattern] = &[FEATURES];

pub(super) fn of(kind: ModelKind) -> &'static Template {
    match kind {
        ModelKind::CodeCompletion => {
            const {
                &Template {
                    summary: "token ids in, scores of the next tokens out",
                    inputs: GENERATE_IN,
                    outputs: &[LOGITS],
                    labels: LabelUse::Unused,
                    metrics: &[higher("acceptance_rate"), lower("latency")],
                    guardrails: INTERACTIVE,
                }
            }
        }
        ModelKind::DocumentationGeneration => {
            const {
                &Template {
                    summary: "token ids in, scores of the next tokens out",
                    inputs: GENERATE_IN,
                    outputs: &[LOGITS],
                    labels: LabelUse::Unused,
                    metrics: &[higher("acceptance_rate"), lower("latency")],
                    guardrails: SERVING,
                }
            }
        }
        ModelKind::CodeAnalysis => {
            const {
                &Template {
                    summary: "token ids, bytes or text in, one score per label out",
                    inputs: TEXT_IN,
                    outputs: &[LABELS],
                    labels: LabelUse::Expected,
                    metrics: &[higher("accuracy"), lower("latency")],
                    guardrails: ACCURATE,
                }
            }
        }
        ModelKind::StaticAnalysis => {
            const {
                &Template {
                    summary: "token ids, bytes or text in, one score per finding out, for the text or for each position",
                    inputs: TEXT_IN,
                    outputs: &[FINDINGS],
                    labels: LabelUse::Expected,
                    metrics: &[higher("precision"), higher("recall"), lower("latency")],
                    guardrails: ACCURATE,
                }
            }
        }
        ModelKind::SecurityAnalysis => {
            const {
                &Template {
                    summary: "token ids, bytes or text in, one score per weakness out, for the text or for each position",
                    inputs: TEXT_IN,
                    outputs: &[FINDINGS],
                    labels: LabelUse::Expected,
                    metrics: &[higher("recall"), lower("false_positive_rate"), lower("latency")],
                    guardrails: WATCHFUL,
                }
            }
        }
        ModelKind::PerformanceOptimization => {
            const {
                &Template {
                    summary: "features in, predicted costs or scores of choices out",
                    inputs: FEATURES_IN,
                    outputs: &[VALUES],
                    labels: LabelUse::Optional,
                    metrics: &[lower("mean_absolute_error"), lower("latency")],
                    guardrails: SERVING,
                }
            }
        }
        ModelKind::Search => {
            const {
                &Template {
                    summary: "token ids of a query with a text in, one relevance out",
                    inputs: TEXT_IN,
                    outputs: &[RELEVANCE],
                    labels: LabelUse::Unused,
                    metrics: &[higher("ndcg"), lower("latency")],
                    guardrails: INTERACTIVE,
                }
            }
        }
        ModelKind::SemanticSearch => {
            const {
                &Template {
                    summary: "token ids in, one vector per text out, or one per token for the host to pool",
                    inputs: TEXT_IN,
                    outputs: &[EMBEDDING],
                    labels: LabelUse::Unused,
                    metrics: &[higher("recall"), lower("latency")],
                    guardrails: SERVING,
                }
            }
        }
        ModelKind::Learning => {
            const {
                &Template {
                    summary: "features in, values or scores of choices out",
                    inputs: FEATURES_IN,
                    outputs: &[VALUES],
                    labels: LabelUse::Optional,
                    metrics: &[higher("reward"), lower("latency")],
                    guardrails: SERVING,
                }
            }
        }
        ModelKind::Network => {
            const {
                &Template {
                    summary: "features of traffic or nodes in, scores out",
                    inputs: FEATURES_IN,
                    outputs: &[VALUES],
                    labels: LabelUse::Optional,
                    metrics: &[higher("accuracy"), lower("latency")],
                    guardrails: SERVING,
                }
            }
        }
        ModelKind::Custom => {
            const {
                &Template {
                    summary: "anything in, anything out",
                    inputs: &[],
                    outputs: &[],
                    labels: LabelUse::Optional,
                    metrics: &[higher("accuracy"), lower("latency")],
                    guardrails: SERVING,
                }
            }
        }
    }
}
