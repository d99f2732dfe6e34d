/* An application that found the library with find_package or pkg-config. outside DIR */
#include <stdio.h>

#include <noodle_deploy.h>

int main(int argc, char **argv) {
    noodle_t *noodle = NULL;
    noodle_head *head = NULL;
    if (argc != 2 || noodle_open(argv[1], NULL, &noodle) != NOODLE_OK ||
        noodle_audit_head(noodle, NULL, &head) != NOODLE_OK) {
        fprintf(stderr, "%s\n", noodle_last_error() ? noodle_last_error()->message : "usage: outside DIR");
        return 1;
    }
    printf("noodle-deploy %s, head %s\n", noodle_version(), head->sequence);
    noodle_free_head(head);
    noodle_free(noodle);
    return 0;
}
