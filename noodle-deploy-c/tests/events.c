/* Events: pulled, told by a callback, and how both end. events MODELS DIR */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "check.h"

struct told {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int promoted, closed;
};

static void on_event(void *context, const noodle_pulled *pulled) {
    struct told *told = context;
    pthread_mutex_lock(&told->mutex);
    if (pulled->type == NOODLE_PULLED_EVENT && pulled->event->event->type == NOODLE_EVENT_PROMOTED) {
        CHECK(pulled->event->event->of.promoted->to == 1 && !pulled->event->event->of.promoted->has_from);
        told->promoted++;
    }
    told->closed += pulled->type == NOODLE_PULLED_CLOSED;
    pthread_cond_signal(&told->changed);
    pthread_mutex_unlock(&told->mutex);
}

int main(int argc, char **argv) {
    CHECK(argc == 3);
    char place[1024], path[1024];
    snprintf(place, sizeof place, "%s/events", argv[2]);
    snprintf(path, sizeof path, "%s/linear.onnx", argv[1]);
    noodle_t *noodle = NULL;
    OK(noodle_open(place, NULL, &noodle));
    noodle_subscription_t *subscription = NULL;
    OK(noodle_subscribe(noodle, &subscription));
    struct told told = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};
    noodle_listener_t *listener = NULL;
    OK(noodle_listen(noodle, on_event, &told, &listener));
    CHECK(noodle_listen(noodle, NULL, NULL, NULL) == NOODLE_ERROR_INVALID_ARGUMENT);

    noodle_pulled pulled = {.size = sizeof pulled};
    OK(noodle_subscription_pull(subscription, 0, &pulled));
    CHECK(pulled.type == NOODLE_PULLED_EMPTY && !pulled.event);

    const noodle_text_entry tags[] = {{"team", "search"}, {"stage", "prod"}};
    const noodle_f64_entry metrics[] = {{"accuracy", 0.5}};
    const char *const labels[] = {"no", "yes"};
    noodle_register_version_input version = {.size = sizeof version, .model = "m", .path = path, .tags = tags,
                                             .tags_count = 2, .metrics = metrics, .metrics_count = 1,
                                             .labels = labels, .labels_count = 2};
    noodle_version_record *record = NULL;
    OK(noodle_register_version(noodle, NULL, &version, &record));
    CHECK(record->tags_count == 2 && strcmp(record->tags[0].key, "stage") == 0 && record->labels_count == 2);
    CHECK(record->metrics_count == 1 && record->metrics[0].value == 0.5 && !record->description);
    noodle_free_version_record(record);

    OK(noodle_subscription_pull(subscription, 5000, &pulled));
    CHECK(pulled.type == NOODLE_PULLED_EVENT && strcmp(pulled.event->stream, "model/m") == 0);
    CHECK(pulled.event->event->type == NOODLE_EVENT_VERSION_REGISTERED);
    CHECK(strcmp(pulled.event->event->of.version_registered->record->labels[1], "yes") == 0);
    noodle_free_event_record(pulled.event);

    noodle_deploy_input deploy = {.size = sizeof deploy, .deployment = "m"};
    noodle_deployment_view *view = NULL;
    OK(noodle_deploy(noodle, NULL, &deploy, &view));
    noodle_free_deployment_view(view);
    pthread_mutex_lock(&told.mutex);
    while (told.promoted == 0) pthread_cond_wait(&told.changed, &told.mutex);
    pthread_mutex_unlock(&told.mutex);
    noodle_listener_stop(listener);
    noodle_listener_stop(NULL);

    /* A second listener sees the handle close; so does the subscription, after what it has not pulled yet. */
    OK(noodle_listen(noodle, on_event, &told, &listener));
    noodle_free(noodle);
    pthread_mutex_lock(&told.mutex);
    while (told.closed == 0) pthread_cond_wait(&told.changed, &told.mutex);
    pthread_mutex_unlock(&told.mutex);
    noodle_listener_stop(listener);
    int events = 0;
    do {
        OK(noodle_subscription_pull(subscription, 5000, &pulled));
        CHECK(pulled.type == NOODLE_PULLED_EVENT || pulled.type == NOODLE_PULLED_CLOSED);
        events += pulled.type == NOODLE_PULLED_EVENT;
        noodle_free_event_record(pulled.event);
    } while (pulled.type != NOODLE_PULLED_CLOSED);
    CHECK(events >= 4);
    noodle_subscription_free(subscription);
    noodle_subscription_free(NULL);
    printf("events: passed\n");
    return 0;
}
