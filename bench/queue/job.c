/*
 * job LOG NAME HOLD: what contenders run. Stamps CLOCK_MONOTONIC at its own start and as its very last act, and locks the log
 * as long as it lives: the kernel tells when a second one runs beside it.
 * HOLD is a number of milliseconds, or the path of a FIFO: it then holds until somebody has opened that for writing.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

static int log_file;

static void stamp(const char *event, const char *name, struct timespec at) {
  char line[200];
  int length = snprintf(line, sizeof line, "%s %s %lld %d\n", event, name,
                        at.tv_sec * 1000000000LL + at.tv_nsec, (int)getpid());
  if (write(log_file, line, (size_t)length) != length) _exit(74);
}

int main(int count, char **words) {
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  if (count < 4) return 64;
  log_file = open(words[1], O_WRONLY | O_APPEND | O_CREAT, 0600);
  if (log_file < 0) return 73;
  int is_alone = flock(log_file, LOCK_EX | LOCK_NB) == 0;
  stamp("start", words[2], start);
  if (!is_alone) stamp("overlap", words[2], start);
  if (strncmp(words[2], "stubborn", 8) == 0) signal(SIGTERM, SIG_IGN);
  if (words[3][0] == '/') {
    int fifo = open(words[3], O_RDONLY);
    if (fifo < 0) return 66;
  } else {
    usleep((useconds_t)(atof(words[3]) * 1000));
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  stamp("end", words[2], end);
  _exit(0);
}
