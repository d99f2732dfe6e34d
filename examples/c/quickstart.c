/* Deploys a real model, predicts, puts a better version beside it, compares, promotes, and rolls back.
 *
 * quickstart MODELS DIRECTORY: MODELS is the repository's examples/models. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "noodle_deploy.h"

enum { WINDOW = 8192, NO_BYTE = 256, SAMPLES = 3 };

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
    char model[1024], probes[1024];
    snprintf(model, sizeof model, "%s/langid-v%c.onnx", models, version[0]);
    snprintf(probes, sizeof probes, "%s/langid-v%c.probe.json", models, version[0]);
    noodle_register_version_input input = {.size = sizeof input, .model = "langid", .path = model, .version = version,
                                           .probes_path = probes};
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

/* Asks the deployment about three files: who answered, and the best label of each. */
static void guess(noodle_t *noodle, const char *models, const char *step) {
    static const char *const names[SAMPLES] = {"hello.rs", "hello.py", "hello.go"};
    static int32_t bytes[SAMPLES][WINDOW];
    for (int row = 0; row < SAMPLES; row++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/samples/%s", models, names[row]);
        FILE *file = fopen(path, "rb");
        if (!file) perror(path), exit(1);
        for (int i = 0; i < WINDOW; i++) {
            int byte = fgetc(file);
            bytes[row][i] = byte == EOF ? NO_BYTE : byte;
        }
        fclose(file);
    }
    const size_t shape[] = {SAMPLES, WINDOW};
    noodle_tensor input = {.size = sizeof input, .name = "bytes", .dtype = NOODLE_DTYPE_I32, .rank = 2, .shape = shape,
                           .data = bytes, .bytes = sizeof bytes};
    const noodle_tensor *inputs[] = {&input};
    noodle_prediction_t *answer = NULL;
    const noodle_served *served = NULL;
    noodle_ranking *best = NULL;
    need(noodle_predict(noodle, "langid", inputs, 1, NULL, &answer), "predict");
    need(noodle_prediction_served(answer, &served), "served");
    need(noodle_prediction_top(answer, 1, &best), "top");
    printf("%-16s %-8s", step, served->version);
    for (size_t row = 0; row < best->rows; row++) printf(" %s %.2f ", best->entries[row].label, best->entries[row].score);
    printf("\n");
    noodle_free_ranking(best);
    noodle_prediction_free(answer);
}

int main(int argc, char **argv) {
    if (argc != 3) return fprintf(stderr, "usage: quickstart MODELS DIRECTORY\n"), 2;
    noodle_t *noodle = NULL;
    need(noodle_open(argv[2], NULL, &noodle), "open");

    add(noodle, argv[1], "1.0.0");
    deploy(noodle, "1.0.0", 0);
    guess(noodle, argv[1], "deployed 1.0.0");

    /* The second version comes up beside the first one; traffic stays where it is until somebody promotes. */
    add(noodle, argv[1], "2.0.0");
    deploy(noodle, "2.0.0", NOODLE_STRATEGY_BLUE_GREEN);
    noodle_compare_versions_input pair = {.size = sizeof pair, .model = "langid", .base = "1.0.0", .candidate = "2.0.0"};
    noodle_version_comparison *comparison = NULL;
    need(noodle_compare_versions(noodle, NULL, &pair, &comparison), "compare");

    noodle_deployment_view *view = NULL;
    noodle_promote_input promote = {.size = sizeof promote, .deployment = "langid"};
    need(noodle_promote(noodle, NULL, &promote, &view), "promote");
    noodle_free_deployment_view(view);
    guess(noodle, argv[1], "promoted 2.0.0");

    noodle_rollback_input rollback = {.size = sizeof rollback, .deployment = "langid"};
    need(noodle_rollback(noodle, NULL, &rollback, &view), "roll back");
    noodle_free_deployment_view(view);
    guess(noodle, argv[1], "rolled back");

    printf("\n2.0.0 against 1.0.0: %s\n",
           comparison->compatibility == NOODLE_COMPATIBILITY_INCOMPATIBLE ? "incompatible" : "compatible");
    noodle_free_version_comparison(comparison);

    noodle_head *head = NULL;
    noodle_audit_report *report = NULL;
    need(noodle_audit_head(noodle, NULL, &head), "head");
    noodle_audit_verify_input since = {.size = sizeof since, .since = head, .artifacts = true};
    need(noodle_audit_verify(noodle, NULL, &since, &report), "verify");
    printf("the log has %s events and verifies: %s\n", head->sequence,
           strcmp(report->head->hash, head->hash) == 0 ? "true" : "false");
    noodle_free_audit_report(report);
    noodle_free_head(head);
    noodle_free(noodle);
    return 0;
}
