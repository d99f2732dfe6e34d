/* The C surface of noodle-deploy. Written by `cargo xtask codegen`; do not edit. */

#ifndef NOODLE_DEPLOY_H
#define NOODLE_DEPLOY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "noodle_deploy_ops.h"

/*
 * Thread safety: functions may be called from several threads at once, also on one handle; what frees an object must
 * come after every other call on it. Errors are kept for each thread.
 *
 * Fork: handles, subscriptions and listeners belong to the process that made them. In the child of a fork their
 * functions answer NOODLE_ERROR_CLOSED, and noodle_free leaves the memory alone. Predictions and values stay usable.
 * noodle_open works in the child where no handle was open at the fork; else it answers NOODLE_ERROR_UNSUPPORTED.
 *
 * Callbacks are C functions: an exception or a longjmp must not leave them.
 */

struct DLManagedTensor;
struct DLManagedTensorVersioned;

/**
 * Number of the binary interface that this header describes.
 */
#define NOODLE_ABI_VERSION 1

/**
 * Nothing came in time. Values of `noodle_pulled.type`.
 */
#define NOODLE_PULLED_EMPTY 0

/**
 * `event` is there.
 */
#define NOODLE_PULLED_EVENT 1

/**
 * `lost` events were overwritten before they were pulled; the history has them.
 */
#define NOODLE_PULLED_LAGGED 2

/**
 * The handle is closed, and everything was pulled.
 */
#define NOODLE_PULLED_CLOSED 3

/**
 * Something stays broken until somebody acts. Values of `noodle_log_record.level`, and the least severe level that
 * noodle_set_log asks for; each asks for the ones before it too.
 */
#define NOODLE_LOG_ERROR 1

/**
 * Something failed, and is tried again or replaced.
 */
#define NOODLE_LOG_WARN 2

/**
 * What happens to revisions and processes.
 */
#define NOODLE_LOG_INFO 3

/**
 * What a developer wants to know.
 */
#define NOODLE_LOG_DEBUG 4

/**
 * Everything.
 */
#define NOODLE_LOG_TRACE 5

/**
 * May look. Values of `noodle_caller.role`; each role may do what the ones before it may.
 */
#define NOODLE_ROLE_VIEWER 1

/**
 * May scale and roll back too.
 */
#define NOODLE_ROLE_OPERATOR 2

/**
 * May register, deploy and promote too.
 */
#define NOODLE_ROLE_DEPLOYER 3

/**
 * May do everything, deletion and backup too.
 */
#define NOODLE_ROLE_ADMIN 4

/**
 * A flag that cancels every request that carries it.
 */
typedef struct noodle_cancel_t noodle_cancel_t;

/**
 * A callback with a thread of its own.
 */
typedef struct noodle_listener_t noodle_listener_t;

/**
 * The answer to a request: outputs of exactly one version. Several threads may read it at once.
 */
typedef struct noodle_prediction_t noodle_prediction_t;

/**
 * A request under way.
 */
typedef struct noodle_request_t noodle_request_t;

/**
 * Calls that belong together: each begins with what the one before left. They run one after the other, all on the
 * version that the session began on. It ends when it is freed, when no call comes for long enough, and when its
 * deployment stops; it does not keep the directory open.
 */
typedef struct noodle_session_t noodle_session_t;

/**
 * The answers to one request, in order; each is made when it is asked for.
 */
typedef struct noodle_stream_t noodle_stream_t;

/**
 * A place in the stream of events. Bounded: who pulls too slowly is told how much was lost.
 */
typedef struct noodle_subscription_t noodle_subscription_t;

/**
 * An open directory. Every function that takes one may be called from several threads at once; only noodle_free must
 * come after all other calls. In the child of a fork every call answers NOODLE_ERROR_CLOSED, and noodle_free leaves
 * the handle's memory alone; noodle_open answers NOODLE_ERROR_UNSUPPORTED there while a handle of the parent was open.
 */
typedef struct noodle_t noodle_t;

/**
 * A tensor that owns its memory. Immutable; several threads may use it at once.
 */
typedef struct noodle_value_t noodle_value_t;

/**
 * What a pull brings.
 */
typedef struct noodle_pulled {
    /**
     * sizeof(noodle_pulled), set by the caller of noodle_subscription_pull.
     */
    size_t size;
    /**
     * A NOODLE_PULLED_ constant.
     */
    int32_t type;
    /**
     * The event, or NULL. Pulled, it is the caller's to free with noodle_free_event_record; in a callback, it lives
     * until that returns.
     */
    noodle_event_record *event;
    /**
     * Events that were lost.
     */
    uint64_t lost;
} noodle_pulled;

/**
 * Told each event, each loss, and at last that the handle is closed. It must not throw.
 */
typedef void (*noodle_on_event)(void *context, const struct noodle_pulled *pulled);

/**
 * A message of the library. All of it belongs to the library and lives until the callback returns.
 */
typedef struct noodle_log_record {
    /**
     * sizeof(noodle_log_record) in the library.
     */
    size_t size;
    /**
     * A NOODLE_LOG_ constant.
     */
    int32_t level;
    /**
     * Which part of the library speaks, such as "noodle_deploy_core::reconcile".
     */
    const char *target;
    /**
     * What happened.
     */
    const char *message;
    /**
     * The message, and in parentheses its names and values: a line for a log of text.
     */
    const char *text;
    /**
     * Names and values, for a log with structure.
     */
    const noodle_text_entry *fields;
    /**
     * How many.
     */
    size_t fields_count;
} noodle_log_record;

/**
 * Told each message, on the thread that has something to say: one of the library's, or one of the host's during a
 * call; several may speak at once. It must not throw, should be quick, and must not call this library, which may hold
 * locks of its own meanwhile.
 */
typedef void (*noodle_on_log)(void *context, const struct noodle_log_record *record);

/**
 * Frees what the host gave as a context.
 */
typedef void (*noodle_release)(void *context);

/**
 * An element of a tensor of strings: UTF-8, not NUL-terminated, and a NUL within is allowed.
 */
typedef struct noodle_string {
    /**
     * The bytes.
     */
    const char *data;
    /**
     * How many.
     */
    size_t size;
} noodle_string;

/**
 * A tensor that borrows its memory.
 *
 * As an input, all of it belongs to the caller and must stay as it is until the call returns. As an output, it belongs
 * to the prediction and lives until that is freed.
 */
typedef struct noodle_tensor {
    /**
     * sizeof(noodle_tensor), set by the caller, for outputs too.
     */
    size_t size;
    /**
     * Name of the model's input or output.
     */
    const char *name;
    /**
     * A NOODLE_DTYPE_ constant.
     */
    int32_t dtype;
    /**
     * Number of axes; 0 for a scalar.
     */
    size_t rank;
    /**
     * Sizes of the axes, outermost first; may be NULL for a scalar.
     */
    const size_t *shape;
    /**
     * The elements, row-major, in the order of the host's bytes; of any alignment as an input. NULL for strings, and
     * allowed where there are no elements.
     */
    const void *data;
    /**
     * Bytes at `data`.
     */
    size_t bytes;
    /**
     * The elements of a tensor of strings, else NULL.
     */
    const struct noodle_string *strings;
    /**
     * How many.
     */
    size_t strings_count;
    /**
     * The value that owns the memory, or NULL. With it an asynchronous request shares the memory; without, it copies.
     */
    const struct noodle_value_t *value;
} noodle_tensor;

/**
 * What a request says besides its inputs. NULL in its place, or zero in a field, asks for nothing.
 */
typedef struct noodle_predict_options {
    /**
     * sizeof(noodle_predict_options).
     */
    size_t size;
    /**
     * A version or an alias to pin; NULL for the revision that serves. It must be loaded.
     */
    const char *version;
    /**
     * 1 where `timeout_us` counts.
     */
    uint8_t has_timeout;
    /**
     * Microseconds after which the answer is of no use.
     */
    uint64_t timeout_us;
    /**
     * Cancels the request; NULL for none. It may be freed while the request runs.
     */
    const struct noodle_cancel_t *cancel;
    /**
     * Level of priority among requests that wait: 1 is the most urgent, 0 the deployment's default.
     */
    uint32_t priority;
    /**
     * What the request is counted under, as a user: while a rollout goes on, all requests of one key go to one revision;
     * NULL for each by itself.
     */
    const char *key;
    /**
     * What the request says of itself, as a segment or a header: the deployment's rules may send it elsewhere by it.
     */
    const noodle_text_entry *attributes;
    /**
     * How many.
     */
    size_t attributes_count;
    /**
     * Name by which it can be asked for later, and by which labels find it, 1 to 256 bytes; NULL: it is not remembered.
     */
    const char *request_id;
} noodle_predict_options;

/**
 * Who answered.
 */
typedef struct noodle_served {
    /**
     * sizeof(noodle_served) in the library.
     */
    size_t size;
    /**
     * The deployment.
     */
    const char *deployment;
    /**
     * Number of the revision.
     */
    uint32_t revision;
    /**
     * The model.
     */
    const char *model;
    /**
     * Version of the model.
     */
    const char *version;
    /**
     * Names of the classes; none where the version has no labels.
     */
    const char *const *labels;
    /**
     * How many.
     */
    size_t labels_count;
    /**
     * Inputs and outputs of the model.
     */
    const noodle_signature *signature;
} noodle_served;

/**
 * A label and its score.
 */
typedef struct noodle_label_score {
    /**
     * The label.
     */
    const char *label;
    /**
     * What the model gives it.
     */
    float score;
} noodle_label_score;

/**
 * The best labels of each row.
 */
typedef struct noodle_ranking {
    /**
     * sizeof(noodle_ranking) in the library.
     */
    size_t size;
    /**
     * Rows of the output.
     */
    size_t rows;
    /**
     * Labels of each row: what was asked for, or all where there are fewer.
     */
    size_t per_row;
    /**
     * `rows` times `per_row` entries, row after row, the best first.
     */
    const struct noodle_label_score *entries;
} noodle_ranking;

/**
 * Told how a request ended: `status` is 0 and `prediction` the callee's to free, or `prediction` is NULL and `error`
 * is there until the callback returns. It must not throw, and should be quick: it holds a thread that others wait for.
 */
typedef void (*noodle_done)(void *context,
                            noodle_status status,
                            struct noodle_prediction_t *prediction,
                            const noodle_error_record *error);

/**
 * What a session says when it is opened. NULL in its place, or zero in a field, asks for nothing.
 */
typedef struct noodle_session_options {
    /**
     * sizeof(noodle_session_options).
     */
    size_t size;
    /**
     * A version or an alias to begin on; NULL for the revision that serves. It must be loaded.
     */
    const char *version;
    /**
     * What the session is counted under, as a user: while a rollout or an experiment divides the traffic, it begins on the
     * revision of its key and stays there; NULL: by itself.
     */
    const char *key;
    /**
     * What it says of itself: the deployment's rules may begin it elsewhere by it, and segments of an experiment count it.
     */
    const noodle_text_entry *attributes;
    /**
     * How many.
     */
    size_t attributes_count;
    /**
     * Name by which outcomes find the arm that it began on, 1 to 256 bytes; NULL: it is not remembered.
     */
    const char *request_id;
} noodle_session_options;

/**
 * Told how far an operation is, on the thread of the call, which goes on when it has returned. The report is gone
 * then.
 */
typedef void (*noodle_on_progress)(void *context, const noodle_progress *progress);

/**
 * Who calls an operation: for the authorisation, and for the record; and who hears how far it is. NULL in its place is
 * the host itself, and nobody.
 */
typedef struct noodle_caller {
    /**
     * sizeof(noodle_caller).
     */
    size_t size;
    /**
     * The principal; NULL for the actor of the settings.
     */
    const char *actor;
    /**
     * A NOODLE_ROLE_ constant; 0 for NOODLE_ROLE_ADMIN.
     */
    int32_t role;
    /**
     * Identifies the call; NULL for a fresh UUID.
     */
    const char *request_id;
    /**
     * Told now and then how far a long operation is; NULL for nobody.
     */
    noodle_on_progress progress;
    /**
     * What `progress` is given.
     */
    void *progress_context;
} noodle_caller;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Returns the version of the library, such as "0.1.0". The string lives as long as the program.
 */
const char *noodle_version(void);

/**
 * Returns the number of the library's binary interface. A program that was compiled with another NOODLE_ABI_VERSION
 * must not call the library further. The number changes when functions, fields or constants change their meaning;
 * functions, and fields at the end of structs that begin with `size`, are added without that.
 */
uint32_t noodle_abi_version(void);

/**
 * Subscribes to events from now on, those of other processes too. The caller frees `*out` with
 * noodle_subscription_free; it does not keep the directory open.
 */
noodle_status noodle_subscribe(const struct noodle_t *noodle, struct noodle_subscription_t **out);

/**
 * Pulls the next event, and waits up to `timeout_ms` for one. The caller has set `out->size`. Threads that pull from
 * one subscription take turns.
 */
noodle_status noodle_subscription_pull(struct noodle_subscription_t *from,
                                       uint64_t timeout_ms,
                                       struct noodle_pulled *out);

/**
 * Ends the subscription. No thread may be pulling from it. NULL is allowed.
 */
void noodle_subscription_free(struct noodle_subscription_t *subscription);

/**
 * Calls `on_event` on a thread of its own for every event from now on, one after another, until
 * noodle_listener_stop or until the handle is closed. `*out` is the caller's to stop.
 *
 * Errors: NOODLE_ERROR_RESOURCE_EXHAUSTED where the system gives no thread.
 */
noodle_status noodle_listen(const struct noodle_t *noodle,
                            noodle_on_event on_event,
                            void *context,
                            struct noodle_listener_t **out);

/**
 * Stops a listener, waits until a callback that is running has returned, and frees it: the pointer must not be used
 * again. From within the callback itself it does not wait. NULL is allowed.
 */
void noodle_listener_stop(struct noodle_listener_t *listener);

/**
 * Opens a directory; makes it where it is missing, and brings up what ran when it was last open.
 *
 * `settings` may be NULL for the defaults; fields that are not set keep theirs. `*out` becomes a handle that the caller
 * closes with noodle_close or noodle_free. Opens of one directory in one process share one core.
 *
 * Errors: NOODLE_ERROR_INVALID_ARGUMENT (settings, a path that is empty or a file's), _CONFLICT (open in this process
 * with other settings), _NEWER_FORMAT, _CORRUPT, _STORAGE, _UNSUPPORTED (network file system, forked while a directory
 * was open).
 */
noodle_status noodle_open(const char *dir, const noodle_settings *settings, struct noodle_t **out);

/**
 * Closes the directory. Calls that run in other threads go on to their end, and the directory closes with the last of
 * them; later calls on the handle answer NOODLE_ERROR_CLOSED, and a second close does nothing. The handle itself lives
 * until noodle_free.
 */
noodle_status noodle_close(struct noodle_t *noodle);

/**
 * Closes the directory where it is open, and frees the handle: the pointer must not be used again. NULL is allowed.
 */
void noodle_free(struct noodle_t *noodle);

/**
 * Returns the directory as an absolute path without links. It belongs to the handle and lives until noodle_free. NULL
 * for NULL.
 */
const char *noodle_dir(const struct noodle_t *noodle);

/**
 * Gives the settings in force. The caller frees `*out` with noodle_free_settings.
 */
noodle_status noodle_get_settings(const struct noodle_t *noodle, noodle_settings **out);

/**
 * Copies a backup to a new directory, checked as a whole before it appears there. The caller frees `*out` with
 * noodle_free_backup_report.
 *
 * Errors: NOODLE_ERROR_CONFLICT where `to` exists, _INVALID_ARGUMENT where it lies in the backup, _CORRUPT,
 * _INTEGRITY_MISMATCH, _STORAGE.
 */
noodle_status noodle_restore(const char *backup, const char *to, noodle_backup_report **out);

/**
 * Tells the library's messages to `on_log`, for the whole process: those of every handle that are at least as severe as
 * `level`. It takes the place of the callback before; NULL for `on_log` tells nobody.
 *
 * `release`, which may be NULL, is called once with `context` when `on_log` has been replaced and no thread is inside it
 * any more: before noodle_set_log returns, or on the last such thread as it leaves. Where this call fails, the context
 * stays the caller's. In the child of a fork nothing is told until the child calls this itself, and a context of the
 * parent is not released there.
 *
 * Errors: NOODLE_ERROR_INVALID_ARGUMENT (level), _CONFLICT where a Rust host took the messages already.
 */
noodle_status noodle_set_log(int32_t level,
                             noodle_on_log on_log,
                             void *context,
                             noodle_release release);

/**
 * Makes a flag that is not set. The caller frees it with noodle_cancel_free.
 */
noodle_status noodle_cancel_new(struct noodle_cancel_t **out);

/**
 * Cancels the requests that carry the flag: before they start, or between two nodes of the model. From any thread.
 */
noodle_status noodle_cancel_set(const struct noodle_cancel_t *cancel);

/**
 * Frees the flag; requests that carry it run on. NULL is allowed.
 */
void noodle_cancel_free(struct noodle_cancel_t *cancel);

/**
 * Asks a deployment on the caller's thread.
 *
 * `inputs` are `count` pointers to tensors, one for each input of the model, in any order; they belong to the caller
 * and are not needed after the call. `options` may be NULL. `*out` becomes a prediction that the caller frees with
 * noodle_prediction_free.
 *
 * Errors: NOODLE_ERROR_NOT_FOUND, _UNAVAILABLE, _INVALID_ARGUMENT (names, element types, shapes), _OVERLOADED,
 * _ENGINE_FAILED, _CANCELLED, _DEADLINE_EXCEEDED, _CLOSED.
 */
noodle_status noodle_predict(const struct noodle_t *noodle,
                             const char *deployment,
                             const struct noodle_tensor *const *inputs,
                             size_t count,
                             const struct noodle_predict_options *options,
                             struct noodle_prediction_t **out);

/**
 * Frees the prediction, and with it every output, name and fact that was borrowed from it. NULL is allowed.
 */
void noodle_prediction_free(struct noodle_prediction_t *prediction);

/**
 * Returns the number of outputs; 0 for NULL.
 */
size_t noodle_prediction_count(const struct noodle_prediction_t *prediction);

/**
 * Fills `*out`, whose `size` the caller has set, with the output of that name. What it points to belongs to the
 * prediction; `out->name` is the caller's `name`.
 *
 * Errors: NOODLE_ERROR_INVALID_ARGUMENT that lists the outputs.
 */
noodle_status noodle_prediction_output(const struct noodle_prediction_t *from,
                                       const char *name,
                                       struct noodle_tensor *out);

/**
 * Fills `*out`, whose `size` the caller has set, with the output at a place in the model's order. All of it belongs to
 * the prediction, the name too.
 *
 * Errors: NOODLE_ERROR_INVALID_ARGUMENT.
 */
noodle_status noodle_prediction_output_at(const struct noodle_prediction_t *from,
                                          size_t index,
                                          struct noodle_tensor *out);

/**
 * Gives the output at a place in the model's order as a DLPack tensor, without a copy. The tensor is marked read-only
 * and keeps its memory alive by itself; its consumer calls the deleter once, from any thread. Strings are refused.
 *
 * Errors: NOODLE_ERROR_INVALID_ARGUMENT, _UNSUPPORTED.
 */
noodle_status noodle_prediction_to_dlpack(const struct noodle_prediction_t *from,
                                          size_t index,
                                          struct DLManagedTensorVersioned **out);

/**
 * Gives who answered. `*out` belongs to the prediction.
 */
noodle_status noodle_prediction_served(const struct noodle_prediction_t *from, const struct noodle_served **out);

/**
 * Gives the `k` best labels of each row of the first f32 output whose last axis has one entry per label. The caller
 * frees `*out` with noodle_free_ranking.
 *
 * Errors: NOODLE_ERROR_INVALID_ARGUMENT where the version has no labels or no such output.
 */
noodle_status noodle_prediction_top(const struct noodle_prediction_t *from, size_t k, struct noodle_ranking **out);

/**
 * Frees a ranking. NULL is allowed.
 */
void noodle_free_ranking(struct noodle_ranking *ranking);

/**
 * Asks a deployment on threads of the handle.
 *
 * Inputs are copied, but those with a `value` share its memory; nothing is needed after this call returns. Where it
 * returns 0, `done` is called exactly once: on one of those threads, or before this returns on the calling thread where the request
 * has ended already. Else it is not called. `out` may be NULL; a request that is handed out is freed with
 * noodle_request_free.
 *
 * Errors: as noodle_predict; they may come through `done`.
 */
noodle_status noodle_predict_async(const struct noodle_t *noodle,
                                   const char *deployment,
                                   const struct noodle_tensor *const *inputs,
                                   size_t count,
                                   const struct noodle_predict_options *options,
                                   noodle_done done,
                                   void *context,
                                   struct noodle_request_t **out);

/**
 * Cancels a request: `done` is called with NOODLE_ERROR_CANCELLED on the calling thread before this returns, and the
 * model stops at its next node. Where the request has ended, nothing happens.
 */
noodle_status noodle_request_cancel(const struct noodle_request_t *request);

/**
 * Frees the handle of a request; the request itself runs on, and `done` is called. NULL is allowed.
 */
void noodle_request_free(struct noodle_request_t *request);

/**
 * Begins a session on the revision that serves, on the one of its key while several do, or on the loaded one of a version.
 * `options` may be NULL. `*out` becomes a session that the caller ends with noodle_session_free.
 *
 * Errors: NOODLE_ERROR_NOT_FOUND, _UNAVAILABLE, _RESOURCE_EXHAUSTED (too many are open, or they carry too much),
 * _INVALID_ARGUMENT (a request_id of another length), _CLOSED.
 */
noodle_status noodle_session_open(const struct noodle_t *noodle,
                                  const char *deployment,
                                  const struct noodle_session_options *options,
                                  struct noodle_session_t **out);

/**
 * Answers a call on the caller's thread, with what the call before left. Inputs as for noodle_predict, without those
 * that are carried; a call that fails leaves what is carried as it was. `options` may be NULL and names no version. The
 * caller frees `*out` with noodle_prediction_free.
 *
 * Errors: as noodle_predict, and NOODLE_ERROR_NOT_FOUND where no call came for too long, _UNAVAILABLE where the
 * deployment has stopped, _CONFLICT while a stream of the session goes on, _RESOURCE_EXHAUSTED where sessions carry too
 * much.
 */
noodle_status noodle_session_predict(const struct noodle_session_t *from,
                                     const struct noodle_tensor *const *inputs,
                                     size_t count,
                                     const struct noodle_predict_options *options,
                                     struct noodle_prediction_t **out);

/**
 * Answers a call on a worker thread of the handle; calls are answered in the order in which they were made. Inputs, `done`
 * and `out` are those of noodle_predict_async.
 *
 * Errors: as noodle_session_predict; they may come through `done`.
 */
noodle_status noodle_session_predict_async(const struct noodle_session_t *from,
                                           const struct noodle_tensor *const *inputs,
                                           size_t count,
                                           const struct noodle_predict_options *options,
                                           noodle_done done,
                                           void *context,
                                           struct noodle_request_t **out);

/**
 * Begins anew, with zeros, after the calls before it.
 */
noodle_status noodle_session_reset(const struct noodle_session_t *from);

/**
 * Gives who answers. `*out` belongs to the session.
 */
noodle_status noodle_session_served(const struct noodle_session_t *from, const struct noodle_served **out);

/**
 * Ends the session and frees it: the pointer must not be used again. NULL is allowed.
 */
void noodle_session_free(struct noodle_session_t *from);

/**
 * Answers one request many times, as the deployment's `stream` says: window by window, or step by step. Inputs are copied,
 * but those with a `value` share its memory. `options` may be NULL; its timeout bounds the whole stream. The caller ends
 * `*out` with noodle_stream_free.
 *
 * Errors: as noodle_session_open; NOODLE_ERROR_UNSUPPORTED where the deployment has no `stream`; _INVALID_ARGUMENT.
 */
noodle_status noodle_predict_stream(const struct noodle_t *noodle,
                                    const char *deployment,
                                    const struct noodle_tensor *const *inputs,
                                    size_t count,
                                    const struct noodle_predict_options *options,
                                    struct noodle_stream_t **out);

/**
 * As noodle_predict_stream, beginning with what the session's call before left. Until the stream ends or is freed, other
 * calls of the session answer NOODLE_ERROR_CONFLICT.
 */
noodle_status noodle_session_predict_stream(const struct noodle_session_t *from,
                                            const struct noodle_tensor *const *inputs,
                                            size_t count,
                                            const struct noodle_predict_options *options,
                                            struct noodle_stream_t **out);

/**
 * Makes the next answer on the caller's thread. `*out` becomes a prediction that the caller frees with
 * noodle_prediction_free, or NULL after the last one. An error ends the stream. Threads that ask one stream take turns.
 *
 * Errors: as noodle_session_predict.
 */
noodle_status noodle_stream_next(const struct noodle_stream_t *from, struct noodle_prediction_t **out);

/**
 * Ends the stream and frees it: the pointer must not be used again. NULL is allowed.
 */
void noodle_stream_free(struct noodle_stream_t *from);

/**
 * Returns the error of the thread's last call that failed; NULL where none did. It belongs to the library and is valid
 * until the thread's next call that fails. `message` is a line to print: operation, what went wrong, and in parentheses
 * the names and values that `context` has too.
 */
const noodle_error_record *noodle_last_error(void);

/**
 * Copies a tensor into a value. The caller frees `*out` with noodle_value_free.
 */
noodle_status noodle_value_copy(const struct noodle_tensor *tensor, struct noodle_value_t **out);

/**
 * Takes over a DLPack tensor, without a copy where it is dense and row-major; strided data is copied. The library calls
 * its deleter once, from any thread: when the last user of the value is gone, or at once after a copy. Where this call
 * fails, the tensor stays the caller's. The caller frees `*out` with noodle_value_free.
 *
 * Errors: NOODLE_ERROR_UNSUPPORTED for memory that is not the host's, element types that the library does not have, and
 * other major versions of DLPack; _INVALID_ARGUMENT for bad shapes.
 */
noodle_status noodle_value_from_dlpack(struct DLManagedTensorVersioned *tensor, struct noodle_value_t **out);

/**
 * As noodle_value_from_dlpack, for the tensors of DLPack before version 1.
 */
noodle_status noodle_value_from_dlpack_unversioned(struct DLManagedTensor *tensor, struct noodle_value_t **out);

/**
 * Fills `*out`, whose `size` the caller has set, with the value's tensor, to be given a name and used as an input. What
 * it points to belongs to the value.
 */
noodle_status noodle_value_tensor(const struct noodle_value_t *value, struct noodle_tensor *out);

/**
 * Frees the value; requests that use it run on. NULL is allowed.
 */
void noodle_value_free(struct noodle_value_t *value);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* NOODLE_DEPLOY_H */
