/* The process ends while threads predict: no crash, no hang. exit_while_busy MODELS DIR */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <time.h>

#include "check.h"

static void *predict_forever(void *noodle) {
    const float row[] = {1, 2, 3, 4};
    const size_t shape[] = {1, 4};
    noodle_tensor x = floats("x", shape, 2, row, 4);
    const noodle_tensor *inputs[] = {&x};
    for (;;) {
        noodle_prediction_t *prediction = NULL;
        if (noodle_predict(noodle, "m", inputs, 1, NULL, &prediction) == NOODLE_ERROR_CLOSED) return NULL;
        noodle_prediction_free(prediction);
    }
}

static void done(void *context, noodle_status status, noodle_prediction_t *prediction, const noodle_error_record *error) {
    (void)context, (void)status, (void)error;
    noodle_prediction_free(prediction);
}

int main(int argc, char **argv) {
    CHECK(argc == 3);
    noodle_t *noodle = deployed(argv[2], "exit", argv[1], "linear.onnx");
    noodle_t *closed = deployed(argv[2], "exit-closed", argv[1], "linear.onnx");
    pthread_t threads[2];
    CHECK(pthread_create(&threads[0], NULL, predict_forever, noodle) == 0);
    CHECK(pthread_create(&threads[1], NULL, predict_forever, closed) == 0);
    const float row[] = {1, 2, 3, 4};
    const size_t shape[] = {1, 4};
    noodle_tensor x = floats("x", shape, 2, row, 4);
    const noodle_tensor *inputs[] = {&x};
    for (int i = 0; i < 100; i++) OK(noodle_predict_async(noodle, "m", inputs, 1, NULL, done, NULL, NULL));
    const struct timespec moment = {0, 50 * 1000 * 1000};
    nanosleep(&moment, NULL);
    /* A close under load: the other thread sees it and ends. */
    OK(noodle_close(closed));
    CHECK(pthread_join(threads[1], NULL) == 0);
    noodle_free(closed);
    printf("exit while busy: passed\n");
    exit(0);
}
