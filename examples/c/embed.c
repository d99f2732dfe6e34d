/* The shortest way to a prediction.
 *
 * embed MODEL SOURCE DIRECTORY: which language the file SOURCE is written in. The directory is made where it is missing;
 * what ran when it was last open runs again. */
#include <stdio.h>

#include "noodle_deploy.h"

enum { WINDOW = 8192, NO_BYTE = 256 };

static int failed(const char *what) {
    const noodle_error_record *error = noodle_last_error();
    fprintf(stderr, "%s: %s\n", what, error ? error->message : "unknown");
    return 1;
}

static int language(noodle_t *noodle, const char *model, const char *source) {
    noodle_register_version_input registration = {.size = sizeof registration, .model = "langid", .path = model};
    noodle_version_record *version = NULL;
    if (noodle_register_version(noodle, NULL, &registration, &version) != NOODLE_OK) return failed("register");

    noodle_deploy_input deploy = {.size = sizeof deploy, .deployment = "langid", .version = version->version};
    noodle_deployment_view *view = NULL;
    noodle_status status = noodle_deploy(noodle, NULL, &deploy, &view);
    noodle_free_version_record(version);
    noodle_free_deployment_view(view);
    if (status != NOODLE_OK) return failed("deploy");

    int32_t bytes[WINDOW];
    FILE *file = fopen(source, "rb");
    if (!file) return perror(source), 1;
    for (int i = 0; i < WINDOW; i++) {
        int byte = fgetc(file);
        bytes[i] = byte == EOF ? NO_BYTE : byte;
    }
    fclose(file);

    const size_t shape[] = {1, WINDOW};
    noodle_tensor input = {.size = sizeof input, .name = "bytes", .dtype = NOODLE_DTYPE_I32, .rank = 2, .shape = shape,
                           .data = bytes, .bytes = sizeof bytes};
    const noodle_tensor *inputs[] = {&input};
    noodle_prediction_t *answer = NULL;
    if (noodle_predict(noodle, "langid", inputs, 1, NULL, &answer) != NOODLE_OK) return failed("predict");

    const noodle_served *served = NULL;
    noodle_ranking *best = NULL;
    int result = 0;
    if (noodle_prediction_served(answer, &served) != NOODLE_OK || noodle_prediction_top(answer, 1, &best) != NOODLE_OK)
        result = failed("read the answer");
    else
        printf("%s %.2f, says version %s\n", best->entries[0].label, best->entries[0].score, served->version);
    noodle_free_ranking(best);
    noodle_prediction_free(answer);
    return result;
}

int main(int argc, char **argv) {
    if (argc != 4) return fprintf(stderr, "usage: embed MODEL SOURCE DIRECTORY\n"), 2;
    noodle_t *noodle = NULL;
    if (noodle_open(argv[3], NULL, &noodle) != NOODLE_OK) return failed("open");
    int result = language(noodle, argv[1], argv[2]);
    noodle_free(noodle);
    return result;
}
