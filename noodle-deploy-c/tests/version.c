/* Compiled, linked and run by `cargo xtask test`. */
#include <stdio.h>
#include <string.h>

#include "noodle_deploy.h"

int main(int argc, char **argv) {
    const char *version = noodle_version();
    if (argc != 2 || strcmp(version, argv[1]) != 0) {
        fprintf(stderr, "the library says %s\n", version);
        return 1;
    }
    printf("noodle-deploy %s\n", version);
    return 0;
}
