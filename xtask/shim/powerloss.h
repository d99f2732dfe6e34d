/* The power-loss model of faults.c.
 *
 * A file's bytes are durable as they were at its last fsync or fdatasync; a directory's entries as they were at its
 * last fsync. Both start as they are found when the program starts. At the fault the watched directory is rewritten
 * to what a disk could hold, and the process is killed. SQLite's -shm files never survive. Bits of the seed say what
 * else survived:
 *
 *   bit 0  0: entries (creations, renames, removals) that were not synced are undone   1: they all reached the disk
 *   bit 1  0: bytes that were not synced are lost                                      1: a random part of them, by
 *             page of 4 KiB, reached the disk; the higher bits of the seed choose which
 *
 * Every file is held open from when it is first seen, and never closed: so an inode number is never given to another
 * file, and no POSIX lock of the program is dropped by a close of ours.
 */
#include <dirent.h>

enum { PAGE = 4096 };

struct entry {
    char *name;
    ino_t ino;
};

struct node {
    ino_t ino;
    mode_t mode;
    int fd;
    char *bytes; /* durable content of a file */
    size_t len;
    struct entry *entries; /* durable content of a directory */
    size_t count;
};

static struct node *nodes;
static size_t node_count, node_room;

static void give_up(const char *what) {
    fprintf(stderr, "faults: %s: %s\n", what, strerror(errno));
    _exit(65);
}

static void *room(void *old, size_t size) {
    void *new = realloc(old, size ? size : 1);
    if (!new) give_up("out of memory");
    return new;
}

static struct node *find(ino_t ino) {
    for (size_t i = 0; i < node_count; i++)
        if (nodes[i].ino == ino) return &nodes[i];
    return NULL;
}

/* Takes note of the file or directory at `path`, which may be a link to an open one under /proc; it is neither synced
 * nor durable yet. */
static ino_t note(const char *path) {
    struct stat st;
    if (stat(path, &st)) return 0;
    if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) return 0;
    if (find(st.st_ino)) return st.st_ino;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) give_up(path);
    if (node_count == node_room) nodes = room(nodes, (node_room = node_room * 2 + 64) * sizeof *nodes);
    nodes[node_count++] = (struct node){.ino = st.st_ino, .mode = st.st_mode, .fd = fd};
    return st.st_ino;
}

static ino_t note_fd(int fd) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    return note(link);
}

static size_t read_all(int fd, char **bytes) {
    struct stat st;
    if (fstat(fd, &st)) give_up("fstat");
    size_t len = 0, size = st.st_size;
    *bytes = room(NULL, size);
    while (len < size) {
        ssize_t n = pread(fd, *bytes + len, size - len, len);
        if (n < 0) give_up("pread");
        if (n == 0) break;
        len += n;
    }
    return len;
}

static size_t list(const char *path, struct entry **entries) {
    DIR *dir = opendir(path);
    struct dirent *next;
    size_t count = 0;
    *entries = NULL;
    if (!dir) return 0;
    while ((next = readdir(dir))) {
        char child[PATH_MAX];
        if (!strcmp(next->d_name, ".") || !strcmp(next->d_name, "..") || is_volatile(next->d_name)) continue;
        if (snprintf(child, sizeof child, "%s/%s", path, next->d_name) >= PATH_MAX) give_up("path too long");
        ino_t ino = note(child);
        if (!ino) continue;
        *entries = room(*entries, (count + 1) * sizeof **entries);
        (*entries)[count++] = (struct entry){strdup(next->d_name), ino};
    }
    closedir(dir);
    return count;
}

/* After a sync of what is at `path` and open as `fd`: its present content is durable. */
static void mark_durable(int fd, const char *path) {
    ino_t ino = note_fd(fd);
    struct node *node = find(ino);
    if (!node) return;
    if (S_ISDIR(node->mode)) {
        struct entry *entries;
        size_t count = list(path, &entries);
        node = find(ino); /* `list` may have moved the nodes */
        for (size_t i = 0; i < node->count; i++) free(node->entries[i].name);
        free(node->entries);
        node->entries = entries;
        node->count = count;
    } else {
        free(node->bytes);
        node->len = read_all(node->fd, &node->bytes);
    }
}

static void baseline_of(const char *path) {
    ino_t ino = note(path);
    struct node *node = find(ino);
    if (!node) return;
    mark_durable(node->fd, path);
    node = find(ino);
    for (size_t i = 0; i < node->count; i++) {
        char child[PATH_MAX];
        snprintf(child, sizeof child, "%s/%s", path, find(ino)->entries[i].name);
        baseline_of(child);
        node = find(ino);
    }
}

static void take_baseline(void) { baseline_of(watched); }

static uint64_t rng;

static int coin(void) {
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (rng >> 33) & 1;
}

/* What a file holds after the loss. */
static size_t surviving(struct node *node, char **bytes) {
    char *now;
    if (!(seed & 2)) {
        *bytes = node->bytes;
        return node->len;
    }
    size_t now_len = read_all(node->fd, &now);
    size_t len = coin() ? now_len : node->len;
    *bytes = room(NULL, len);
    memset(*bytes, 0, len);
    for (size_t at = 0; at < len; at += PAGE) {
        size_t end = at + PAGE < len ? at + PAGE : len;
        char *from = node->bytes;
        size_t from_len = node->len;
        if (coin()) from = now, from_len = now_len;
        if (at < from_len) memcpy(*bytes + at, from + at, (end < from_len ? end : from_len) - at);
    }
    return len;
}

static void wipe(const char *path) {
    DIR *dir = opendir(path);
    struct dirent *next;
    if (!dir) give_up(path);
    while ((next = readdir(dir))) {
        char child[PATH_MAX];
        struct stat st;
        if (!strcmp(next->d_name, ".") || !strcmp(next->d_name, "..")) continue;
        snprintf(child, sizeof child, "%s/%s", path, next->d_name);
        if (lstat(child, &st)) continue;
        if (S_ISDIR(st.st_mode)) {
            wipe(child);
            rmdir(child);
        } else {
            unlink(child);
        }
    }
    closedir(dir);
}

static void rebuild(const char *path, ino_t ino) {
    for (size_t i = 0; i < find(ino)->count; i++) {
        struct entry *entry = &find(ino)->entries[i];
        struct node *node = find(entry->ino);
        char child[PATH_MAX];
        if (snprintf(child, sizeof child, "%s/%s", path, entry->name) >= PATH_MAX) give_up("path too long");
        if (S_ISDIR(node->mode)) {
            if (mkdir(child, node->mode & 07777)) give_up(child);
            rebuild(child, entry->ino);
            continue;
        }
        char *bytes;
        size_t len = surviving(node, &bytes);
        int fd = open(child, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, node->mode & 07777);
        if (fd < 0) give_up(child);
        for (size_t at = 0; at < len;) {
            ssize_t n = write(fd, bytes + at, len - at);
            if (n <= 0) give_up(child);
            at += n;
        }
        close(fd);
    }
}

/* Takes every directory's present entries for durable. */
static void keep_entries(const char *path) {
    ino_t ino = note(path);
    struct node *node = find(ino);
    mark_durable(node->fd, path);
    for (size_t i = 0; i < find(ino)->count; i++) {
        char child[PATH_MAX];
        struct entry *entry = &find(ino)->entries[i];
        snprintf(child, sizeof child, "%s/%s", path, entry->name);
        if (S_ISDIR(find(entry->ino)->mode)) keep_entries(child);
    }
}

static void lose_power(void) {
    rng = seed * 0x9e3779b97f4a7c15u + fault_at * 0xbf58476d1ce4e5b9u + 1;
    if (seed & 1) keep_entries(watched);
    ino_t root = note(watched);
    wipe(watched);
    rebuild(watched, root);
}
