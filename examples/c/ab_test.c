/* Two versions on live traffic: does the larger model name more snippets of code right, and what does it cost? The
 * experiment stops by itself once that is shown, and the winner gets all traffic.
 *
 * ab_test MODELS DIRECTORY: MODELS is the repository's examples/models. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "noodle_deploy.h"

/* SNIPPET bytes; NO_BYTE stands for "no byte". */
enum { SNIPPET = 256, NO_BYTE = 256, ROUND = 200, MOST_USERS = 20000, CLASSES = 28 };

/* Files, and the number of their language among the model's classes. */
static const struct {
    const char *file;
    size_t language;
} SAMPLES[] = {{"hello.c", 0},   {"hello.go", 5},  {"Hello.java", 8}, {"hello.js", 9},    {"hello.py", 17},
               {"hello.rb", 19}, {"hello.rs", 20}, {"hello.sh", 21},  {"hello.toml", 24}, {"hello.ts", 25}};

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

static void deploy(noodle_t *noodle, const char *version, noodle_strategy strategy) {
    noodle_deploy_input input = {.size = sizeof input, .deployment = "langid", .version = version, .strategy = strategy};
    noodle_deployment_view *view = NULL;
    need(noodle_deploy(noodle, NULL, &input, &view), "deploy");
    noodle_free_deployment_view(view);
}

static void begin(noodle_t *noodle) {
    noodle_arm_config small = {.size = sizeof small, .name = "small", .version = "1.0.0", .weight = 5000};
    noodle_arm_config large = {.size = sizeof large, .name = "large", .version = "2.0.0", .weight = 5000};
    const noodle_arm_config *arms[] = {&small, &large};
    noodle_metric_config right = {.size = sizeof right, .name = "right", .kind = NOODLE_METRIC_KIND_PROPORTION,
                                  .goal = NOODLE_GOAL_INCREASE, .role = NOODLE_METRIC_ROLE_PRIMARY};
    noodle_metric_config latency = {.size = sizeof latency, .name = "latency", .kind = NOODLE_METRIC_KIND_QUANTILE,
                                    .goal = NOODLE_GOAL_DECREASE, .role = NOODLE_METRIC_ROLE_SECONDARY,
                                    .outcome = "latency_ms", .has_quantile = true, .quantile = 0.5};
    noodle_metric_config failed = {.size = sizeof failed, .name = "failed", .kind = NOODLE_METRIC_KIND_PROPORTION,
                                   .goal = NOODLE_GOAL_DECREASE, .role = NOODLE_METRIC_ROLE_GUARDRAIL,
                                   .has_margin = true, .margin = 0.5};
    const noodle_metric_config *metrics[] = {&right, &latency, &failed};
    noodle_judgement_config judgement = {.size = sizeof judgement, .has_stop_early = true, .stop_early = true};
    noodle_create_experiment_input input = {.size = sizeof input, .deployment = "langid", .name = "size",
                                            .arms = arms, .arms_count = 2, .metrics = metrics, .metrics_count = 3,
                                            .judgement = &judgement};
    noodle_experiment_view *view = NULL;
    need(noodle_create_experiment(noodle, NULL, &input, &view), "create_experiment");
    noodle_free_experiment_view(view);
    noodle_experiment_input start = {.size = sizeof start, .deployment = "langid"};
    need(noodle_start_experiment(noodle, NULL, &start, &view), "start_experiment");
    noodle_free_experiment_view(view);
}

/* Some bytes of a file, from somewhere on. */
static void read_snippet(const char *models, const char *file, unsigned user, int32_t *bytes) {
    char path[1024];
    static unsigned char source[8192];
    snprintf(path, sizeof path, "%s/samples/%s", models, file);
    FILE *opened = fopen(path, "rb");
    if (!opened) perror(path), exit(1);
    size_t length = fread(source, 1, sizeof source, opened);
    fclose(opened);
    size_t from = length > SNIPPET ? user * 7919u % (length - SNIPPET) : 0;
    for (size_t i = 0; i < SNIPPET; i++) bytes[i] = from + i < length ? source[from + i] : NO_BYTE;
}

/* A user shows a snippet; 1 if it was named right. */
static double ask(noodle_t *noodle, const char *models, unsigned user, const char *key) {
    size_t sample = user % (sizeof SAMPLES / sizeof *SAMPLES);
    static int32_t bytes[SNIPPET];
    read_snippet(models, SAMPLES[sample].file, user, bytes);
    const size_t shape[] = {1, SNIPPET};
    noodle_tensor input = {.size = sizeof input, .name = "bytes", .dtype = NOODLE_DTYPE_I32, .rank = 2, .shape = shape,
                           .data = bytes, .bytes = sizeof bytes};
    const noodle_tensor *inputs[] = {&input};
    /* All requests of one user go to the same version. */
    noodle_predict_options options = {.size = sizeof options, .key = key};
    noodle_prediction_t *answer = NULL;
    need(noodle_predict(noodle, "langid", inputs, 1, &options, &answer), "predict");
    noodle_tensor output = {.size = sizeof output};
    need(noodle_prediction_output(answer, "probabilities", &output), "output");
    const float *chances = output.data;
    size_t best = 0;
    for (size_t i = 1; i < CLASSES; i++)
        if (chances[i] > chances[best]) best = i;
    noodle_prediction_free(answer);
    return best == SAMPLES[sample].language ? 1.0 : 0.0;
}

/* The next users ask, and say what came of it. */
static void ask_round(noodle_t *noodle, const char *models, unsigned first) {
    static char keys[ROUND][32];
    static noodle_outcome outcomes[ROUND];
    const noodle_outcome *list[ROUND];
    for (unsigned i = 0; i < ROUND; i++) {
        snprintf(keys[i], sizeof keys[i], "user-%u", first + i);
        double right = ask(noodle, models, first + i, keys[i]);
        outcomes[i] = (noodle_outcome){.size = sizeof *outcomes, .name = "right", .value = right, .key = keys[i]};
        list[i] = &outcomes[i];
    }
    noodle_record_outcomes_input input = {.size = sizeof input, .deployment = "langid", .outcomes = list,
                                          .outcomes_count = ROUND};
    noodle_recorded_outcomes *recorded = NULL;
    need(noodle_record_outcomes(noodle, NULL, &input, &recorded), "record_outcomes");
    noodle_free_recorded_outcomes(recorded);
}

int main(int argc, char **argv) {
    if (argc != 3) return fprintf(stderr, "usage: ab_test MODELS DIRECTORY\n"), 2;
    noodle_t *noodle = NULL;
    need(noodle_open(argv[2], NULL, &noodle), "open");
    add(noodle, argv[1], "1.0.0");
    add(noodle, argv[1], "2.0.0");
    deploy(noodle, "1.0.0", NOODLE_STRATEGY_IMMEDIATE);
    /* Up beside the one that serves, without traffic. */
    deploy(noodle, "2.0.0", NOODLE_STRATEGY_BLUE_GREEN);
    begin(noodle);
    bool running = true;
    for (unsigned user = 0; running && user < MOST_USERS; user += ROUND) {
        ask_round(noodle, argv[1], user);
        noodle_deployment_ref of = {.size = sizeof of, .deployment = "langid"};
        noodle_experiment_view *view = NULL;
        need(noodle_get_experiment(noodle, NULL, &of, &view), "get_experiment");
        running = view->experiment->phase == NOODLE_EXPERIMENT_PHASE_RUNNING;
        if (!running) puts(view->text);
        noodle_free_experiment_view(view);
    }
    noodle_declare_winner_input winner = {.size = sizeof winner, .deployment = "langid"};
    noodle_experiment_view *view = NULL;
    need(noodle_declare_winner(noodle, NULL, &winner, &view), "declare_winner");
    const bool large = strcmp(view->experiment->winner, "large") == 0;
    printf("%s wins\n", view->experiment->winner);
    noodle_free_experiment_view(view);
    noodle_free(noodle);
    return large ? 0 : 1;
}
