/* Tensors, predictions, requests and handles. data_plane MODELS DIR: MODELS is conformance/models. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static const float ROW[] = {1, 2, 3, 4};
static const size_t SHAPE[] = {1, 4};
/* linear.onnx multiplies by {{-3, -2}, {-1, 0}, {1, 2}, {3, -3}}. */
static const float ANSWER[] = {10, -8};

static void expect_answer(const noodle_prediction_t *prediction) {
    noodle_tensor y = {.size = sizeof y};
    OK(noodle_prediction_output(prediction, "y", &y));
    CHECK(y.dtype == NOODLE_DTYPE_F32 && y.rank == 2 && y.shape[0] == 1 && y.shape[1] == 2);
    CHECK(y.bytes == sizeof ANSWER && memcmp(y.data, ANSWER, sizeof ANSWER) == 0);
}

/* What a program prints says which field, which value, and what is allowed. */
static void messages(noodle_t *noodle) {
    noodle_scale_input input = {.size = sizeof input, .deployment = "m", .replicas = 1025};
    noodle_deployment_view *view = NULL;
    CHECK(noodle_scale(noodle, NULL, &input, &view) == NOODLE_ERROR_INVALID_ARGUMENT && !view);
    const noodle_error_record *error = noodle_last_error();
    CHECK(strncmp(error->message, "scale: replicas is not valid (field: ", 37) == 0);
    CHECK(strstr(error->message, "value: 1025") && strstr(error->message, "allowed: ") && error->context_count >= 3);
}

static void predictions(noodle_t *noodle) {
    noodle_tensor x = floats("x", SHAPE, 2, ROW, 4);
    const noodle_tensor *inputs[] = {&x};
    noodle_prediction_t *prediction = NULL;
    OK(noodle_predict(noodle, "m", inputs, 1, NULL, &prediction));
    expect_answer(prediction);
    CHECK(noodle_prediction_count(prediction) == 1);
    noodle_tensor y = {.size = sizeof y};
    OK(noodle_prediction_output_at(prediction, 0, &y));
    CHECK(strcmp(y.name, "y") == 0);
    CHECK(noodle_prediction_output_at(prediction, 1, &y) == NOODLE_ERROR_INVALID_ARGUMENT);
    CHECK(noodle_prediction_output(prediction, "z", &y) == NOODLE_ERROR_INVALID_ARGUMENT);
    const noodle_served *served = NULL;
    OK(noodle_prediction_served(prediction, &served));
    CHECK(strcmp(served->deployment, "m") == 0 && strcmp(served->version, "1.0.0") == 0 && served->revision == 1);
    CHECK(served->signature->inputs_count == 1 && strcmp(served->signature->inputs[0]->name, "x") == 0);
    CHECK(served->signature->inputs[0]->dtype == NOODLE_DTYPE_F32 && served->labels_count == 0);
    noodle_ranking *ranking = NULL;
    CHECK(noodle_prediction_top(prediction, 1, &ranking) == NOODLE_ERROR_INVALID_ARGUMENT && !ranking);
    noodle_prediction_free(prediction);
    noodle_prediction_free(NULL);

    /* A smaller struct of an older caller is not written beyond its size. */
    OK(noodle_predict(noodle, "m", inputs, 1, NULL, &prediction));
    noodle_tensor old;
    memset(&old, 0x5a, sizeof old);
    old.size = offsetof(noodle_tensor, data);
    OK(noodle_prediction_output(prediction, "y", &old));
    const void *untouched;
    memset(&untouched, 0x5a, sizeof untouched);
    CHECK(old.rank == 2 && old.data == untouched && old.size == offsetof(noodle_tensor, data));
    noodle_prediction_free(prediction);

    /* Unaligned data, and much of it. */
    enum { ROWS = 20000 };
    const size_t big[] = {ROWS, 4};
    char *memory = malloc(ROWS * sizeof ROW + 1);
    for (int i = 0; i < ROWS; i++) memcpy(memory + 1 + i * sizeof ROW, ROW, sizeof ROW);
    noodle_tensor unaligned = floats("x", big, 2, NULL, ROWS * 4);
    unaligned.data = memory + 1;
    inputs[0] = &unaligned;
    OK(noodle_predict(noodle, "m", inputs, 1, NULL, &prediction));
    OK(noodle_prediction_output(prediction, "y", &y));
    CHECK(y.shape[0] == ROWS && memcmp((const float *)y.data + 2 * (ROWS - 1), ANSWER, sizeof ANSWER) == 0);
    noodle_prediction_free(prediction);
    free(memory);
}

static void refusals(noodle_t *noodle) {
    noodle_prediction_t *prediction = NULL;
    noodle_tensor x = floats("x", SHAPE, 2, ROW, 4);
    const noodle_tensor *inputs[] = {&x};
    CHECK(noodle_predict(NULL, "m", inputs, 1, NULL, &prediction) == NOODLE_ERROR_INVALID_ARGUMENT);
    CHECK(noodle_predict(noodle, NULL, inputs, 1, NULL, &prediction) == NOODLE_ERROR_INVALID_ARGUMENT);
    CHECK(noodle_predict(noodle, "m", NULL, 1, NULL, &prediction) == NOODLE_ERROR_INVALID_ARGUMENT);
    CHECK(noodle_predict(noodle, "m", inputs, 1, NULL, NULL) == NOODLE_ERROR_INVALID_ARGUMENT);
    CHECK(noodle_predict(noodle, "\xff", inputs, 1, NULL, &prediction) == NOODLE_ERROR_INVALID_ARGUMENT);
    CHECK(noodle_predict(noodle, "nobody", inputs, 1, NULL, &prediction) == NOODLE_ERROR_NOT_FOUND);
    const noodle_error_record *error = noodle_last_error();
    CHECK(error->code == NOODLE_ERROR_NOT_FOUND && strcmp(error->kind, "not_found") == 0 && !error->retryable);
    CHECK(error->context_count > 0 && strcmp(error->context[0].value, "nobody") == 0);
    x.dtype = 99;
    CHECK(noodle_predict(noodle, "m", inputs, 1, NULL, &prediction) == NOODLE_ERROR_INVALID_ARGUMENT);
    x.dtype = NOODLE_DTYPE_F64;
    CHECK(noodle_predict(noodle, "m", inputs, 1, NULL, &prediction) == NOODLE_ERROR_INVALID_ARGUMENT);
    x.dtype = NOODLE_DTYPE_F32;
    x.bytes = 12;
    CHECK(noodle_predict(noodle, "m", inputs, 1, NULL, &prediction) == NOODLE_ERROR_INVALID_ARGUMENT);
    x.size = 3;
    CHECK(noodle_predict(noodle, "m", inputs, 1, NULL, &prediction) == NOODLE_ERROR_INVALID_ARGUMENT);
    CHECK(!prediction);

    /* What a newer caller sets beyond what this library knows is refused; zeros are not. */
    struct {
        noodle_promote_input known;
        const char *unknown;
    } newer = {{.size = sizeof newer, .deployment = "m"}, "x"};
    noodle_deployment_view *view = NULL;
    CHECK(noodle_promote(noodle, NULL, &newer.known, &view) == NOODLE_ERROR_UNSUPPORTED && !view);
    newer.unknown = NULL;
    CHECK(noodle_promote(noodle, NULL, &newer.known, &view) == NOODLE_ERROR_CONFLICT && !view);
    error = noodle_last_error();
    CHECK(strcmp(error->operation, "promote") == 0);

    /* An older caller's struct ends early: what it lacks is absent. */
    noodle_deploy_input older;
    memset(&older, 0x5a, sizeof older);
    older.size = offsetof(noodle_deploy_input, version);
    older.deployment = "m";
    older.model = NULL;
    OK(noodle_deploy(noodle, NULL, &older, &view));
    noodle_free_deployment_view(view);

    noodle_caller viewer = {.size = sizeof viewer, .actor = "ada", .role = NOODLE_ROLE_VIEWER};
    noodle_scale_input scale = {.size = sizeof scale, .deployment = "m", .replicas = 2};
    CHECK(noodle_scale(noodle, &viewer, &scale, &view) == NOODLE_ERROR_FORBIDDEN);
    viewer.role = 7;
    CHECK(noodle_scale(noodle, &viewer, &scale, &view) == NOODLE_ERROR_INVALID_ARGUMENT);
}

struct ended {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int calls;
    noodle_status status;
    noodle_prediction_t *prediction;
    char message[200];
};

static void done(void *context, noodle_status status, noodle_prediction_t *prediction, const noodle_error_record *error) {
    struct ended *ended = context;
    pthread_mutex_lock(&ended->mutex);
    ended->calls++;
    ended->status = status;
    ended->prediction = prediction;
    snprintf(ended->message, sizeof ended->message, "%s", error ? error->message : "");
    pthread_cond_signal(&ended->changed);
    pthread_mutex_unlock(&ended->mutex);
}

static void wait_for(struct ended *ended) {
    pthread_mutex_lock(&ended->mutex);
    while (ended->calls == 0) pthread_cond_wait(&ended->changed, &ended->mutex);
    pthread_mutex_unlock(&ended->mutex);
}

static void requests(noodle_t *noodle) {
    struct ended ended = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, NULL, ""};
    noodle_request_t *request = NULL;
    float *copied = malloc(sizeof ROW);
    memcpy(copied, ROW, sizeof ROW);
    noodle_tensor x = floats("x", SHAPE, 2, copied, 4);
    const noodle_tensor *inputs[] = {&x};
    OK(noodle_predict_async(noodle, "m", inputs, 1, NULL, done, &ended, &request));
    free(copied);
    wait_for(&ended);
    CHECK(ended.status == NOODLE_OK && ended.calls == 1);
    expect_answer(ended.prediction);
    noodle_prediction_free(ended.prediction);
    OK(noodle_request_cancel(request));
    CHECK(ended.calls == 1);
    noodle_request_free(request);

    /* Errors come through the callback too. */
    x.data = ROW;
    ended.calls = 0;
    OK(noodle_predict_async(noodle, "nobody", inputs, 1, NULL, done, &ended, NULL));
    wait_for(&ended);
    CHECK(ended.status == NOODLE_ERROR_NOT_FOUND && !ended.prediction && strlen(ended.message) > 0);
    CHECK(noodle_predict_async(noodle, "m", inputs, 1, NULL, NULL, NULL, NULL) == NOODLE_ERROR_INVALID_ARGUMENT);

    /* A request that is cancelled is told so, once; or it was faster. */
    ended.calls = 0;
    OK(noodle_predict_async(noodle, "m", inputs, 1, NULL, done, &ended, &request));
    OK(noodle_request_cancel(request));
    wait_for(&ended);
    CHECK(ended.calls == 1 && (ended.status == NOODLE_ERROR_CANCELLED || ended.status == NOODLE_OK));
    noodle_prediction_free(ended.prediction);
    noodle_request_free(request);

    /* A flag that is set, a deadline that has passed, a version that is not there. */
    noodle_prediction_t *prediction = NULL;
    noodle_predict_options options = {.size = sizeof options};
    noodle_cancel_t *cancel = NULL;
    OK(noodle_cancel_new(&cancel));
    options.cancel = cancel;
    OK(noodle_predict(noodle, "m", inputs, 1, &options, &prediction));
    noodle_prediction_free(prediction);
    OK(noodle_cancel_set(cancel));
    CHECK(noodle_predict(noodle, "m", inputs, 1, &options, &prediction) == NOODLE_ERROR_CANCELLED);
    noodle_cancel_free(cancel);
    noodle_predict_options late = {.size = sizeof late, .has_timeout = 1};
    CHECK(noodle_predict(noodle, "m", inputs, 1, &late, &prediction) == NOODLE_ERROR_DEADLINE_EXCEEDED);
    noodle_predict_options pinned = {.size = sizeof pinned, .version = "1.0.0"};
    OK(noodle_predict(noodle, "m", inputs, 1, &pinned, &prediction));
    noodle_prediction_free(prediction);
    noodle_predict_options urgent = {.size = sizeof urgent, .priority = 1};
    OK(noodle_predict(noodle, "m", inputs, 1, &urgent, &prediction));
    noodle_prediction_free(prediction);
    urgent.priority = 4;
    CHECK(noodle_predict(noodle, "m", inputs, 1, &urgent, &prediction) == NOODLE_ERROR_INVALID_ARGUMENT);
    /* As a program says it that was compiled before priorities. */
    urgent.size = offsetof(noodle_predict_options, priority);
    OK(noodle_predict(noodle, "m", inputs, 1, &urgent, &prediction));
    noodle_prediction_free(prediction);
    pinned.version = "9.9.9";
    CHECK(noodle_predict(noodle, "m", inputs, 1, &pinned, &prediction) != NOODLE_OK);
}

static void counted(void *context, noodle_status status, noodle_prediction_t *prediction,
                    const noodle_error_record *error) {
    (void)error;
    noodle_prediction_free(prediction);
    done(context, status, NULL, NULL);
}

/* More requests than workers are in one batch; whoever is short of 32 would wait for ten seconds. */
static void gather(noodle_t *noodle) {
    noodle_batch_config batching = {.size = sizeof batching,
                                    .has_max_batch_size = true,
                                    .max_batch_size = 32,
                                    .max_delay_us = 10000000,
                                    .has_adaptive = true,
                                    .adaptive = false};
    noodle_deploy_input input = {.size = sizeof input, .deployment = "m", .version = "latest", .batching = &batching};
    noodle_deployment_view *view = NULL;
    OK(noodle_deploy(noodle, NULL, &input, &view));
    noodle_free_deployment_view(view);
    struct ended ended = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, NULL, ""};
    noodle_tensor x = floats("x", SHAPE, 2, ROW, 4);
    const noodle_tensor *inputs[] = {&x};
    for (int i = 0; i < 64; i++) OK(noodle_predict_async(noodle, "m", inputs, 1, NULL, counted, &ended, NULL));
    pthread_mutex_lock(&ended.mutex);
    while (ended.calls < 64) pthread_cond_wait(&ended.changed, &ended.mutex);
    pthread_mutex_unlock(&ended.mutex);
    noodle_deployment_ref ref = {.size = sizeof ref, .deployment = "m"};
    OK(noodle_get_deployment(noodle, NULL, &ref, &view));
    int seen = 0;
    for (size_t i = 0; i < view->replicas_count; i++) {
        const noodle_batch_status *status = view->replicas[i].value->batching;
        if (!status) continue;
        seen++;
        CHECK(strcmp(status->batches, "2") == 0 && strcmp(status->rows, "64") == 0);
    }
    CHECK(seen == 1);
    noodle_free_deployment_view(view);
    input.batching = NULL;
    OK(noodle_deploy(noodle, NULL, &input, &view));
    noodle_free_deployment_view(view);
}

static void *predict_often(void *noodle) {
    noodle_tensor x = floats("x", SHAPE, 2, ROW, 4);
    const noodle_tensor *inputs[] = {&x};
    for (int i = 0; i < 500; i++) {
        noodle_prediction_t *prediction = NULL;
        OK(noodle_predict(noodle, "m", inputs, 1, NULL, &prediction));
        expect_answer(prediction);
        noodle_prediction_free(prediction);
    }
    return NULL;
}

static void threads(noodle_t *noodle) {
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) CHECK(pthread_create(&threads[i], NULL, predict_often, noodle) == 0);
    for (int i = 0; i < 2; i++) CHECK(pthread_join(threads[i], NULL) == 0);
}

static void forked(noodle_t *noodle, const char *dir) {
    char other[1024];
    snprintf(other, sizeof other, "%s/of-the-child", dir);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        noodle_head *head = NULL;
        int as_told = noodle_audit_head(noodle, NULL, &head) == NOODLE_ERROR_CLOSED && !head &&
                      noodle_close(noodle) == NOODLE_ERROR_CLOSED;
        /* What the parent has open stays in the child's memory, for this directory and for others. */
        noodle_t *own = NULL;
        as_told = as_told && noodle_open(noodle_dir(noodle), NULL, &own) == NOODLE_ERROR_UNSUPPORTED && !own &&
                  noodle_open(other, NULL, &own) == NOODLE_ERROR_UNSUPPORTED && !own;
        noodle_free(noodle);
        /* Ends at once: what only the parent's other threads refer to is no leak. */
        if (as_told) raise(SIGKILL);
        _exit(1);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    noodle_head *head = NULL;
    OK(noodle_audit_head(noodle, NULL, &head));
    noodle_free_head(head);
}

static void closing(noodle_t *noodle) {
    noodle_settings *settings = NULL;
    OK(noodle_get_settings(noodle, &settings));
    CHECK(settings->allow_unverified && settings->max_queue == 1024 && !settings->has_max_deployments);
    noodle_free_settings(settings);
    CHECK(noodle_dir(noodle)[0] == '/' && noodle_dir(NULL) == NULL);
    OK(noodle_close(noodle));
    OK(noodle_close(noodle));
    noodle_prediction_t *prediction = NULL;
    noodle_tensor x = floats("x", SHAPE, 2, ROW, 4);
    const noodle_tensor *inputs[] = {&x};
    CHECK(noodle_predict(noodle, "m", inputs, 1, NULL, &prediction) == NOODLE_ERROR_CLOSED);
    noodle_model_list *models = NULL;
    CHECK(noodle_list_models(noodle, NULL, &models) == NOODLE_ERROR_CLOSED && !models);
    noodle_free(noodle);
    noodle_free(NULL);
}

/* Paths that are none are named by the argument. */
static void paths(const char *dir, const char *models) {
    char file[1024], to[1024];
    snprintf(file, sizeof file, "%s/linear.onnx", models);
    snprintf(to, sizeof to, "%s/restored", dir);
    noodle_t *noodle = NULL;
    const char *wrong[] = {"", NULL, file};
    for (int i = 0; i < 3; i++) {
        CHECK(noodle_open(wrong[i], NULL, &noodle) == NOODLE_ERROR_INVALID_ARGUMENT && !noodle);
        CHECK(strcmp(noodle_last_error()->context[1].value, "dir") == 0);
    }
    noodle_backup_report *report = NULL;
    CHECK(noodle_restore("", to, &report) == NOODLE_ERROR_INVALID_ARGUMENT && !report);
    CHECK(strcmp(noodle_last_error()->context[1].value, "backup") == 0);
    CHECK(noodle_restore(dir, NULL, &report) == NOODLE_ERROR_INVALID_ARGUMENT && !report);
    CHECK(strcmp(noodle_last_error()->context[1].value, "to") == 0);
}

typedef struct heard {
    pthread_t thread;
    int reports, loads;
    uint64_t last;
    bool ordered;
} heard;

static void hear(void *context, const noodle_progress *progress) {
    heard *to = context;
    to->ordered &= progress->size == sizeof *progress && pthread_equal(to->thread, pthread_self()) != 0;
    if (progress->stage == NOODLE_PROGRESS_STAGE_LOAD) {
        to->ordered &= progress->unit == NOODLE_PROGRESS_UNIT_REPLICAS && progress->has_total && progress->total == 3;
        to->ordered &= to->loads++ > 0 || progress->done == 0;
        to->ordered &= progress->done >= to->last;
        to->last = progress->done;
    }
    to->reports++;
}

static void progress(noodle_t *noodle) {
    heard told = {.thread = pthread_self(), .ordered = true};
    noodle_caller caller = {.size = sizeof caller, .progress = hear, .progress_context = &told};
    noodle_scale_input input = {.size = sizeof input, .deployment = "m", .replicas = 3};
    noodle_deployment_view *view = NULL;
    OK(noodle_scale(noodle, &caller, &input, &view));
    noodle_free_deployment_view(view);
    CHECK(told.ordered && told.reports == 2 && told.loads == 2 && told.last == 3);
    /* An older caller's struct ends before the function. */
    caller.size = offsetof(noodle_caller, progress);
    input.replicas = 1;
    OK(noodle_scale(noodle, &caller, &input, &view));
    noodle_free_deployment_view(view);
    CHECK(told.reports == 2);
}

int main(int argc, char **argv) {
    CHECK(argc == 3 && noodle_abi_version() == NOODLE_ABI_VERSION);
    noodle_t *noodle = deployed(argv[2], "data_plane", argv[1], "linear.onnx");
    messages(noodle);
    progress(noodle);
    predictions(noodle);
    refusals(noodle);
    requests(noodle);
    gather(noodle);
    threads(noodle);
    forked(noodle, argv[2]);
    closing(noodle);

    noodle_settings bad = {.size = sizeof bad, .has_max_replicas = true, .max_replicas = 5000};
    CHECK(noodle_open(argv[2], &bad, &noodle) == NOODLE_ERROR_INVALID_ARGUMENT && !noodle);
    CHECK(strcmp(noodle_last_error()->context[0].value, "1 to 1024") == 0);
    paths(argv[2], argv[1]);
    printf("data plane: passed\n");
    return 0;
}
