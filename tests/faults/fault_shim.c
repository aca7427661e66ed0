// A library to be preloaded (LD_PRELOAD) that makes calls on files fail, to test what a program
// makes of it. HARNESS_FAULT says which, or several with spaces between:
//
//   CALL:FAULT:N[+]:PATH[:PROGRAM]      "write:ENOSPC:3+:checkpoint.bin:harness-worker"
//
// CALL     write (pwrite, writev), fsync (fdatasync), rename, ftruncate, open (for writing),
//          openr (for reading), read, mmap, statfs, statvfs
// FAULT    an errno by name; SHORT: half of the bytes are written; KILL: the process is killed;
//          of statfs the f_type, of statvfs the free bytes that are reported
// N        the N-th matching call of a process; N+: that and every later one
// PATH     a part of the path of the file
// PROGRAM  only in programs of this name
//
// HARNESS_FAULT_LOG names a file that gets a line for each fault injected.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { kMostRules = 8, kShort = -1, kKill = -2 };

struct rule {
  char call[16], path[128];
  long fault;  // errno, kShort, kKill, or the value to report
  int first, on;
  atomic_int seen;
};

static struct rule rules[kMostRules];
static int rule_count;
static char log_path[PATH_MAX];

static long fault_of(const char* text) {
  static const struct {
    const char* name;
    int number;
  } known[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO},       {"EDQUOT", EDQUOT}, {"EROFS", EROFS},
               {"EFBIG", EFBIG},   {"ENOMEM", ENOMEM}, {"EMFILE", EMFILE}, {"EACCES", EACCES},
               {"SHORT", kShort},  {"KILL", kKill}};
  for (size_t i = 0; i < sizeof known / sizeof *known; ++i)
    if (strcmp(text, known[i].name) == 0) return known[i].number;
  return strtol(text, NULL, 0);
}

static void add_rule(const char* text, const char* program) {
  char fault[32], number[16], wanted[64] = "";
  struct rule* rule = &rules[rule_count];
  const int fields = sscanf(text, "%15[^:]:%31[^:]:%15[^:]:%127[^: ]:%63[^: ]", rule->call, fault,
                            number, rule->path, wanted);
  if (fields < 4 || (*wanted && strcmp(wanted, program) != 0)) return;
  rule->fault = fault_of(fault);
  rule->first = atoi(number);
  rule->on = strchr(number, '+') != NULL;
  ++rule_count;
}

__attribute__((constructor)) static void read_rules(void) {
  char program[PATH_MAX] = "";
  (void)!readlink("/proc/self/exe", program, sizeof program - 1);
  const char* name = strrchr(program, '/') ? strrchr(program, '/') + 1 : program;
  const char* log = getenv("HARNESS_FAULT_LOG");
  if (log) snprintf(log_path, sizeof log_path, "%s", log);
  const char* text = getenv("HARNESS_FAULT");
  while (text && *text && rule_count < kMostRules) {
    add_rule(text, name);
    text = strchr(text, ' ');
    if (text) ++text;
  }
}

static void log_fault(const char* call, const char* path) {
  char line[PATH_MAX + 32];
  const int size = snprintf(line, sizeof line, "%s %s\n", call, path);
  const long file = syscall(SYS_openat, AT_FDCWD, log_path, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (file < 0) return;
  syscall(SYS_write, file, line, size);
  syscall(SYS_close, file);
}

// The fault of this call, or 0. errno is left alone.
static long fault_on_path(const char* call, const char* path) {
  const int saved = errno;
  long fault = 0;
  for (int i = 0; i < rule_count && !fault; ++i) {
    struct rule* rule = &rules[i];
    if (strcmp(rule->call, call) != 0 || !path || !strstr(path, rule->path)) continue;
    const int number = ++rule->seen;
    if (number == rule->first || (rule->on && number > rule->first)) fault = rule->fault;
  }
  if (fault) log_fault(call, path);
  if (fault == kKill) kill(getpid(), SIGKILL);
  errno = saved;
  return fault;
}

static long fault_on_file(const char* call, int descriptor) {
  if (rule_count == 0) return 0;
  const int saved = errno;
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t size = readlink(link, path, sizeof path - 1);
  errno = saved;
  if (size <= 0) return 0;
  path[size] = '\0';
  return fault_on_path(call, path);
}

#define FAIL_IF(fault)     \
  do {                     \
    const long f = fault;  \
    if (f > 0) {           \
      errno = (int)f;      \
      return -1;           \
    }                      \
  } while (0)

static size_t written_part(long fault, size_t size) {
  return fault == kShort && size > 1 ? size / 2 : size;
}

ssize_t write(int file, const void* bytes, size_t size) {
  const long fault = fault_on_file("write", file);
  FAIL_IF(fault);
  return syscall(SYS_write, file, bytes, written_part(fault, size));
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
  const long fault = fault_on_file("write", file);
  FAIL_IF(fault);
  return syscall(SYS_pwrite64, file, bytes, written_part(fault, size), offset);
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  return pwrite64(file, bytes, size, offset);
}

ssize_t writev(int file, const struct iovec* parts, int count) {
  FAIL_IF(fault_on_file("write", file));
  return syscall(SYS_writev, file, parts, count);
}

ssize_t read(int file, void* bytes, size_t size) {
  FAIL_IF(fault_on_file("read", file));
  return syscall(SYS_read, file, bytes, size);
}

int fsync(int file) {
  FAIL_IF(fault_on_file("fsync", file));
  return (int)syscall(SYS_fsync, file);
}

int fdatasync(int file) {
  FAIL_IF(fault_on_file("fsync", file));
  return (int)syscall(SYS_fdatasync, file);
}

int ftruncate64(int file, off64_t size) {
  FAIL_IF(fault_on_file("ftruncate", file));
  return (int)syscall(SYS_ftruncate, file, size);
}

int ftruncate(int file, off_t size) {
  return ftruncate64(file, size);
}

int renameat(int from_folder, const char* from, int to_folder, const char* to) {
  FAIL_IF(fault_on_path("rename", to));
  return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
}

int rename(const char* from, const char* to) {
  return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

static int open_at(int folder, const char* path, int flags, mode_t mode) {
  FAIL_IF(fault_on_path((flags & O_ACCMODE) == O_RDONLY ? "openr" : "open", path));
  return (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define MODE_OF(flags, mode)                         \
  mode_t mode = 0;                                   \
  if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) { \
    va_list more;                                    \
    va_start(more, flags);                           \
    mode = va_arg(more, mode_t);                     \
    va_end(more);                                    \
  }

int open(const char* path, int flags, ...) {
  MODE_OF(flags, mode)
  return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  MODE_OF(flags, mode)
  return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
  MODE_OF(flags, mode)
  return open_at(folder, path, flags, mode);
}

void* mmap64(void* address, size_t size, int protection, int flags, int file, off64_t offset) {
  const long fault = file >= 0 ? fault_on_file("mmap", file) : 0;
  if (fault > 0) {
    errno = (int)fault;
    return (void*)-1;
  }
  return (void*)syscall(SYS_mmap, address, size, protection, flags, file, offset);
}

void* mmap(void* address, size_t size, int protection, int flags, int file, off_t offset) {
  return mmap64(address, size, protection, flags, file, offset);
}

int statfs64(const char* path, struct statfs64* info) {
  const int result = (int)syscall(SYS_statfs, path, info);
  const long fault = fault_on_path("statfs", path);
  if (fault != 0) info->f_type = fault;
  return result;
}

int statfs(const char* path, struct statfs* info) {
  return statfs64(path, (struct statfs64*)info);
}

int statvfs64(const char* path, struct statvfs64* info) {
  int (*next)(const char*, struct statvfs64*) =
      (int (*)(const char*, struct statvfs64*))dlsym(RTLD_NEXT, "statvfs64");
  const int result = next(path, info);
  const long fault = fault_on_path("statvfs", path);
  if (fault != 0) info->f_bavail = (fsblkcnt64_t)fault / info->f_frsize;
  return result;
}

int statvfs(const char* path, struct statvfs* info) {
  return statvfs64(path, (struct statvfs64*)info);
}
