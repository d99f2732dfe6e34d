//! An exported function for each operation, and one that frees for each answer.

// Written by `cargo xtask codegen`; do not edit.

use super::types::*;
use super::{call, layouts};
use crate::handle::noodle_t;
use crate::marshal::release;
use crate::options::noodle_caller;
use crate::status::{noodle_status, quietly};

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_register_version(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_register_version_input,
    out: *mut *mut noodle_version_record,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "register_version",
            Some((&layouts::REGISTER_VERSION_INPUT, input.cast())),
            &layouts::VERSION_RECORD,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_get_version(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_version_ref,
    out: *mut *mut noodle_version_record,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "get_version",
            Some((&layouts::VERSION_REF, input.cast())),
            &layouts::VERSION_RECORD,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_list_versions(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_model_ref,
    out: *mut *mut noodle_version_list,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "list_versions",
            Some((&layouts::MODEL_REF, input.cast())),
            &layouts::VERSION_LIST,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_list_models(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    out: *mut *mut noodle_model_list,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe { call(noodle, caller, "list_models", None, &layouts::MODEL_LIST, out.cast()) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_compare_versions(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_compare_versions_input,
    out: *mut *mut noodle_version_comparison,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "compare_versions",
            Some((&layouts::COMPARE_VERSIONS_INPUT, input.cast())),
            &layouts::VERSION_COMPARISON,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_annotate_version(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_annotate_version_input,
    out: *mut *mut noodle_version_record,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "annotate_version",
            Some((&layouts::ANNOTATE_VERSION_INPUT, input.cast())),
            &layouts::VERSION_RECORD,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_set_version_status(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_set_version_status_input,
    out: *mut *mut noodle_version_record,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "set_version_status",
            Some((&layouts::SET_VERSION_STATUS_INPUT, input.cast())),
            &layouts::VERSION_RECORD,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_delete_version(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_delete_version_input,
    out: *mut *mut noodle_deleted,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "delete_version",
            Some((&layouts::DELETE_VERSION_INPUT, input.cast())),
            &layouts::DELETED,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_set_alias(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_set_alias_input,
    out: *mut *mut noodle_model,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(noodle, caller, "set_alias", Some((&layouts::SET_ALIAS_INPUT, input.cast())), &layouts::MODEL, out.cast())
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_remove_alias(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_remove_alias_input,
    out: *mut *mut noodle_model,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "remove_alias",
            Some((&layouts::REMOVE_ALIAS_INPUT, input.cast())),
            &layouts::MODEL,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_deploy(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_deploy_input,
    out: *mut *mut noodle_deployment_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "deploy",
            Some((&layouts::DEPLOY_INPUT, input.cast())),
            &layouts::DEPLOYMENT_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_promote(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_promote_input,
    out: *mut *mut noodle_deployment_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "promote",
            Some((&layouts::PROMOTE_INPUT, input.cast())),
            &layouts::DEPLOYMENT_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_rollback(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_rollback_input,
    out: *mut *mut noodle_deployment_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "rollback",
            Some((&layouts::ROLLBACK_INPUT, input.cast())),
            &layouts::DEPLOYMENT_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_scale(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_scale_input,
    out: *mut *mut noodle_deployment_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "scale",
            Some((&layouts::SCALE_INPUT, input.cast())),
            &layouts::DEPLOYMENT_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_set_autoscale(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_set_autoscale_input,
    out: *mut *mut noodle_autoscale_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "set_autoscale",
            Some((&layouts::SET_AUTOSCALE_INPUT, input.cast())),
            &layouts::AUTOSCALE_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_get_autoscale(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_get_autoscale_input,
    out: *mut *mut noodle_autoscale_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "get_autoscale",
            Some((&layouts::GET_AUTOSCALE_INPUT, input.cast())),
            &layouts::AUTOSCALE_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_unload(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_deployment_ref,
    out: *mut *mut noodle_deployment_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "unload",
            Some((&layouts::DEPLOYMENT_REF, input.cast())),
            &layouts::DEPLOYMENT_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_undeploy(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_undeploy_input,
    out: *mut *mut noodle_deployment_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "undeploy",
            Some((&layouts::UNDEPLOY_INPUT, input.cast())),
            &layouts::DEPLOYMENT_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_get_deployment(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_deployment_ref,
    out: *mut *mut noodle_deployment_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "get_deployment",
            Some((&layouts::DEPLOYMENT_REF, input.cast())),
            &layouts::DEPLOYMENT_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_list_deployments(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    out: *mut *mut noodle_deployment_list,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe { call(noodle, caller, "list_deployments", None, &layouts::DEPLOYMENT_LIST, out.cast()) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_explain_route(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_explain_route_input,
    out: *mut *mut noodle_arm,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "explain_route",
            Some((&layouts::EXPLAIN_ROUTE_INPUT, input.cast())),
            &layouts::ARM,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_history(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_history_input,
    out: *mut *mut noodle_history_output,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "history",
            Some((&layouts::HISTORY_INPUT, input.cast())),
            &layouts::HISTORY_OUTPUT,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_get_health(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_deployment_filter,
    out: *mut *mut noodle_health_report,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "get_health",
            Some((&layouts::DEPLOYMENT_FILTER, input.cast())),
            &layouts::HEALTH_REPORT,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_get_metrics(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_deployment_filter,
    out: *mut *mut noodle_metrics_report,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "get_metrics",
            Some((&layouts::DEPLOYMENT_FILTER, input.cast())),
            &layouts::METRICS_REPORT,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_get_traffic(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_deployment_filter,
    out: *mut *mut noodle_metrics_report,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "get_traffic",
            Some((&layouts::DEPLOYMENT_FILTER, input.cast())),
            &layouts::METRICS_REPORT,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_audit_head(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    out: *mut *mut noodle_head,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe { call(noodle, caller, "audit_head", None, &layouts::HEAD, out.cast()) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_audit_verify(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_audit_verify_input,
    out: *mut *mut noodle_audit_report,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "audit_verify",
            Some((&layouts::AUDIT_VERIFY_INPUT, input.cast())),
            &layouts::AUDIT_REPORT,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_retain(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_retain_input,
    out: *mut *mut noodle_retain_report,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "retain",
            Some((&layouts::RETAIN_INPUT, input.cast())),
            &layouts::RETAIN_REPORT,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_backup(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_backup_input,
    out: *mut *mut noodle_backup_report,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "backup",
            Some((&layouts::BACKUP_INPUT, input.cast())),
            &layouts::BACKUP_REPORT,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_collect_garbage(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    out: *mut *mut noodle_garbage_report,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe { call(noodle, caller, "collect_garbage", None, &layouts::GARBAGE_REPORT, out.cast()) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_benchmark(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_benchmark_input,
    out: *mut *mut noodle_benchmark_report,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "benchmark",
            Some((&layouts::BENCHMARK_INPUT, input.cast())),
            &layouts::BENCHMARK_REPORT,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_profile(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_profile_input,
    out: *mut *mut noodle_profile_report,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "profile",
            Some((&layouts::PROFILE_INPUT, input.cast())),
            &layouts::PROFILE_REPORT,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_evaluate(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_evaluate_input,
    out: *mut *mut noodle_evaluation_report,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "evaluate",
            Some((&layouts::EVALUATE_INPUT, input.cast())),
            &layouts::EVALUATION_REPORT,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_get_resources(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    out: *mut *mut noodle_resource_report,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe { call(noodle, caller, "get_resources", None, &layouts::RESOURCE_REPORT, out.cast()) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_get_rollout(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_deployment_ref,
    out: *mut *mut noodle_rollout_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "get_rollout",
            Some((&layouts::DEPLOYMENT_REF, input.cast())),
            &layouts::ROLLOUT_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_advance_rollout(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_rollout_input,
    out: *mut *mut noodle_rollout_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "advance_rollout",
            Some((&layouts::ROLLOUT_INPUT, input.cast())),
            &layouts::ROLLOUT_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_pause_rollout(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_rollout_input,
    out: *mut *mut noodle_rollout_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "pause_rollout",
            Some((&layouts::ROLLOUT_INPUT, input.cast())),
            &layouts::ROLLOUT_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_resume_rollout(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_rollout_input,
    out: *mut *mut noodle_rollout_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "resume_rollout",
            Some((&layouts::ROLLOUT_INPUT, input.cast())),
            &layouts::ROLLOUT_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_abort_rollout(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_rollout_input,
    out: *mut *mut noodle_rollout_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "abort_rollout",
            Some((&layouts::ROLLOUT_INPUT, input.cast())),
            &layouts::ROLLOUT_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_set_memory_budget(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_set_memory_budget_input,
    out: *mut *mut noodle_memory_budget_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "set_memory_budget",
            Some((&layouts::SET_MEMORY_BUDGET_INPUT, input.cast())),
            &layouts::MEMORY_BUDGET_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_create_experiment(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_create_experiment_input,
    out: *mut *mut noodle_experiment_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "create_experiment",
            Some((&layouts::CREATE_EXPERIMENT_INPUT, input.cast())),
            &layouts::EXPERIMENT_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_get_experiment(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_deployment_ref,
    out: *mut *mut noodle_experiment_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "get_experiment",
            Some((&layouts::DEPLOYMENT_REF, input.cast())),
            &layouts::EXPERIMENT_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_start_experiment(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_experiment_input,
    out: *mut *mut noodle_experiment_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "start_experiment",
            Some((&layouts::EXPERIMENT_INPUT, input.cast())),
            &layouts::EXPERIMENT_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_pause_experiment(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_experiment_input,
    out: *mut *mut noodle_experiment_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "pause_experiment",
            Some((&layouts::EXPERIMENT_INPUT, input.cast())),
            &layouts::EXPERIMENT_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_stop_experiment(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_experiment_input,
    out: *mut *mut noodle_experiment_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "stop_experiment",
            Some((&layouts::EXPERIMENT_INPUT, input.cast())),
            &layouts::EXPERIMENT_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_declare_winner(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_declare_winner_input,
    out: *mut *mut noodle_experiment_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "declare_winner",
            Some((&layouts::DECLARE_WINNER_INPUT, input.cast())),
            &layouts::EXPERIMENT_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_record_outcomes(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_record_outcomes_input,
    out: *mut *mut noodle_recorded_outcomes,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "record_outcomes",
            Some((&layouts::RECORD_OUTCOMES_INPUT, input.cast())),
            &layouts::RECORDED_OUTCOMES,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_plan_experiment(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_plan_experiment_input,
    out: *mut *mut noodle_experiment_plan,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "plan_experiment",
            Some((&layouts::PLAN_EXPERIMENT_INPUT, input.cast())),
            &layouts::EXPERIMENT_PLAN,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_set_rules(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_set_rules_input,
    out: *mut *mut noodle_rules_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "set_rules",
            Some((&layouts::SET_RULES_INPUT, input.cast())),
            &layouts::RULES_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_explain_request(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_explain_request_input,
    out: *mut *mut noodle_request_view,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "explain_request",
            Some((&layouts::EXPLAIN_REQUEST_INPUT, input.cast())),
            &layouts::REQUEST_VIEW,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_record_labels(
    noodle: *const noodle_t,
    caller: *const noodle_caller,
    input: *const noodle_record_labels_input,
    out: *mut *mut noodle_recorded_labels,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    unsafe {
        call(
            noodle,
            caller,
            "record_labels",
            Some((&layouts::RECORD_LABELS_INPUT, input.cast())),
            &layouts::RECORDED_LABELS,
            out.cast(),
        )
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_arm(answer: *mut noodle_arm) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_audit_report(answer: *mut noodle_audit_report) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_autoscale_view(answer: *mut noodle_autoscale_view) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_backup_report(answer: *mut noodle_backup_report) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_benchmark_report(answer: *mut noodle_benchmark_report) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_deleted(answer: *mut noodle_deleted) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_deployment_list(answer: *mut noodle_deployment_list) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_deployment_view(answer: *mut noodle_deployment_view) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_evaluation_report(answer: *mut noodle_evaluation_report) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_event_record(answer: *mut noodle_event_record) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_experiment_plan(answer: *mut noodle_experiment_plan) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_experiment_view(answer: *mut noodle_experiment_view) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_garbage_report(answer: *mut noodle_garbage_report) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_head(answer: *mut noodle_head) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_health_report(answer: *mut noodle_health_report) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_history_output(answer: *mut noodle_history_output) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_memory_budget_view(answer: *mut noodle_memory_budget_view) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_metrics_report(answer: *mut noodle_metrics_report) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_model(answer: *mut noodle_model) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_model_list(answer: *mut noodle_model_list) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_profile_report(answer: *mut noodle_profile_report) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_recorded_labels(answer: *mut noodle_recorded_labels) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_recorded_outcomes(answer: *mut noodle_recorded_outcomes) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_request_view(answer: *mut noodle_request_view) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_resource_report(answer: *mut noodle_resource_report) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_retain_report(answer: *mut noodle_retain_report) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_rollout_view(answer: *mut noodle_rollout_view) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_rules_view(answer: *mut noodle_rules_view) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_settings(answer: *mut noodle_settings) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_version_comparison(answer: *mut noodle_version_comparison) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_version_list(answer: *mut noodle_version_list) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_version_record(answer: *mut noodle_version_record) {
    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.
    quietly(|| unsafe { release(answer) });
}
