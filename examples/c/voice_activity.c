/*
 * Finds speech in a sound file with Silero VAD: a deployment that carries state, asked window by window.
 *
 * voice_activity MODELS DIRECTORY [FILE.wav]: MODELS holds silero-vad.onnx, as `cargo xtask models` fetches it; the file
 * is mono, 16 bits, 16,000 samples a second. Without one, the example asks about a second of silence.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "noodle_deploy.h"

#define RATE 16000
/* Samples of a window, and those before it that the model wants to hear again. */
#define WINDOW 512
#define CONTEXT 64

static int failed(const char *what) {
    const noodle_error_record *error = noodle_last_error();
    fprintf(stderr, "%s: %s\n", what, error ? error->message : "no error");
    return 1;
}

static unsigned number(const unsigned char *bytes, int count) {
    unsigned value = 0;
    while (count-- > 0) value = value << 8 | bytes[count];
    return value;
}

/* Samples of a file, from -1 to 1, to be freed; NULL where it is none. */
static float *read_wav(const char *path, size_t *count) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    unsigned char head[12], format[16] = {0};
    float *samples = NULL;
    if (fread(head, 1, 12, file) == 12 && memcmp(head, "RIFF", 4) == 0 && memcmp(head + 8, "WAVE", 4) == 0) {
        while (samples == NULL && fread(head, 1, 8, file) == 8) {
            const unsigned length = number(head + 4, 4);
            if (memcmp(head, "fmt ", 4) == 0 && length >= 16) {
                if (fread(format, 1, 16, file) != 16) break;
                fseek(file, (long)(length - 16 + length % 2), SEEK_CUR);
            } else if (memcmp(head, "data", 4) == 0) {
                if (number(format + 2, 2) != 1 || number(format + 4, 4) != RATE || number(format + 14, 2) != 16) break;
                samples = calloc(length / 2 + 1, sizeof *samples);
                unsigned char pair[2];
                for (*count = 0; samples && *count < length / 2 && fread(pair, 1, 2, file) == 2; ++*count) {
                    const int value = (int)number(pair, 2);
                    samples[*count] = (float)(value < 32768 ? value : value - 65536) / 32768;
                }
            } else {
                fseek(file, (long)(length + length % 2), SEEK_CUR);
            }
        }
    }
    fclose(file);
    return samples;
}

static noodle_status deploy(noodle_t *noodle, const char *path) {
    noodle_register_version_input version = {.size = sizeof version, .model = "vad", .path = path, .version = "1.0.0"};
    noodle_version_record *record = NULL;
    noodle_status status = noodle_register_version(noodle, NULL, &version, &record);
    noodle_free_version_record(record);
    if (status != NOODLE_OK) return status;
    const uint32_t shape[] = {2, 1, 128};
    noodle_carried_tensor kept = {
        .size = sizeof kept, .output = "stateN", .input = "state", .shape = shape, .shape_count = 3};
    const noodle_carried_tensor *carried[] = {&kept};
    noodle_state_config state = {.size = sizeof state, .carried = carried, .carried_count = 1};
    noodle_stream_config_windows windows = {.size = sizeof windows, .input = "input", .axis = 1,
                                            .length = WINDOW, .hop = WINDOW, .context = CONTEXT};
    noodle_stream_config stream = {.size = sizeof stream, .type = NOODLE_STREAM_CONFIG_WINDOWS, .of = {&windows}};
    noodle_deploy_input input = {.size = sizeof input, .deployment = "vad", .state = &state, .stream = &stream};
    noodle_deployment_view *view = NULL;
    status = noodle_deploy(noodle, NULL, &input, &view);
    noodle_free_deployment_view(view);
    return status;
}

/* Prints from where to where there is speech: it begins at a half, and ends below a third. Counts windows with speech;
 * negative where something failed. */
static int listen(noodle_stream_t *stream) {
    int speaking = 0, heard = 0;
    for (unsigned window = 0;; window++) {
        noodle_prediction_t *prediction = NULL;
        noodle_tensor output = {.size = sizeof output};
        if (noodle_stream_next(stream, &prediction) != NOODLE_OK) return -1;
        if (prediction == NULL) {
            printf("%s%u windows\n", speaking ? "the end; " : "", window);
            return heard;
        }
        if (noodle_prediction_output(prediction, "output", &output) != NOODLE_OK) return -1;
        const float speech = *(const float *)output.data;
        noodle_prediction_free(prediction);
        const double seconds = (double)window * WINDOW / RATE;
        if (!speaking && speech >= 0.5f) printf("speech from %.2f s to ", seconds), speaking = 1;
        else if (speaking && speech < 0.35f) printf("%.2f s\n", seconds), speaking = 0;
        heard += speaking;
    }
}

int main(int argc, char **argv) {
    if (argc < 3) return fprintf(stderr, "usage: voice_activity MODELS DIRECTORY [FILE.wav]\n"), 2;
    char path[1024];
    snprintf(path, sizeof path, "%s/silero-vad.onnx", argv[1]);
    FILE *model = fopen(path, "rb");
    if (model == NULL) return printf("Silero VAD is not there: fetch it with `cargo xtask models`\n"), 0;
    fclose(model);
    size_t count = RATE;
    float *samples = argc > 3 ? read_wav(argv[3], &count) : calloc(RATE, sizeof *samples);
    if (samples == NULL) return fprintf(stderr, "no mono WAV file of 16 bits and %d samples a second\n", RATE), 2;

    noodle_t *noodle = NULL;
    if (noodle_open(argv[2], NULL, &noodle) != NOODLE_OK) return failed("open");
    if (deploy(noodle, path) != NOODLE_OK) return failed("deploy");
    const size_t shape[] = {1, count};
    const int64_t rate = RATE;
    noodle_tensor sound = {.size = sizeof sound, .name = "input", .dtype = NOODLE_DTYPE_F32, .rank = 2,
                           .shape = shape, .data = samples, .bytes = count * sizeof *samples};
    noodle_tensor sr = {.size = sizeof sr, .name = "sr", .dtype = NOODLE_DTYPE_I64, .data = &rate, .bytes = sizeof rate};
    const noodle_tensor *inputs[] = {&sound, &sr};
    noodle_stream_t *stream = NULL;
    if (noodle_predict_stream(noodle, "vad", inputs, 2, NULL, &stream) != NOODLE_OK) return failed("predict_stream");
    const int heard = listen(stream);
    if (heard < 0) return failed("stream_next");
    noodle_stream_free(stream);
    noodle_free(noodle);
    free(samples);
    if (argc == 3 && heard > 0) return fprintf(stderr, "somebody speaks in silence\n"), 1;
    return 0;
}
