/* Reads names from standard input and greets each of them once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NAMES 64

struct guest {
    char *name;
    unsigned int visits;
};

static int find(const struct guest *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i].name, name) == 0)
            return (int)i;
    return -1;
}

int main(void)
{
    struct guest list[MAX_NAMES];
    size_t n = 0;
    char line[128];

    while (n < MAX_NAMES && fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (find(list, n, line) >= 0)
            continue;
        list[n].name = strdup(line);
        list[n++].visits = 1;
        printf("hello, %s\n", line);
    }
    return EXIT_SUCCESS;
}
