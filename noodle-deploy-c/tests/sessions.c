/* Sessions and streams. sessions MODELS DIR: MODELS is conformance/models. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "check.h"

static const size_t ROW[] = {1, 4};
static const float ONES[] = {1, 1, 1, 1};

/* The recurrent model with its state, and windows of two behind two more. */
static noodle_t *opened(const char *dir, const char *models) {
    noodle_t *noodle = deployed(dir, "sessions", models, "recurrent.onnx");
    const uint32_t shape[] = {1, 4};
    noodle_carried_tensor h = {.size = sizeof h, .output = "h_next", .input = "h", .shape = shape, .shape_count = 2};
    const noodle_carried_tensor *carried[] = {&h};
    noodle_state_config state = {.size = sizeof state, .carried = carried, .carried_count = 1};
    noodle_stream_config_windows windows = {.size = sizeof windows, .input = "x", .axis = 1,
                                            .length = 2, .hop = 2, .context = 2};
    noodle_stream_config stream = {.size = sizeof stream, .type = NOODLE_STREAM_CONFIG_WINDOWS, .of = {&windows}};
    noodle_deploy_input input = {.size = sizeof input, .deployment = "m", .state = &state, .stream = &stream};
    noodle_deployment_view *view = NULL;
    OK(noodle_deploy(noodle, NULL, &input, &view));
    const noodle_revision *revision = view->desired->revisions[1];
    CHECK(revision->state->carried_count == 1 && revision->stream->of.windows->context == 2);
    CHECK(revision->stream->of.windows->pad_last);
    noodle_free_deployment_view(view);
    windows.length = 3;
    CHECK(noodle_deploy(noodle, NULL, &input, &view) == NOODLE_ERROR_INVALID_ARGUMENT && !view);
    CHECK(strstr(noodle_last_error()->message, "stream/length"));
    return noodle;
}

static float carried_at(noodle_prediction_t *prediction, size_t at) {
    noodle_tensor h = {.size = sizeof h};
    OK(noodle_prediction_output(prediction, "h_next", &h));
    CHECK(h.bytes == 4 * sizeof(float));
    const float found = ((const float *)h.data)[at];
    noodle_prediction_free(prediction);
    return found;
}

/* One call with ones; the first number that is carried. */
static float call(const noodle_session_t *session) {
    noodle_tensor x = floats("x", ROW, 2, ONES, 4);
    const noodle_tensor *inputs[] = {&x};
    noodle_prediction_t *prediction = NULL;
    OK(noodle_session_predict(session, inputs, 1, NULL, &prediction));
    return carried_at(prediction, 0);
}

static void sessions(const noodle_t *noodle) {
    noodle_session_t *session = NULL;
    OK(noodle_session_open(noodle, "m", NULL, &session));
    CHECK(call(session) == 1 && call(session) == 2);
    const noodle_served *served = NULL;
    OK(noodle_session_served(session, &served));
    CHECK(strcmp(served->version, "1.0.0") == 0 && served->revision == 2 && served->signature->inputs_count == 2);
    OK(noodle_session_reset(session));
    CHECK(call(session) == 1);

    noodle_tensor x = floats("x", ROW, 2, ONES, 4), h = floats("h", ROW, 2, ONES, 4);
    const noodle_tensor *inputs[] = {&x, &h};
    noodle_prediction_t *prediction = NULL;
    CHECK(noodle_session_predict(session, inputs, 2, NULL, &prediction) == NOODLE_ERROR_INVALID_ARGUMENT);
    noodle_predict_options options = {.size = sizeof options, .has_timeout = 1};
    CHECK(noodle_session_predict(session, inputs, 1, &options, &prediction) == NOODLE_ERROR_DEADLINE_EXCEEDED);
    options = (noodle_predict_options){.size = sizeof options, .version = "1.0.0"};
    CHECK(noodle_session_predict(session, inputs, 1, &options, &prediction) == NOODLE_ERROR_INVALID_ARGUMENT);
    CHECK(noodle_session_predict(NULL, inputs, 1, NULL, &prediction) == NOODLE_ERROR_INVALID_ARGUMENT && !prediction);
    CHECK(call(session) == 2);

    noodle_session_options pinned = {.size = sizeof pinned, .version = "9.9.9"};
    noodle_session_t *other = NULL;
    CHECK(noodle_session_open(noodle, "m", &pinned, &other) == NOODLE_ERROR_NOT_FOUND && !other);
    CHECK(noodle_session_open(noodle, NULL, NULL, &other) == NOODLE_ERROR_INVALID_ARGUMENT && !other);
    pinned.version = "1.0.0";
    OK(noodle_session_open(noodle, "m", &pinned, &other));
    CHECK(call(other) == 1 && call(session) == 3);
    noodle_session_free(other);
    noodle_session_free(session);
    noodle_session_free(NULL);
}

struct told {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool seen[33];
    int count;
};

/* Workers tell at the same time. */
static void done(void *context, noodle_status status, noodle_prediction_t *prediction,
                 const noodle_error_record *error) {
    struct told *told = context;
    CHECK(status == NOODLE_OK && !error);
    const int sum = (int)carried_at(prediction, 0);
    pthread_mutex_lock(&told->lock);
    CHECK(sum >= 1 && sum <= 32 && !told->seen[sum]);
    told->seen[sum] = true;
    told->count++;
    pthread_cond_signal(&told->changed);
    pthread_mutex_unlock(&told->lock);
}

/* Calls that do not wait are answered in the order in which they were made. */
static void in_order(const noodle_t *noodle) {
    noodle_session_t *session = NULL;
    OK(noodle_session_open(noodle, "m", NULL, &session));
    noodle_tensor x = floats("x", ROW, 2, ONES, 4);
    const noodle_tensor *inputs[] = {&x};
    struct told told = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, {false}, 0};
    for (int i = 0; i < 32; i++) OK(noodle_session_predict_async(session, inputs, 1, NULL, done, &told, NULL));
    CHECK(noodle_session_predict_async(session, inputs, 1, NULL, NULL, &told, NULL) == NOODLE_ERROR_INVALID_ARGUMENT);
    /* Takes its turn behind them. */
    CHECK(call(session) == 33);
    pthread_mutex_lock(&told.lock);
    while (told.count < 32) pthread_cond_wait(&told.changed, &told.lock);
    pthread_mutex_unlock(&told.lock);
    noodle_session_free(session);
}

static void streams(const noodle_t *noodle) {
    static const size_t long_row[] = {1, 5};
    float numbers[] = {1, 2, 3, 4, 5};
    noodle_tensor x = floats("x", long_row, 2, numbers, 5);
    const noodle_tensor *inputs[] = {&x};
    noodle_stream_t *stream = NULL;
    OK(noodle_predict_stream(noodle, "m", inputs, 1, NULL, &stream));
    /* The inputs are the stream's own. */
    memset(numbers, 0, sizeof numbers);
    const float last[] = {2, 6, 6};
    noodle_prediction_t *prediction = NULL;
    for (int i = 0; i < 3; i++) {
        OK(noodle_stream_next(stream, &prediction));
        CHECK(prediction && carried_at(prediction, 3) == last[i]);
    }
    for (int i = 0; i < 2; i++) {
        OK(noodle_stream_next(stream, &prediction));
        CHECK(!prediction);
    }
    noodle_stream_free(stream);
    noodle_stream_free(NULL);

    noodle_session_t *session = NULL;
    OK(noodle_session_open(noodle, "m", NULL, &session));
    CHECK(call(session) == 1);
    OK(noodle_session_predict_stream(session, inputs, 1, NULL, &stream));
    OK(noodle_stream_next(stream, &prediction));
    CHECK(carried_at(prediction, 3) == 1);
    noodle_tensor row = floats("x", ROW, 2, ONES, 4);
    const noodle_tensor *rows[] = {&row};
    CHECK(noodle_session_predict(session, rows, 1, NULL, &prediction) == NOODLE_ERROR_CONFLICT && !prediction);
    noodle_stream_free(stream);
    CHECK(call(session) == 2);

    noodle_cancel_t *cancel = NULL;
    OK(noodle_cancel_new(&cancel));
    noodle_predict_options options = {.size = sizeof options, .cancel = cancel};
    OK(noodle_predict_stream(noodle, "m", inputs, 1, &options, &stream));
    OK(noodle_cancel_set(cancel));
    CHECK(noodle_stream_next(stream, &prediction) == NOODLE_ERROR_CANCELLED && !prediction);
    OK(noodle_stream_next(stream, &prediction));
    CHECK(!prediction);
    noodle_stream_free(stream);
    noodle_cancel_free(cancel);
    CHECK(noodle_predict_stream(noodle, "nobody", inputs, 1, NULL, &stream) == NOODLE_ERROR_NOT_FOUND && !stream);
    CHECK(noodle_stream_next(NULL, &prediction) == NOODLE_ERROR_INVALID_ARGUMENT);
    noodle_session_free(session);
}

int main(int argc, char **argv) {
    CHECK(argc == 3);
    noodle_t *noodle = opened(argv[2], argv[1]);
    sessions(noodle);
    in_order(noodle);
    streams(noodle);
    noodle_session_t *left = NULL;
    OK(noodle_session_open(noodle, "m", NULL, &left));
    noodle_free(noodle);
    noodle_tensor x = floats("x", ROW, 2, ONES, 4);
    const noodle_tensor *inputs[] = {&x};
    noodle_prediction_t *prediction = NULL;
    CHECK(noodle_session_predict(left, inputs, 1, NULL, &prediction) == NOODLE_ERROR_CLOSED);
    noodle_session_free(left);
    printf("sessions: passed\n");
    return 0;
}
