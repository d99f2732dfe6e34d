/* Test-only preload library (Linux): makes the n-th file operation under one directory fail, kill the process, or
 * lose power. `cargo xtask faults` builds and drives it; see CONTRIBUTING.md.
 *
 *   NOODLE_FAULT_DIR         the directory that is watched; nothing outside it is counted or touched
 *   NOODLE_FAULT_MODE        count | fail | kill | powerloss
 *   NOODLE_FAULT_AT          n, from 1: the operation that meets the fault (it is not carried out)
 *   NOODLE_FAULT_ERRNO       for `fail`: EIO (default) or ENOSPC
 *   NOODLE_FAULT_STICKY      for `fail`: 1 makes every later operation fail too, like a disk that stays full
 *   NOODLE_FAULT_SEED        for `powerloss`: what survives besides what was synced, see powerloss.h
 *   NOODLE_FAULT_COUNT_FILE  8 bytes, a native u64: how many operations were counted, kept up to date
 *   NOODLE_FAULT_LOG         one line an operation: number, name, path
 *
 * Counted: creating or truncating opens, write, pwrite, writev, pwritev, copy_file_range, sendfile, fsync, fdatasync,
 * ftruncate, rename, unlink, rmdir, mkdir, link, and their variants.
 *
 * Not seen: writes through a memory map (SQLite's -shm file is one, and volatile by design), stdio streams, io_uring,
 * and programs that make system calls without libc (the `rustix` crate does by default). One process at a time.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum mode { OFF, COUNT, FAIL, KILL, POWERLOSS };

static enum mode mode = OFF;
static char watched[PATH_MAX];
static size_t watched_len;
static uint64_t fault_at, seed;
static int fault_errno = EIO, sticky, log_fd = -1;
static uint64_t own_counter, *counter = &own_counter;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static __thread int inside; /* set while this library itself does file operations */

#define REAL(ret, name, ...)                                                                                          \
    static ret (*real_##name)(__VA_ARGS__);                                                                           \
    if (!real_##name) *(void **)(&real_##name) = dlsym(RTLD_NEXT, #name)

static int is_under(const char *path) {
    return strncmp(path, watched, watched_len) == 0 && (path[watched_len] == '/' || path[watched_len] == 0);
}

/* SQLite's wal-index: rebuilt from the WAL, never synced. */
static int is_volatile(const char *path) {
    size_t n = strlen(path);
    return n > 4 && strcmp(path + n - 4, "-shm") == 0;
}

/* The path behind a descriptor, if it is a file or directory under the watched one. A file that was unlinked while
 * open still counts: its writes happen. */
static int watch_fd(int fd, char *path) {
    char link[64];
    if (mode == OFF || inside) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    if (n <= 0) return 0;
    path[n] = 0;
    return is_under(path) && !is_volatile(path);
}

/* The absolute form of `name` relative to `dirfd`, resolving its parent, if it lies under the watched directory. */
static int watch_path(int dirfd, const char *name, char *path) {
    char joined[PATH_MAX], parent[PATH_MAX], base[PATH_MAX];
    if (mode == OFF || inside || !name) return 0;
    if (name[0] == '/' || dirfd == AT_FDCWD) {
        snprintf(joined, sizeof joined, "%s", name);
    } else {
        snprintf(joined, sizeof joined, "/proc/self/fd/%d/%s", dirfd, name);
    }
    size_t n = strlen(joined);
    while (n > 1 && joined[n - 1] == '/') joined[--n] = 0;
    char *slash = strrchr(joined, '/');
    snprintf(base, sizeof base, "%s", slash ? slash + 1 : joined);
    if (!slash) {
        snprintf(joined, sizeof joined, ".");
    } else if (slash == joined) {
        joined[1] = 0;
    } else {
        *slash = 0;
    }
    if (!realpath(joined, parent)) return 0;
    if (snprintf(path, PATH_MAX, "%s/%s", parent, base) >= PATH_MAX) return 0;
    return is_under(path) && !is_volatile(path);
}

#include "powerloss.h"

/* Called with the lock held, before an operation. Nonzero: the operation fails with that error number. */
static int fault(const char *operation, const char *path) {
    uint64_t n = __atomic_add_fetch(counter, 1, __ATOMIC_SEQ_CST);
    if (log_fd >= 0) {
        char line[PATH_MAX + 64];
        int len = snprintf(line, sizeof line, "%llu %s %s\n", (unsigned long long)n, operation, path);
        inside = 1;
        if (write(log_fd, line, len) != len) abort();
        inside = 0;
    }
    if (mode == COUNT || n < fault_at || (n > fault_at && !(mode == FAIL && sticky))) return 0;
    if (mode == FAIL) return fault_errno;
    if (mode == POWERLOSS) {
        inside = 1;
        lose_power();
    }
    raise(SIGKILL);
    pause();
    return EIO;
}

static int parse_mode(const char *text) {
    if (!text) return OFF;
    if (!strcmp(text, "count")) return COUNT;
    if (!strcmp(text, "fail")) return FAIL;
    if (!strcmp(text, "kill")) return KILL;
    if (!strcmp(text, "powerloss")) return POWERLOSS;
    fprintf(stderr, "NOODLE_FAULT_MODE: '%s' is none of count, fail, kill, powerloss\n", text);
    _exit(64);
}

static uint64_t number(const char *name) {
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void start(void) {
    const char *dir = getenv("NOODLE_FAULT_DIR"), *text;
    enum mode wanted = parse_mode(getenv("NOODLE_FAULT_MODE"));
    if (!dir || wanted == OFF) return;
    inside = 1;
    if (!realpath(dir, watched)) {
        fprintf(stderr, "NOODLE_FAULT_DIR: '%s' does not exist\n", dir);
        _exit(64);
    }
    watched_len = strlen(watched);
    fault_at = number("NOODLE_FAULT_AT");
    seed = number("NOODLE_FAULT_SEED");
    sticky = number("NOODLE_FAULT_STICKY") != 0;
    if ((text = getenv("NOODLE_FAULT_ERRNO")) && !strcmp(text, "ENOSPC")) fault_errno = ENOSPC;
    if ((text = getenv("NOODLE_FAULT_LOG"))) log_fd = open(text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if ((text = getenv("NOODLE_FAULT_COUNT_FILE"))) {
        int fd = open(text, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (fd < 0 || ftruncate(fd, sizeof *counter)) _exit(64);
        counter = mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (counter == MAP_FAILED) _exit(64);
        close(fd);
    }
    if (wanted == POWERLOSS) {
        struct rlimit files;
        if (!getrlimit(RLIMIT_NOFILE, &files)) {
            files.rlim_cur = files.rlim_max;
            setrlimit(RLIMIT_NOFILE, &files);
        }
        take_baseline();
    }
    inside = 0;
    mode = wanted;
}

#include "calls.h"
