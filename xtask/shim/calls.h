/* The intercepted calls of faults.c. Each one of interest runs under the lock, so that what a sync makes durable is
 * what was there when it returned. */

static int must_note(void) { return mode == POWERLOSS; }

static int note_path(const char *path) {
    inside = 1;
    note(path);
    inside = 0;
    return 0;
}

/* An operation `name` on `path`: meets the fault, or runs `call`. */
#define GUARDED(ret, name, path, call, after)                                                                         \
    do {                                                                                                              \
        pthread_mutex_lock(&lock);                                                                                    \
        int error = fault(name, path);                                                                                \
        ret result = -1;                                                                                              \
        if (!error) {                                                                                                 \
            result = (call);                                                                                          \
            int kept = errno;                                                                                         \
            if (result >= 0 && must_note()) { after; }                                                                \
            errno = kept;                                                                                             \
        }                                                                                                             \
        pthread_mutex_unlock(&lock);                                                                                  \
        if (error) errno = error;                                                                                     \
        return result;                                                                                                \
    } while (0)

#define ON_FD(ret, name, fd, call, after)                                                                             \
    do {                                                                                                              \
        char path[PATH_MAX];                                                                                          \
        if (!watch_fd(fd, path)) return (call);                                                                       \
        GUARDED(ret, name, path, call, after);                                                                        \
    } while (0)

#define ON_PATH(name, dirfd, at, call, after)                                                                         \
    do {                                                                                                              \
        char path[PATH_MAX];                                                                                          \
        if (!watch_path(dirfd, at, path)) return (call);                                                              \
        GUARDED(int, name, path, call, after);                                                                        \
    } while (0)

/* ---- bytes ---- */

#define NOTHING (void)0

ssize_t write(int fd, const void *buf, size_t n) {
    REAL(ssize_t, write, int, const void *, size_t);
    ON_FD(ssize_t, "write", fd, real_write(fd, buf, n), NOTHING);
}

#define PWRITE(name, offset)                                                                                          \
    ssize_t name(int fd, const void *buf, size_t n, offset at) {                                                      \
        REAL(ssize_t, name, int, const void *, size_t, offset);                                                       \
        ON_FD(ssize_t, #name, fd, real_##name(fd, buf, n, at), NOTHING);                                              \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t writev(int fd, const struct iovec *iov, int n) {
    REAL(ssize_t, writev, int, const struct iovec *, int);
    ON_FD(ssize_t, "writev", fd, real_writev(fd, iov, n), NOTHING);
}

#define PWRITEV(name, offset)                                                                                         \
    ssize_t name(int fd, const struct iovec *iov, int n, offset at) {                                                 \
        REAL(ssize_t, name, int, const struct iovec *, int, offset);                                                  \
        ON_FD(ssize_t, #name, fd, real_##name(fd, iov, n, at), NOTHING);                                              \
    }
PWRITEV(pwritev, off_t)
PWRITEV(pwritev64, off64_t)

ssize_t copy_file_range(int in, off64_t *in_at, int out, off64_t *out_at, size_t n, unsigned flags) {
    REAL(ssize_t, copy_file_range, int, off64_t *, int, off64_t *, size_t, unsigned);
    ON_FD(ssize_t, "copy_file_range", out, real_copy_file_range(in, in_at, out, out_at, n, flags), NOTHING);
}

#define SENDFILE(name, offset)                                                                                        \
    ssize_t name(int out, int in, offset *at, size_t n) {                                                             \
        REAL(ssize_t, name, int, int, offset *, size_t);                                                              \
        ON_FD(ssize_t, #name, out, real_##name(out, in, at, n), NOTHING);                                             \
    }
SENDFILE(sendfile, off_t)
SENDFILE(sendfile64, off64_t)

#define FTRUNCATE(name, offset)                                                                                       \
    int name(int fd, offset len) {                                                                                    \
        REAL(int, name, int, offset);                                                                                 \
        ON_FD(int, #name, fd, real_##name(fd, len), NOTHING);                                                         \
    }
FTRUNCATE(ftruncate, off_t)
FTRUNCATE(ftruncate64, off64_t)

/* ---- syncs ---- */

#define SYNC(name)                                                                                                    \
    int name(int fd) {                                                                                                \
        REAL(int, name, int);                                                                                         \
        ON_FD(int, #name, fd, real_##name(fd), (inside = 1, mark_durable(fd, path), inside = 0));                     \
    }
SYNC(fsync)
SYNC(fdatasync)

/* ---- names ---- */

int rename(const char *from, const char *to) {
    REAL(int, rename, const char *, const char *);
    ON_PATH("rename", AT_FDCWD, to, real_rename(from, to), NOTHING);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to) {
    REAL(int, renameat, int, const char *, int, const char *);
    ON_PATH("renameat", to_dir, to, real_renameat(from_dir, from, to_dir, to), NOTHING);
}

int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags) {
    REAL(int, renameat2, int, const char *, int, const char *, unsigned);
    ON_PATH("renameat2", to_dir, to, real_renameat2(from_dir, from, to_dir, to, flags), NOTHING);
}

int unlink(const char *at) {
    REAL(int, unlink, const char *);
    ON_PATH("unlink", AT_FDCWD, at, real_unlink(at), NOTHING);
}

int unlinkat(int dir, const char *at, int flags) {
    REAL(int, unlinkat, int, const char *, int);
    ON_PATH("unlinkat", dir, at, real_unlinkat(dir, at, flags), NOTHING);
}

int rmdir(const char *at) {
    REAL(int, rmdir, const char *);
    ON_PATH("rmdir", AT_FDCWD, at, real_rmdir(at), NOTHING);
}

int mkdir(const char *at, mode_t bits) {
    REAL(int, mkdir, const char *, mode_t);
    ON_PATH("mkdir", AT_FDCWD, at, real_mkdir(at, bits), note_path(path));
}

int mkdirat(int dir, const char *at, mode_t bits) {
    REAL(int, mkdirat, int, const char *, mode_t);
    ON_PATH("mkdirat", dir, at, real_mkdirat(dir, at, bits), note_path(path));
}

int link(const char *from, const char *to) {
    REAL(int, link, const char *, const char *);
    ON_PATH("link", AT_FDCWD, to, real_link(from, to), NOTHING);
}

int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags) {
    REAL(int, linkat, int, const char *, int, const char *, int);
    ON_PATH("linkat", to_dir, to, real_linkat(from_dir, from, to_dir, to, flags), NOTHING);
}

/* ---- opens that create or truncate ---- */

#define OPEN_MODE(flags)                                                                                              \
    mode_t bits = 0;                                                                                                  \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {                                                                          \
        va_list rest;                                                                                                 \
        va_start(rest, flags);                                                                                        \
        bits = va_arg(rest, mode_t);                                                                                  \
        va_end(rest);                                                                                                 \
    }

/* Whether this open changes anything: creates `path`, or cuts it to nothing. */
static int changes(const char *path, int flags) { return (flags & O_TRUNC) || access(path, F_OK) != 0; }

#define ON_OPEN(name, dirfd, at, flags, call)                                                                         \
    do {                                                                                                              \
        char path[PATH_MAX];                                                                                          \
        if (!((flags) & (O_CREAT | O_TRUNC)) || !watch_path(dirfd, at, path) || !changes(path, flags)) return (call); \
        GUARDED(int, name, path, call, note_path(path));                                                              \
    } while (0)

#define OPEN(name)                                                                                                    \
    int name(const char *at, int flags, ...) {                                                                        \
        REAL(int, name, const char *, int, ...);                                                                      \
        OPEN_MODE(flags)                                                                                              \
        ON_OPEN(#name, AT_FDCWD, at, flags, real_##name(at, flags, bits));                                            \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                                                  \
    int name(int dir, const char *at, int flags, ...) {                                                               \
        REAL(int, name, int, const char *, int, ...);                                                                 \
        OPEN_MODE(flags)                                                                                              \
        ON_OPEN(#name, dir, at, flags, real_##name(dir, at, flags, bits));                                            \
    }
OPENAT(openat)
OPENAT(openat64)

#define CREAT(name)                                                                                                   \
    int name(const char *at, mode_t bits) {                                                                           \
        REAL(int, name, const char *, mode_t);                                                                        \
        ON_OPEN(#name, AT_FDCWD, at, O_CREAT | O_TRUNC, real_##name(at, bits));                                       \
    }
CREAT(creat)
CREAT(creat64)
