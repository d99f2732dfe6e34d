//! What a system calls a thread that runs when nothing else wants to.

/// Lets every other thread of the machine go before the calling one. Where the system does not know how, it stays as it is.
#[cfg(any(target_os = "linux", target_os = "android"))]
#[allow(unsafe_code)]
pub(super) fn lower_priority() {
    // SAFETY: all zeros are a valid parameter, and 0 means the calling thread.
    let lowered = unsafe {
        let parameter: libc::sched_param = std::mem::zeroed();
        libc::sched_setscheduler(0, libc::SCHED_IDLE, &raw const parameter) == 0
    };
    if !lowered {
        tracing::debug!("the system does not let a thread run at idle priority");
    }
}

/// As above.
#[cfg(target_vendor = "apple")]
#[allow(unsafe_code)]
pub(super) fn lower_priority() {
    // SAFETY: it changes nothing but the calling thread.
    let lowered = unsafe { libc::pthread_set_qos_class_self_np(libc::qos_class_t::QOS_CLASS_BACKGROUND, 0) == 0 };
    if !lowered {
        tracing::debug!("the system does not let a thread run at background priority");
    }
}

/// As above.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(super) fn lower_priority() {}
