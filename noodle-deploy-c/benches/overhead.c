/* What a prediction costs through C over the same one in Rust: medians of single calls, in turns.
 *
 * overhead MODELS DIR [CALLS]: MODELS is conformance/models. Needs a library with the feature `testing`. */
#define _POSIX_C_SOURCE 200809L
#include "../tests/check.h"
#include "../tests/testing.h"
#include "timing.h"

int main(int argc, char **argv) {
    CHECK(argc >= 3);
    enum { ROUNDS = 41 };
    const size_t calls = argc > 3 ? strtoul(argv[3], NULL, 10) : 2000;
    CHECK(calls > 0);
    noodle_t *noodle = deployed(argv[2], "overhead", argv[1], "linear.onnx");
    const float row[] = {1, 2, 3, 4};
    const size_t shape[] = {1, 4};
    noodle_tensor x = floats("x", shape, 2, row, 4);
    const noodle_tensor *inputs[] = {&x};
    double rust[ROUNDS], c[ROUNDS], over[ROUNDS], *times = malloc(calls * sizeof *times);
    for (int round = 0; round < ROUNDS; round++) {
        OK(noodle_testing_predict_ns(noodle, "m", inputs, 1, calls, &rust[round]));
        for (size_t i = 0; i < calls; i++) {
            noodle_prediction_t *prediction = NULL;
            const double begun = now_ns();
            OK(noodle_predict(noodle, "m", inputs, 1, NULL, &prediction));
            noodle_prediction_free(prediction);
            times[i] = now_ns() - begun;
        }
        c[round] = median(times, calls);
        over[round] = c[round] - rust[round];
    }
    const double least = over[0];
    printf("p50 of a prediction: %.0f ns in Rust, %.0f ns in C; in turns, C takes %+.0f ns (first round %+.0f)\n",
           median(rust, ROUNDS), median(c, ROUNDS), median(over, ROUNDS), least);
    free(times);
    noodle_free(noodle);
    return 0;
}
