/* The few functions of ONNX Runtime's C API that a comparison needs.
 *
 * The API is one table of function pointers, whose order never changes: functions are only added at its end. Packages
 * for Python have the library and no header, so the places are named here. */
#ifndef NOODLE_ORT_H
#define NOODLE_ORT_H

#include <stddef.h>
#include <stdint.h>

typedef struct ort_status ort_status;
typedef struct ort_env ort_env;
typedef struct ort_session ort_session;
typedef struct ort_options ort_options;
typedef struct ort_memory ort_memory;
typedef struct ort_value ort_value;

typedef void (*ort_function)(void);

/* What the library exports as OrtGetApiBase. */
typedef struct ort_base {
    const ort_function *(*api)(uint32_t version);
    const char *(*version)(void);
} ort_base;
typedef const ort_base *(*ort_get_base)(void);

/* Since this version of the API the places below are taken. */
enum { ORT_API_VERSION = 1 };

enum {
    ORT_ERROR_MESSAGE = 2,
    ORT_CREATE_ENV = 3,
    ORT_CREATE_SESSION = 7,
    ORT_RUN = 9,
    ORT_CREATE_OPTIONS = 10,
    ORT_SET_INTRA_OP_THREADS = 24,
    ORT_SET_INTER_OP_THREADS = 25,
    ORT_TENSOR_OVER = 49,
    ORT_TENSOR_DATA = 51,
    ORT_CPU_MEMORY = 69,
    ORT_RELEASE_VALUE = 96
};

typedef const char *(*ort_error_message)(const ort_status *);
typedef ort_status *(*ort_create_env)(int severity, const char *name, ort_env **);
typedef ort_status *(*ort_create_session)(const ort_env *, const char *path, const ort_options *, ort_session **);
typedef ort_status *(*ort_run)(ort_session *, const void *run_options, const char *const *input_names,
                               const ort_value *const *inputs, size_t inputs_count, const char *const *output_names,
                               size_t outputs_count, ort_value **outputs);
typedef ort_status *(*ort_create_options)(ort_options **);
typedef ort_status *(*ort_set_threads)(ort_options *, int);
typedef ort_status *(*ort_tensor_over)(const ort_memory *, void *data, size_t bytes, const int64_t *shape, size_t rank,
                                       int type, ort_value **);
typedef ort_status *(*ort_tensor_data)(ort_value *, void **);
typedef ort_status *(*ort_cpu_memory)(int allocator, int type, ort_memory **);
typedef void (*ort_release_value)(ort_value *);

enum { ORT_SEVERITY_ERROR = 3, ORT_F32 = 1, ORT_I32 = 6, ORT_ARENA = 1, ORT_DEFAULT_MEMORY = 0 };

#endif
