/* Kills a process that deploys and predicts, opens its directory again, and shows that nothing acknowledged is lost.
 *
 * crash_recovery MODELS DIRECTORY. The program starts itself a second time: that child deploys version 1.0.0, brings
 * 2.0.0 up beside it, promotes it, scales and predicts without end, and is killed in the middle. */
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "noodle_deploy.h"

static void need(noodle_status status, const char *what) {
    if (status == NOODLE_OK) return;
    fprintf(stderr, "%s: %s\n", what, noodle_last_error()->message);
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

/* Asks about a piece of Rust; returns 1 where version 2.0.0 answers. */
static int guess(noodle_t *noodle, int shown) {
    static const char source[] = "fn main() {\n    let names: Vec<&str> = vec![\"a\"];\n}\n";
    int32_t bytes[512];
    for (size_t i = 0; i < 512; i++) bytes[i] = i < sizeof source - 1 ? (unsigned char)source[i] : 256;
    const size_t shape[] = {1, 512};
    noodle_tensor input = {.size = sizeof input, .name = "bytes", .dtype = NOODLE_DTYPE_I32, .rank = 2, .shape = shape,
                           .data = bytes, .bytes = sizeof bytes};
    const noodle_tensor *inputs[] = {&input};
    noodle_prediction_t *answer = NULL;
    need(noodle_predict(noodle, "langid", inputs, 1, NULL, &answer), "predict");
    const noodle_served *served = NULL;
    need(noodle_prediction_served(answer, &served), "served");
    const int is_second = strcmp(served->version, "2.0.0") == 0;
    if (shown) {
        noodle_ranking *best = NULL;
        need(noodle_prediction_top(answer, 1, &best), "top");
        printf("version %s answers: %s %.2f\n", served->version, best->entries[0].label, best->entries[0].score);
        noodle_free_ranking(best);
    }
    noodle_prediction_free(answer);
    return is_second;
}

/* Works until it is killed, and says on `out` what was acknowledged: the head of the log. */
static void child(const char *models, const char *dir, FILE *out) {
    noodle_t *noodle = NULL;
    noodle_deployment_view *view = NULL;
    need(noodle_open(dir, NULL, &noodle), "open");
    add(noodle, models, "1.0.0");
    noodle_deploy_input deploy = {.size = sizeof deploy, .deployment = "langid", .version = "1.0.0"};
    need(noodle_deploy(noodle, NULL, &deploy, &view), "deploy");
    noodle_free_deployment_view(view);
    add(noodle, models, "2.0.0");
    deploy.version = "2.0.0";
    deploy.strategy = NOODLE_STRATEGY_BLUE_GREEN;
    need(noodle_deploy(noodle, NULL, &deploy, &view), "deploy");
    noodle_free_deployment_view(view);
    noodle_promote_input promote = {.size = sizeof promote, .deployment = "langid"};
    need(noodle_promote(noodle, NULL, &promote, &view), "promote");
    noodle_free_deployment_view(view);
    /* The head is what a host keeps elsewhere: the log that is found later must still contain it. */
    noodle_head *head = NULL;
    need(noodle_audit_head(noodle, NULL, &head), "head");
    fprintf(out, "%s %s\n", head->sequence, head->hash);
    fflush(out);
    for (uint32_t n = 2;; n = n == 8 ? 2 : n + 1) {
        noodle_scale_input scale = {.size = sizeof scale, .deployment = "langid", .replicas = n};
        need(noodle_scale(noodle, NULL, &scale, &view), "scale");
        noodle_free_deployment_view(view);
        guess(noodle, 0);
    }
}

int main(int argc, char **argv) {
    if (argc == 4) return child(argv[2], argv[3], stdout), 1;
    if (argc != 3) return fprintf(stderr, "usage: crash_recovery MODELS DIRECTORY\n"), 2;
    int ends[2];
    if (pipe(ends) != 0) return perror("pipe"), 1;
    const pid_t pid = fork();
    if (pid < 0) return perror("fork"), 1;
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        execl(argv[0], argv[0], "child", argv[1], argv[2], (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *said = fdopen(ends[0], "r");
    char sequence[32], hash[80];
    if (!said || fscanf(said, "%31s %79s", sequence, hash) != 2) return fprintf(stderr, "the child failed\n"), 1;
    const struct timespec moment = {0, 100 * 1000 * 1000};
    nanosleep(&moment, NULL);
    kill(pid, SIGKILL);
    int status = 0;
    waitpid(pid, &status, 0);
    fclose(said);
    printf("killed a child that worked on %s\n", argv[2]);

    noodle_t *noodle = NULL;
    need(noodle_open(argv[2], NULL, &noodle), "open again");
    if (!WIFSIGNALED(status) || !guess(noodle, 1)) return fprintf(stderr, "the promotion was lost\n"), 1;
    noodle_deployment_ref ref = {.size = sizeof ref, .deployment = "langid"};
    noodle_deployment_view *view = NULL;
    need(noodle_get_deployment(noodle, NULL, &ref, &view), "get");
    printf("%u replicas wanted: a scaling that was under way is finished\n", view->desired->replicas);
    noodle_free_deployment_view(view);

    noodle_head kept = {.size = sizeof kept, .sequence = sequence, .hash = hash};
    noodle_audit_verify_input since = {.size = sizeof since, .since = &kept, .artifacts = true};
    noodle_audit_report *report = NULL;
    need(noodle_audit_verify(noodle, NULL, &since, &report), "verify");
    printf("the log verifies: %s events, the head that was kept is number %s; %u artifacts agree\n", report->events,
           sequence, report->artifacts);
    noodle_free_audit_report(report);
    noodle_free(noodle);
    return 0;
}
