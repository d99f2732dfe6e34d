/* Messages of the library: levels, replacement, release, forks. log MODELS DIR */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

struct log {
    pthread_mutex_t mutex;
    int messages, opened, up, too_fine, released;
};

static void on_log(void *context, const noodle_log_record *record) {
    struct log *log = context;
    pthread_mutex_lock(&log->mutex);
    CHECK(record->size == sizeof *record && strncmp(record->target, "noodle_deploy_core", 18) == 0);
    CHECK(strncmp(record->text, record->message, strlen(record->message)) == 0);
    log->messages++;
    log->opened += strcmp(record->message, "opened") == 0 && record->level == NOODLE_LOG_DEBUG;
    log->too_fine += record->level > NOODLE_LOG_INFO;
    if (strcmp(record->message, "revision is up") == 0) {
        CHECK(record->level == NOODLE_LOG_INFO && record->fields_count >= 2);
        CHECK(strcmp(record->fields[0].key, "deployment") == 0 && strcmp(record->fields[0].value, "m") == 0);
        CHECK(strstr(record->text, "revision is up (deployment: m, revision: 1"));
        log->up++;
    }
    pthread_mutex_unlock(&log->mutex);
}

static void released(void *context) {
    struct log *log = context;
    pthread_mutex_lock(&log->mutex);
    log->released++;
    pthread_mutex_unlock(&log->mutex);
}

/* A thread of the library may be inside the callback when it is replaced. */
static void expect_release(struct log *log) {
    const struct timespec while_it_leaves = {0, 1000000};
    int seen = 0;
    for (int i = 0; i < 5000 && !seen; i++) {
        pthread_mutex_lock(&log->mutex);
        seen = log->released;
        pthread_mutex_unlock(&log->mutex);
        if (!seen) nanosleep(&while_it_leaves, NULL);
    }
    CHECK(seen == 1);
}

/* A callback that stays inside until it is let go. */
struct gate {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int inside, open, released;
};

static void stay(void *context, const noodle_log_record *record) {
    struct gate *gate = context;
    (void)record;
    pthread_mutex_lock(&gate->mutex);
    gate->inside++;
    pthread_cond_broadcast(&gate->changed);
    while (!gate->open) pthread_cond_wait(&gate->changed, &gate->mutex);
    pthread_mutex_unlock(&gate->mutex);
}

static void leave(void *context) {
    struct gate *gate = context;
    pthread_mutex_lock(&gate->mutex);
    gate->released++;
    pthread_mutex_unlock(&gate->mutex);
}

static void *opens(void *place) {
    noodle_t *noodle = NULL;
    OK(noodle_open(place, NULL, &noodle));
    noodle_free(noodle);
    return NULL;
}

static void released_by_the_last_thread_inside(const char *dir) {
    char place[1024];
    snprintf(place, sizeof place, "%s/log-gate", dir);
    struct gate gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, 0};
    OK(noodle_set_log(NOODLE_LOG_DEBUG, stay, &gate, leave));
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, opens, place) == 0);
    pthread_mutex_lock(&gate.mutex);
    while (!gate.inside) pthread_cond_wait(&gate.changed, &gate.mutex);
    pthread_mutex_unlock(&gate.mutex);
    OK(noodle_set_log(0, NULL, NULL, NULL));
    pthread_mutex_lock(&gate.mutex);
    CHECK(gate.released == 0);
    gate.open = 1;
    pthread_cond_broadcast(&gate.changed);
    pthread_mutex_unlock(&gate.mutex);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(gate.released == 1);
}

int main(int argc, char **argv) {
    CHECK(argc == 3);
    struct log first = {PTHREAD_MUTEX_INITIALIZER, 0, 0, 0, 0, 0}, second = first;
    CHECK(noodle_set_log(0, on_log, &first, released) == NOODLE_ERROR_INVALID_ARGUMENT);
    CHECK(noodle_set_log(6, on_log, &first, released) == NOODLE_ERROR_INVALID_ARGUMENT && first.released == 0);
    OK(noodle_set_log(NOODLE_LOG_DEBUG, on_log, &first, released));
    noodle_t *noodle = deployed(argv[2], "log", argv[1], "linear.onnx");
    pthread_mutex_lock(&first.mutex);
    CHECK(first.opened == 1 && first.up == 1 && first.released == 0);
    pthread_mutex_unlock(&first.mutex);
    noodle_free(noodle);

    /* Another callback, that wants less; the one before is let go. */
    OK(noodle_set_log(NOODLE_LOG_INFO, on_log, &second, released));
    expect_release(&first);
    const int before = first.messages;
    noodle = deployed(argv[2], "log-second", argv[1], "linear.onnx");
    pthread_mutex_lock(&second.mutex);
    CHECK(first.messages == before && second.up == 1 && second.too_fine == 0);
    pthread_mutex_unlock(&second.mutex);

    noodle_free(noodle);

    /* The child hears nothing of the parent's callback, and leaves its context alone; one of its own is told. */
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        const int heard = second.messages;
        noodle_t *own = deployed(argv[2], "log-child", argv[1], "linear.onnx");
        CHECK(second.messages == heard);
        OK(noodle_set_log(NOODLE_LOG_DEBUG, on_log, &first, NULL));
        CHECK(second.released == 0);
        noodle_free(own);
        own = deployed(argv[2], "log-own", argv[1], "linear.onnx");
        CHECK(first.messages > before);
        /* Ends at once: what only the parent's other threads refer to is no leak. */
        raise(SIGKILL);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);

    OK(noodle_set_log(0, NULL, NULL, NULL));
    expect_release(&second);
    OK(noodle_set_log(0, NULL, NULL, NULL));
    released_by_the_last_thread_inside(argv[2]);
    printf("log: passed\n");
    return 0;
}
