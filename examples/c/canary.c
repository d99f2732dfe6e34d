/* A better and slower version gets a growing share of the traffic: held to the old one's speed it is taken back, allowed
 * to be slower it is shown to fail no more, and serves.
 *
 * canary MODELS DIRECTORY: MODELS is the repository's examples/models. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "noodle_deploy.h"

enum { WINDOW = 8192, NO_BYTE = 256, USERS = 200 };

/* Ends the program with the error of the call. */
static void need(noodle_status status, const char *what) {
    if (status == NOODLE_OK) return;
    const noodle_error_record *error = noodle_last_error();
    fprintf(stderr, "%s: %s\n", what, error->message);
    for (size_t i = 0; i < error->context_count; i++)
        fprintf(stderr, "  %s: %s\n", error->context[i].key, error->context[i].value);
    exit(1);
}

static void add(noodle_t *noodle, const char *models, const char *version) {
    char model[1024];
    snprintf(model, sizeof model, "%s/langid-v%c.onnx", models, version[0]);
    noodle_register_version_input input = {.size = sizeof input, .model = "langid", .path = model, .version = version};
    noodle_version_record *record = NULL;
    need(noodle_register_version(noodle, NULL, &input, &record), "register");
    noodle_free_version_record(record);
}

static void deploy(noodle_t *noodle, const char *version, const noodle_canary_config *canary) {
    noodle_deploy_input input = {.size = sizeof input, .deployment = "langid", .version = version, .canary = canary};
    noodle_deployment_view *view = NULL;
    need(noodle_deploy(noodle, NULL, &input, &view), "deploy");
    noodle_free_deployment_view(view);
}

/* The first bytes of a file. */
static void read_window(const char *models, int32_t *bytes) {
    char path[1024];
    snprintf(path, sizeof path, "%s/samples/hello.py", models);
    FILE *file = fopen(path, "rb");
    if (!file) perror(path), exit(1);
    for (int i = 0; i < WINDOW; i++) {
        int byte = fgetc(file);
        bytes[i] = byte == EOF ? NO_BYTE : byte;
    }
    fclose(file);
}

/* Deploys version 2.0.0 by steps, and asks for all users until the rollout has ended. */
static noodle_rollout_phase roll_out(noodle_t *noodle, const char *models, double latency_ratio) {
    noodle_canary_step first = {.size = sizeof first, .weight = 2000, .has_min_requests = true, .min_requests = 50};
    noodle_canary_step second = {.size = sizeof second, .weight = 5000, .has_min_requests = true, .min_requests = 50};
    const noodle_canary_step *steps[] = {&first, &second};
    noodle_analysis_config analysis = {.size = sizeof analysis, .has_error_margin = true, .error_margin = 0.05,
                                       .has_latency_ratio = true, .latency_ratio = latency_ratio};
    noodle_canary_config canary = {.size = sizeof canary, .steps = steps, .steps_count = 2, .analysis = &analysis};
    deploy(noodle, "2.0.0", &canary);

    static int32_t bytes[WINDOW];
    read_window(models, bytes);
    const size_t shape[] = {1, WINDOW};
    noodle_tensor input = {.size = sizeof input, .name = "bytes", .dtype = NOODLE_DTYPE_I32, .rank = 2, .shape = shape,
                           .data = bytes, .bytes = sizeof bytes};
    const noodle_tensor *inputs[] = {&input};
    for (;;) {
        for (int user = 0; user < USERS; user++) {
            /* All requests of one user go to the same version while it lasts. */
            char key[32];
            snprintf(key, sizeof key, "user-%d", user);
            noodle_predict_options options = {.size = sizeof options, .key = key};
            noodle_prediction_t *answer = NULL;
            need(noodle_predict(noodle, "langid", inputs, 1, &options, &answer), "predict");
            noodle_prediction_free(answer);
        }
        noodle_deployment_ref of = {.size = sizeof of, .deployment = "langid"};
        noodle_rollout_view *view = NULL;
        need(noodle_get_rollout(noodle, NULL, &of, &view), "get_rollout");
        noodle_rollout_phase phase = view->rollout->phase;
        const bool over = phase == NOODLE_ROLLOUT_PHASE_COMPLETED || phase == NOODLE_ROLLOUT_PHASE_ABORTED;
        if (over) printf("up to %g times as slow: %s\n", latency_ratio, view->rollout->reason);
        noodle_free_rollout_view(view);
        if (over) return phase;
    }
}

int main(int argc, char **argv) {
    if (argc != 3) return fprintf(stderr, "usage: canary MODELS DIRECTORY\n"), 2;
    noodle_t *noodle = NULL;
    need(noodle_open(argv[2], NULL, &noodle), "open");
    add(noodle, argv[1], "1.0.0");
    add(noodle, argv[1], "2.0.0");
    deploy(noodle, "1.0.0", NULL);
    const bool taken_back = roll_out(noodle, argv[1], 1.2) == NOODLE_ROLLOUT_PHASE_ABORTED;
    const bool serves = roll_out(noodle, argv[1], 100.0) == NOODLE_ROLLOUT_PHASE_COMPLETED;
    noodle_free(noodle);
    return taken_back && serves ? 0 : 1;
}
