/* Exported only by a library built with the cargo feature `testing`. */
#ifndef NOODLE_TESTING_H
#define NOODLE_TESTING_H

#include "noodle_deploy.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The clock and the generator of one conformance case. */
typedef struct noodle_testing_t noodle_testing_t;

noodle_status noodle_testing_new(uint64_t seed, uint64_t clock_ms, noodle_testing_t **out);
noodle_status noodle_testing_advance(const noodle_testing_t *testing, uint64_t ms);
noodle_status noodle_testing_open(const noodle_testing_t *testing, const char *dir, const noodle_settings *settings,
                                  noodle_t **out);
void noodle_testing_free(noodle_testing_t *testing);

/* Size of a struct, or the offset of a field; SIZE_MAX where there is none. */
size_t noodle_testing_layout(const char *name, const char *field);

/* The median time of `calls` predictions made in Rust, in nanoseconds; for the overhead benchmark. */
noodle_status noodle_testing_predict_ns(const noodle_t *noodle, const char *deployment,
                                        const noodle_tensor *const *inputs, size_t count, size_t calls, double *out);

#ifdef __cplusplus
}
#endif

#endif
