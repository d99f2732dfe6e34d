/* A prediction through our C surface beside the same one through that of ONNX Runtime: medians of single calls, in turns,
 * one thread each.
 *
 * peers MODELS EXAMPLES DIR LIBRARY: MODELS is conformance/models, EXAMPLES is examples/models, LIBRARY is
 * libonnxruntime.so. Both get the caller's memory, and free the answer within the measured time. */
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <math.h>

#include "../tests/check.h"
#include "ort.h"
#include "timing.h"

enum { ROUNDS = 21, LABELS = 28 };

struct model {
    const char *title, *path, *input, *output;
    /* A row of bytes, or of four floats. */
    size_t length, answers;
    bool declare_shape;
    size_t calls;
};

static const ort_function *ort;
static ort_env *env;
static ort_memory *memory;

/* Ends the program where ONNX Runtime answers an error; one that is not there is no pointer. */
static void fine(ort_status *status) {
    if (!status) return;
    fprintf(stderr, "ONNX Runtime: %s\n", ((ort_error_message)ort[ORT_ERROR_MESSAGE])(status));
    exit(1);
}

static const char *load(const char *library) {
    void *loaded = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!loaded) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    ort_get_base get_base;
    *(void **)&get_base = dlsym(loaded, "OrtGetApiBase");
    CHECK(get_base);
    ort = get_base()->api(ORT_API_VERSION);
    CHECK(ort);
    fine(((ort_create_env)ort[ORT_CREATE_ENV])(ORT_SEVERITY_ERROR, "bench", &env));
    fine(((ort_cpu_memory)ort[ORT_CPU_MEMORY])(ORT_ARENA, ORT_DEFAULT_MEMORY, &memory));
    return get_base()->version();
}

static ort_session *session(const char *path) {
    ort_options *options = NULL;
    ort_session *made = NULL;
    fine(((ort_create_options)ort[ORT_CREATE_OPTIONS])(&options));
    fine(((ort_set_threads)ort[ORT_SET_INTRA_OP_THREADS])(options, 1));
    fine(((ort_set_threads)ort[ORT_SET_INTER_OP_THREADS])(options, 1));
    fine(((ort_create_session)ort[ORT_CREATE_SESSION])(env, path, options, &made));
    return made;
}

/* Both write what the model answered, where somebody asks. */
static void ask_theirs(const struct model *m, ort_session *with, void *data, float *answer) {
    const int64_t shape[] = {1, (int64_t)m->length};
    ort_value *input = NULL, *output = NULL;
    fine(((ort_tensor_over)ort[ORT_TENSOR_OVER])(memory, data, 4 * m->length, shape, 2,
                                                 m->length == 4 ? ORT_F32 : ORT_I32, &input));
    const ort_value *inputs[] = {input};
    fine(((ort_run)ort[ORT_RUN])(with, NULL, &m->input, inputs, 1, &m->output, 1, &output));
    void *floats = NULL;
    fine(((ort_tensor_data)ort[ORT_TENSOR_DATA])(output, &floats));
    if (answer) memcpy(answer, floats, m->answers * sizeof *answer);
    ((ort_release_value)ort[ORT_RELEASE_VALUE])(output);
    ((ort_release_value)ort[ORT_RELEASE_VALUE])(input);
}

static void ask_ours(const struct model *m, noodle_t *noodle, void *data, float *answer) {
    const size_t shape[] = {1, m->length};
    noodle_tensor x = {.size = sizeof x, .name = m->input, .dtype = m->length == 4 ? NOODLE_DTYPE_F32 : NOODLE_DTYPE_I32,
                       .rank = 2, .shape = shape, .data = data, .bytes = 4 * m->length};
    const noodle_tensor *inputs[] = {&x};
    noodle_prediction_t *prediction = NULL;
    OK(noodle_predict(noodle, "m", inputs, 1, NULL, &prediction));
    noodle_tensor y = {.size = sizeof y};
    OK(noodle_prediction_output(prediction, m->output, &y));
    if (answer) memcpy(answer, y.data, m->answers * sizeof *answer);
    noodle_prediction_free(prediction);
}

static noodle_t *serve(const struct model *m, const char *path, const char *dir) {
    noodle_settings settings = {.size = sizeof settings, .allow_unverified = true};
    noodle_t *noodle = NULL;
    OK(noodle_open(dir, &settings, &noodle));
    noodle_register_version_input version = {.size = sizeof version, .model = "m", .path = path, .version = "1.0.0"};
    noodle_version_record *record = NULL;
    OK(noodle_register_version(noodle, NULL, &version, &record));
    noodle_free_version_record(record);
    const uint32_t sizes[] = {1, (uint32_t)m->length};
    const noodle_u32_list_entry entry = {m->input, {sizes, 2}};
    const noodle_u32_list_map shapes = {&entry, 1};
    noodle_deploy_input input = {.size = sizeof input, .deployment = "m"};
    if (m->declare_shape) {
        input.shapes = &shapes;
        input.shapes_count = 1;
    }
    noodle_deployment_view *view = NULL;
    OK(noodle_deploy(noodle, NULL, &input, &view));
    noodle_free_deployment_view(view);
    return noodle;
}

static void compare(const struct model *m, const char *models, const char *dir, int number) {
    char path[1024], place[1024];
    snprintf(path, sizeof path, "%s/%s", models, m->path);
    snprintf(place, sizeof place, "%s/%d", dir, number);
    noodle_t *noodle = serve(m, path, place);
    ort_session *theirs = session(path);
    int32_t *bytes = malloc(m->length * sizeof *bytes);
    static const float row[] = {1, 2, 3, 4};
    for (size_t i = 0; i < m->length; i++) bytes[i] = i < 200 ? 27 + (int32_t)i % 100 : 256;
    void *data = m->length == 4 ? (void *)memcpy(bytes, row, sizeof row) : bytes;

    float ours[LABELS], other[LABELS];
    ask_ours(m, noodle, data, ours);
    ask_theirs(m, theirs, data, other);
    for (size_t i = 0; i < m->answers; i++) CHECK(fabsf(ours[i] - other[i]) <= 1e-4f);

    double a[ROUNDS], b[ROUNDS], ratio[ROUNDS], *times = malloc(m->calls * sizeof *times);
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < m->calls; i++) {
            const double begun = now_ns();
            ask_ours(m, noodle, data, NULL);
            times[i] = now_ns() - begun;
        }
        a[round] = median(times, m->calls);
        for (size_t i = 0; i < m->calls; i++) {
            const double begun = now_ns();
            ask_theirs(m, theirs, data, NULL);
            times[i] = now_ns() - begun;
        }
        b[round] = median(times, m->calls);
        ratio[round] = a[round] / b[round];
    }
    printf("| %s | %.2f | %.2f | %.2f |\n", m->title, median(a, ROUNDS) / 1e3, median(b, ROUNDS) / 1e3,
           median(ratio, ROUNDS));
    free(times);
    free(bytes);
    noodle_free(noodle);
}

int main(int argc, char **argv) {
    CHECK(argc == 5);
    const struct model all[] = {
        {"one node, 1 x 4", "linear.onnx", "x", "y", 4, 2, true, 2000},
        {"langid-v1, 1 x 1024, shape declared", "langid-v1.onnx", "bytes", "probabilities", 1024, LABELS, true, 100},
        {"langid-v1, 1 x 1024, any shape", "langid-v1.onnx", "bytes", "probabilities", 1024, LABELS, false, 100},
        {"langid-v1, 1 x 8192, shape declared", "langid-v1.onnx", "bytes", "probabilities", 8192, LABELS, true, 20},
        {"langid-v2, 1 x 1024, shape declared", "langid-v2.onnx", "bytes", "probabilities", 1024, LABELS, true, 50},
        {"langid-v2, 1 x 8192, shape declared", "langid-v2.onnx", "bytes", "probabilities", 8192, LABELS, true, 10},
    };
    const char *version = load(argv[4]);
    printf("P50 of a prediction in C, one thread, in turns: noodle-deploy %s beside ONNX Runtime %s\n\n", noodle_version(),
           version);
    printf("| | noodle-deploy, us | ONNX Runtime, us | ratio |\n| --- | ---: | ---: | ---: |\n");
    for (int i = 0; i < (int)(sizeof all / sizeof all[0]); i++) compare(&all[i], i ? argv[2] : argv[1], argv[3], i);
    return 0;
}
