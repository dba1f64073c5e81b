#include "ranks.h"

int ranks_first_of(int count, int rank) {
  const int each = count / ranks_count(), more = count % ranks_count();
  return each * rank + (rank < more ? rank : more);
}
