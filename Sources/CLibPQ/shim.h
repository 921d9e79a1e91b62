#include <libpq-fe.h>
#include <spawn.h>

/* glibc's extensions to posix_spawn, which its header shows only to programs that ask for GNU's. */
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

/* The child leads a session of its own (spawn.h, POSIX_SPAWN_SETSID). */
#define SKYLEDGER_SPAWN_SETSID 0x80
