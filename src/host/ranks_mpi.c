#include <fcntl.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clocks.h"
#include "programs.h"
#include "ranks.h"
#include "terminal.h"

/* An MPI call that fails ends all ranks by itself (MPI_ERRORS_ARE_FATAL), so none is asked. */

/* What MPI does not keep for a process. */
static struct {
  const char *program;
  bool started;       /* classify and its like never are */
  int neighbours;     /* ranks of this machine, itself counted */
  int standard_error; /* of a rank that is not seen; -1: it is */
  bool over;          /* the ranks have agreed to end */
  ranks_traffic sums;
} own = {.program = "", .neighbours = 1, .standard_error = -1};

enum { REPORT, VERDICT, PARTIAL_SUM }; /* tags */

int ranks_count(void) {
  int count = 1;
  if (own.started) MPI_Comm_size(MPI_COMM_WORLD, &count);
  return count;
}

int ranks_rank(void) {
  int rank = 0;
  if (own.started) MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

int ranks_on_this_machine(void) {
  return own.neighbours;
}

static void count_neighbours(void) {
  MPI_Comm machine;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
  MPI_Comm_size(machine, &own.neighbours);
  MPI_Comm_free(&machine);
}

/* What it prints goes nowhere, but for the one message of give_up. */
static void silence(void) {
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  own.standard_error = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (nowhere < 0) return;
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  close(nowhere);
}

void ranks_start(const char *program) {
  int provided;
  own.program = program;
  MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
  own.started = true;
  count_neighbours();
  if (ranks_rank() > 0) silence();
}

int ranks_end(int code) {
  rc_error error;
  rc_status status = RC_OK;
  if (code != PROGRAM_OK) {
    status = rc_fail(&error, RC_ERR_ARGUMENT, "it ended with exit code %d", code);
  }
  if (ranks_agree(status, &error) != RC_OK && code == PROGRAM_OK) code = PROGRAM_FAILURE;
  MPI_Finalize();
  return code;
}

bool ranks_any(bool here) {
  int any = here;
  MPI_Allreduce(MPI_IN_PLACE, &any, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  return any > 0;
}

/* MPI counts in int. */
enum { MESSAGE = 1 << 30 };

static int message_size(size_t left) {
  return left < MESSAGE ? (int)left : MESSAGE;
}

void ranks_broadcast(void *bytes, size_t size) {
  for (size_t at = 0; at < size; at += MESSAGE) {
    MPI_Bcast((char *)bytes + at, message_size(size - at), MPI_BYTE, 0, MPI_COMM_WORLD);
  }
}

void ranks_unite(void *bytes, size_t size) {
  for (size_t at = 0; at < size; at += MESSAGE) {
    MPI_Allreduce(MPI_IN_PLACE, (char *)bytes + at, message_size(size - at), MPI_BYTE, MPI_BOR,
                  MPI_COMM_WORLD);
  }
}

/* ---- sums ---- */

/* A sum goes along the chain of ranks in pieces, so that all of them add at the same time, and what
 * the last of them has added comes back to all while it waits for the next. BLOCK stays in the
 * cache while a rank adds its arrays. */
enum { PIECE = 1 << 18, BLOCK = 1 << 12, UNDER_WAY = 16 };

/* sum += the arrays, or on the first rank sum = these; elements from `at`. */
static void add_block(real *const *mine, int count, size_t at, size_t elements, bool first,
                      real *sum) {
  for (int i = 0; i < count; i++) {
    if (first && i == 0) {
      memcpy(sum, mine[i] + at, elements * sizeof *sum);
    } else {
      kernels->axpy(elements, 1, mine[i] + at, sum);
    }
    memset(mine[i] + at, 0, elements * sizeof *sum);
  }
}

static void add_piece(real *const *mine, int count, size_t at, size_t elements, int threads,
                      real *sum) {
  const bool first = ranks_rank() == 0;
  const long blocks = (long)((elements + BLOCK - 1) / BLOCK);
#ifdef _OPENMP
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
#endif
  for (long i = 0; i < blocks; i++) {
    const size_t from = (size_t)i * BLOCK, left = elements - from;
    add_block(mine, count, at + from, left < BLOCK ? left : BLOCK, first, sum + from);
  }
}

void ranks_sum(real *const *mine, int count, int links, size_t total, int threads, real *sum) {
  const int rank = ranks_rank(), last = links - 1;
  const double start = clocks_now();
  MPI_Request totals[UNDER_WAY];
  int piece = 0;
  for (size_t at = 0; at < total; at += PIECE, piece++) {
    const size_t elements = total - at < PIECE ? total - at : PIECE;
    const int bytes = (int)(elements * sizeof *sum);
    if (rank > 0 && rank <= last) {
      MPI_Recv(sum + at, bytes, MPI_BYTE, rank - 1, PARTIAL_SUM, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
    if (rank <= last) add_piece(mine, count, at, elements, threads, sum + at);
    if (rank < last) {
      MPI_Send(sum + at, bytes, MPI_BYTE, rank + 1, PARTIAL_SUM, MPI_COMM_WORLD);
    }
    MPI_Request *slot = &totals[piece % UNDER_WAY];
    if (piece >= UNDER_WAY) MPI_Wait(slot, MPI_STATUS_IGNORE);
    MPI_Ibcast(sum + at, bytes, MPI_BYTE, last, MPI_COMM_WORLD, slot);
  }
  for (int i = 0; i < piece && i < UNDER_WAY; i++) MPI_Wait(&totals[i], MPI_STATUS_IGNORE);
  own.sums.seconds += clocks_now() - start;
  if (rank <= last) own.sums.bytes += total * sizeof *sum;
}

ranks_traffic ranks_sums(void) {
  return own.sums;
}

/* ---- agreeing ---- */

/* What a rank reports and what all are told. */
typedef struct outcome {
  rc_status status;
  rc_error error;
} outcome;

/* The others do not answer: they train or read, or are gone. */
static void give_up(const rc_error *error) {
  if (own.standard_error >= 0) dup2(own.standard_error, STDERR_FILENO);
  terminal_message(stderr, "%s: %s", own.program, error->text);
  fputc('\n', stderr);
  fflush(stderr);
  MPI_Abort(MPI_COMM_WORLD, PROGRAM_FAILURE);
}

/* Waits without keeping a processor busy: the others may have minutes of work. Where `failed` has
 * something to say, only so long; of several such ranks the first is to speak. */
static void wait_for(MPI_Request *requests, int count, const rc_error *failed) {
  const double patience = 2 + 0.2 * (ranks_rank() < 40 ? ranks_rank() : 40);
  const struct timespec pause = {.tv_nsec = 2000000};
  const double start = clocks_now();
  for (int done = 0;;) {
    MPI_Testall(count, requests, &done, MPI_STATUSES_IGNORE);
    if (done) return;
    if (failed != NULL && clocks_now() - start > patience) give_up(failed);
    nanosleep(&pause, NULL);
  }
}

/* Rank 0: all reports, [count] with its own first; the verdict is left in it. */
static void judge(outcome *reports, MPI_Request *requests, int count) {
  const rc_error *failed = reports[0].status != RC_OK ? &reports[0].error : NULL;
  for (int i = 1; i < count; i++) {
    MPI_Irecv(&reports[i], sizeof *reports, MPI_BYTE, i, REPORT, MPI_COMM_WORLD, &requests[i - 1]);
  }
  wait_for(requests, count - 1, failed);
  for (int i = 1; i < count && reports[0].status == RC_OK; i++) reports[0] = reports[i];
  for (int i = 1; i < count; i++) {
    MPI_Isend(reports, sizeof *reports, MPI_BYTE, i, VERDICT, MPI_COMM_WORLD, &requests[i - 1]);
  }
  MPI_Waitall(count - 1, requests, MPI_STATUSES_IGNORE);
}

static void name_rank(outcome *mine) {
  const rc_error plain = mine->error;
  char host[MPI_MAX_PROCESSOR_NAME];
  int length;
  MPI_Get_processor_name(host, &length);
  rc_fail(&mine->error, mine->status, "rank %d on %.64s: %s", ranks_rank(), host, plain.text);
}

static void report(outcome *mine) {
  outcome verdict;
  MPI_Request requests[2];
  if (mine->status != RC_OK) name_rank(mine);
  MPI_Irecv(&verdict, sizeof verdict, MPI_BYTE, 0, VERDICT, MPI_COMM_WORLD, &requests[0]);
  MPI_Isend(mine, sizeof *mine, MPI_BYTE, 0, REPORT, MPI_COMM_WORLD, &requests[1]);
  wait_for(requests, 2, mine->status != RC_OK ? &mine->error : NULL);
  MPI_Waitall(2, requests, MPI_STATUSES_IGNORE); /* for the analyser: they are over */
  *mine = verdict;
}

rc_status ranks_agree(rc_status status, rc_error *error) {
  const int count = ranks_count();
  if (own.over || count == 1) return status;
  outcome mine = {.status = status};
  if (status != RC_OK && error != NULL) mine.error = *error;
  if (ranks_rank() > 0) {
    report(&mine);
  } else {
    outcome *reports = calloc((size_t)count, sizeof *reports);
    MPI_Request *requests = calloc((size_t)count, sizeof(MPI_Request));
    if (reports == NULL || requests == NULL) {
      rc_fail(&mine.error, RC_ERR_MEMORY, "out of memory for %d ranks", count);
      give_up(&mine.error);
    } else {
      reports[0] = mine;
      judge(reports, requests, count);
      mine = reports[0];
    }
    free(reports);
    free(requests);
  }
  own.over = mine.status != RC_OK;
  return own.over ? rc_fail(error, mine.status, "%s", mine.error.text) : RC_OK;
}
