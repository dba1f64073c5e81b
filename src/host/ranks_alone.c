#include "ranks.h"

/* The build without MPI: one rank, which has nobody to wait for. */

void ranks_start(const char *program) {
  (void)program;
}

int ranks_end(int code) {
  return code;
}

int ranks_count(void) {
  return 1;
}

int ranks_rank(void) {
  return 0;
}

int ranks_on_this_machine(void) {
  return 1;
}

bool ranks_any(bool here) {
  return here;
}

void ranks_broadcast(void *bytes, size_t size) {
  (void)bytes, (void)size;
}

void ranks_unite(void *bytes, size_t size) {
  (void)bytes, (void)size;
}

/* Never called: the trainer adds up what is its own. */
void ranks_sum(real *const *mine, int count, int links, size_t total, int threads, real *sum) {
  (void)mine, (void)count, (void)links, (void)total, (void)threads, (void)sum;
}

ranks_traffic ranks_sums(void) {
  return (ranks_traffic){0};
}

rc_status ranks_agree(rc_status status, rc_error *error) {
  (void)error;
  return status;
}
