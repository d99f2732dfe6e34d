/* A better and slower version answers a copy of the traffic that nobody hears: what it would change is counted, it
 * is shown to fail no more, and then somebody lets it serve.
 *
 * shadow MODELS DIRECTORY: MODELS is the repository's examples/models. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "noodle_deploy.h"

enum { WINDOW = 1024, NO_BYTE = 256, ROUND = 20 };

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
    if (canary) input.strategy = NOODLE_STRATEGY_SHADOW;
    noodle_deployment_view *view = NULL;
    need(noodle_deploy(noodle, NULL, &input, &view), "deploy");
    noodle_free_deployment_view(view);
}

/* The first bytes of a file. */
static void read_window(const char *models, const char *name, int32_t *bytes) {
    char path[1024];
    snprintf(path, sizeof path, "%s/samples/%s", models, name);
    FILE *file = fopen(path, "rb");
    if (!file) perror(path), exit(1);
    for (int i = 0; i < WINDOW; i++) {
        int byte = fgetc(file);
        bytes[i] = byte == EOF ? NO_BYTE : byte;
    }
    fclose(file);
}

/* Lets half of the requests run a second time on version 2.0.0, until there is a verdict. */
static noodle_rollout_phase in_shadow(noodle_t *noodle, const char *models) {
    noodle_mirror_config mirror = {.size = sizeof mirror, .share = 5000};
    noodle_canary_step step = {.size = sizeof step, .has_min_requests = true, .min_requests = 50, .gate = true,
                               .mirror = &mirror};
    const noodle_canary_step *steps[] = {&step};
    noodle_analysis_config analysis = {.size = sizeof analysis, .has_error_margin = true, .error_margin = 0.05};
    noodle_canary_config canary = {.size = sizeof canary, .steps = steps, .steps_count = 1, .analysis = &analysis};
    deploy(noodle, "2.0.0", &canary);

    const char *const samples[] = {"hello.py", "hello.rs", "hello.go", "hello.js"};
    const size_t shape[] = {1, WINDOW};
    for (size_t request = 0;; request++) {
        int32_t bytes[WINDOW];
        read_window(models, samples[request % 4], bytes);
        noodle_tensor input = {.size = sizeof input, .name = "bytes", .dtype = NOODLE_DTYPE_I32, .rank = 2,
                               .shape = shape, .data = bytes, .bytes = sizeof bytes};
        const noodle_tensor *inputs[] = {&input};
        noodle_prediction_t *answer = NULL;
        need(noodle_predict(noodle, "langid", inputs, 1, NULL, &answer), "predict");
        noodle_prediction_free(answer);
        if (request % ROUND != 0) continue;
        noodle_deployment_ref of = {.size = sizeof of, .deployment = "langid"};
        noodle_rollout_view *view = NULL;
        need(noodle_get_rollout(noodle, NULL, &of, &view), "get_rollout");
        const noodle_rollout_phase phase = view->rollout->phase;
        if (phase != NOODLE_ROLLOUT_PHASE_ANALYSING) printf("%s\n", view->rollout->reason);
        noodle_free_rollout_view(view);
        if (phase != NOODLE_ROLLOUT_PHASE_ANALYSING) return phase;
    }
}

int main(int argc, char **argv) {
    if (argc != 3) return fprintf(stderr, "usage: shadow MODELS DIRECTORY\n"), 2;
    noodle_t *noodle = NULL;
    need(noodle_open(argv[2], NULL, &noodle), "open");
    add(noodle, argv[1], "1.0.0");
    add(noodle, argv[1], "2.0.0");
    deploy(noodle, "1.0.0", NULL);
    const bool waits = in_shadow(noodle, argv[1]) == NOODLE_ROLLOUT_PHASE_GATED;
    noodle_rollout_input go = {.size = sizeof go, .deployment = "langid", .reason = "looks right"};
    noodle_rollout_view *view = NULL;
    need(noodle_advance_rollout(noodle, NULL, &go, &view), "advance_rollout");
    const bool serves = view->rollout->phase == NOODLE_ROLLOUT_PHASE_COMPLETED;
    noodle_free_rollout_view(view);
    noodle_free(noodle);
    return waits && serves ? 0 : 1;
}
