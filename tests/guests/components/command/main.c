// A command in C: what `worky run` is tried with. It says what it was given, copies files and leaves with a code.
//
//   args            each argument on a line
//   env NAME        the value of a variable
//   cat FILE        a file, or standard input where FILE is -
//   write FILE TEXT
//   exit CODE
//   abort

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int copy(FILE *from) {
  char buffer[4096];
  size_t length;
  while ((length = fread(buffer, 1, sizeof buffer, from)) > 0) fwrite(buffer, 1, length, stdout);
  return ferror(from) ? 3 : 0;
}

static int failed(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  return 3;
}

int main(int argc, char **argv) {
  const char *act = argc > 1 ? argv[1] : "args";
  const char *given = argc > 2 ? argv[2] : "";
  if (strcmp(act, "args") == 0) {
    for (int i = 2; i < argc; i++) puts(argv[i]);
    return 0;
  }
  if (strcmp(act, "env") == 0) {
    const char *value = getenv(given);
    if (value == NULL) return 4;
    puts(value);
    return 0;
  }
  if (strcmp(act, "cat") == 0) {
    if (strcmp(given, "-") == 0) return copy(stdin);
    FILE *file = fopen(given, "rb");
    if (file == NULL) return failed(given);
    return copy(file);
  }
  if (strcmp(act, "write") == 0) {
    FILE *file = fopen(given, "wb");
    if (file == NULL || fputs(argc > 3 ? argv[3] : "", file) < 0 || fclose(file) != 0) return failed(given);
    return 0;
  }
  if (strcmp(act, "exit") == 0) return atoi(given);
  if (strcmp(act, "abort") == 0) abort();
  fprintf(stderr, "unknown act: %s\n", act);
  return 2;
}
