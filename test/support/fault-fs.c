// An LD_PRELOAD library that stands between a program and the files of one folder: it writes down what the program does
// to them, and slows or fails its fsyncs.
//   HOB_FAULT_FOLDER    the folder, an absolute path without symbolic links
//   HOB_FAULT_LOG       the log, a file outside of it that exists
//   HOB_FAULT_CONTROL   a file "MILLISECONDS ERRNO" that is read at each fsync: how long it takes (-1: until the file says
//                       something else), how it fails (0: it does not)
// The log has a line for each call, and behind a write its bytes:
//   write NAME OFFSET LENGTH
//   truncate NAME SIZE
//   rename NAME NAME
//   unlink NAME
//   synced NAME START   what stands in the log before START is on disk, as far as it is of this file; "." is the folder
//   failed NAME START   the same fsync, failed
// No fsync reaches the machine's disk: the log says what a power cut would leave.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static const char *folder;
static const char *control;
static size_t folder_length;
static int log_fd = -1;
/** A call and its line are one step, so that the log has the order of the calls. */
static pthread_mutex_t step = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("HOB_FAULT_LOG");
  folder = getenv("HOB_FAULT_FOLDER");
  control = getenv("HOB_FAULT_CONTROL");
  if (folder == NULL || path == NULL || control == NULL) return;
  folder_length = strlen(folder);
  log_fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
  if (log_fd < 0) abort();
}

/** The name of a path inside the folder, "." for the folder itself, or NULL. */
static const char *inside(const char *path) {
  if (log_fd < 0 || strncmp(path, folder, folder_length) != 0) return NULL;
  if (path[folder_length] == '\0') return ".";
  return path[folder_length] == '/' ? path + folder_length + 1 : NULL;
}

/** The name of an open file, written into `path` of PATH_MAX bytes, or NULL when it is none of the folder. */
static const char *name_of(int fd, char *path) {
  char link[32];
  if (log_fd < 0) return NULL;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return NULL;
  path[length] = '\0';
  return inside(path);
}

static void append(const struct iovec *parts, int count) {
  size_t length = 0;
  for (int i = 0; i < count; i++) length += parts[i].iov_len;
  if (syscall(SYS_writev, log_fd, parts, count) != (long)length) abort();
}

__attribute__((format(printf, 1, 2))) static void note(const char *format, ...) {
  char line[2 * PATH_MAX];
  va_list values;
  va_start(values, format);
  int length = vsnprintf(line, sizeof line, format, values);
  va_end(values);
  append(&(struct iovec){line, length}, 1);
}

static void note_write(const char *name, off_t offset, const void *bytes, size_t length) {
  char line[2 * PATH_MAX];
  int size = snprintf(line, sizeof line, "write %s %lld %zu\n", name, (long long)offset, length);
  struct iovec parts[] = {{line, size}, {(void *)bytes, length}};
  append(parts, 2);
}

static ssize_t write_at(int fd, const void *bytes, size_t length, off_t offset) {
  char path[PATH_MAX];
  const char *name = name_of(fd, path);
  if (name == NULL) return syscall(SYS_pwrite64, fd, bytes, length, offset);
  pthread_mutex_lock(&step);
  ssize_t written = syscall(SYS_pwrite64, fd, bytes, length, offset);
  if (written > 0) note_write(name, offset, bytes, written);
  pthread_mutex_unlock(&step);
  return written;
}

static int resize(int fd, off_t size) {
  char path[PATH_MAX];
  const char *name = name_of(fd, path);
  if (name == NULL) return syscall(SYS_ftruncate, fd, size);
  pthread_mutex_lock(&step);
  int result = syscall(SYS_ftruncate, fd, size);
  if (result == 0) note("truncate %s %lld\n", name, (long long)size);
  pthread_mutex_unlock(&step);
  return result;
}

static void read_control(long *milliseconds, int *error) {
  char text[64] = "";
  int fd = open(control, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  if (read(fd, text, sizeof text - 1) > 0) sscanf(text, "%ld %d", milliseconds, error);
  close(fd);
}

static void pause_for(long milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  while (nanosleep(&time, &time) != 0);
}

static int sync_file(int fd, long call) {
  char path[PATH_MAX];
  const char *name = name_of(fd, path);
  if (name == NULL) return syscall(call, fd);
  pthread_mutex_lock(&step);
  long long start = lseek(log_fd, 0, SEEK_END);
  pthread_mutex_unlock(&step);
  long milliseconds = 0;
  int error = 0;
  for (read_control(&milliseconds, &error); milliseconds < 0; read_control(&milliseconds, &error)) pause_for(1);
  pause_for(milliseconds);
  pthread_mutex_lock(&step);
  note("%s %s %lld\n", error == 0 ? "synced" : "failed", name, start);
  pthread_mutex_unlock(&step);
  errno = error;
  return error == 0 ? 0 : -1;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return write_at(fd, bytes, length, offset); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) { return write_at(fd, bytes, length, offset); }
int ftruncate(int fd, off_t size) { return resize(fd, size); }
int ftruncate64(int fd, off64_t size) { return resize(fd, size); }
int fsync(int fd) { return sync_file(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_file(fd, SYS_fdatasync); }

ssize_t write(int fd, const void *bytes, size_t length) {
  char path[PATH_MAX];
  const char *name = name_of(fd, path);
  if (name == NULL) return syscall(SYS_write, fd, bytes, length);
  pthread_mutex_lock(&step);
  ssize_t written = syscall(SYS_write, fd, bytes, length);
  if (written > 0) note_write(name, lseek(fd, 0, SEEK_CUR) - written, bytes, written);
  pthread_mutex_unlock(&step);
  return written;
}

int unlink(const char *path) {
  const char *name = inside(path);
  if (name == NULL) return syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  pthread_mutex_lock(&step);
  int result = syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  if (result == 0) note("unlink %s\n", name);
  pthread_mutex_unlock(&step);
  return result;
}

int rename(const char *from, const char *to) {
  const char *former = inside(from);
  const char *name = inside(to);
  if (former == NULL || name == NULL) return syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
  pthread_mutex_lock(&step);
  int result = syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
  if (result == 0) note("rename %s %s\n", former, name);
  pthread_mutex_unlock(&step);
  return result;
}
