/* The C surface of noodle-deploy. Written by `cargo xtask codegen`; do not edit. */

#ifndef NOODLE_DEPLOY_H
#define NOODLE_DEPLOY_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Returns the version of the library, such as "0.1.0". The string lives as long as the program.
const char *noodle_deploy_version(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* NOODLE_DEPLOY_H */
