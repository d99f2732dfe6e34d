/* What the C tests share: a check that says where it failed, and a directory with a model deployed. */
#ifndef NOODLE_CHECK_H
#define NOODLE_CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "noodle_deploy.h"

#define CHECK(condition)                                                                                  \
    do {                                                                                                  \
        if (!(condition)) {                                                                               \
            const noodle_error_record *error_ = noodle_last_error();                                      \
            fprintf(stderr, "%s:%d: %s does not hold; last error: %s\n", __FILE__, __LINE__, #condition,  \
                    error_ ? error_->message : "none");                                                   \
            exit(1);                                                                                      \
        }                                                                                                 \
    } while (0)

#define OK(call) CHECK((call) == NOODLE_OK)

/* Opens DIR/NAME and deploys MODEL, a file of conformance/models, as `m`. */
static inline noodle_t *deployed(const char *dir, const char *name, const char *models, const char *model) {
    char place[1024], path[1024];
    snprintf(place, sizeof place, "%s/%s", dir, name);
    snprintf(path, sizeof path, "%s/%s", models, model);
    noodle_settings settings = {.size = sizeof settings, .allow_unverified = true};
    noodle_t *noodle = NULL;
    OK(noodle_open(place, &settings, &noodle));
    noodle_register_version_input version = {.size = sizeof version, .model = "m", .path = path, .version = "1.0.0"};
    noodle_version_record *record = NULL;
    OK(noodle_register_version(noodle, NULL, &version, &record));
    CHECK(strcmp(record->version, "1.0.0") == 0);
    noodle_free_version_record(record);
    noodle_deploy_input input = {.size = sizeof input, .deployment = "m"};
    noodle_deployment_view *view = NULL;
    OK(noodle_deploy(noodle, NULL, &input, &view));
    CHECK(view->desired->state == NOODLE_DEPLOYMENT_STATE_RUNNING);
    noodle_free_deployment_view(view);
    return noodle;
}

/* A tensor of floats. */
static inline noodle_tensor floats(const char *name, const size_t *shape, size_t rank, const float *data, size_t count) {
    noodle_tensor tensor = {.size = sizeof tensor, .name = name, .dtype = NOODLE_DTYPE_F32, .rank = rank,
                            .shape = shape, .data = data, .bytes = count * sizeof(float)};
    return tensor;
}

#endif
