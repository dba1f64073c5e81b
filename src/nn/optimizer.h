#ifndef RECUR_OPTIMIZER_H
#define RECUR_OPTIMIZER_H

#include "arena.h"
#include "params.h"
#include "schedule.h"

/* SGD with momentum, Adam and AdamW with the update rules of torch.optim, over a whole parameter
 * block at once. */
typedef enum optimizer_kind { OPTIMIZER_SGD, OPTIMIZER_ADAM, OPTIMIZER_ADAMW } optimizer_kind;

typedef struct optimizer {
  optimizer_kind kind;
  real momentum;              /* SGD */
  real beta1, beta2, epsilon; /* Adam, AdamW */
  real weight_decay;          /* L2 for SGD and Adam, decoupled for AdamW */
  long step;                  /* updates done so far */
  real *first, *second;       /* [total] momentum or first moment; second moment (Adam) */
} optimizer;

/* PyTorch's defaults (betas 0.9, 0.999, epsilon 1e-8; AdamW decay 0.01, others 0), cleared state in
 * the arena. */
rc_status optimizer_new(optimizer *rule, optimizer_kind kind, const param_list *list,
                        rc_arena *arena, rc_error *error);

/* One update of `values` from `gradients`, both [total]; leaves the gradients 0 for the next. */
void optimizer_update(optimizer *rule, const param_list *list, real lr, real *gradients,
                      real *values);

/* The same in parts, which threads may share: the caller counts the step, then every part of the
 * parameters has its turn. count: of the parameters from `at` on, whose gradients and values are
 * given. */
void optimizer_update_part(const optimizer *rule, real lr, size_t at, size_t count, real *gradients,
                           real *values);

/* Scales the gradients down to a global norm of at most `limit` (torch.nn.utils.clip_grad_norm_);
 * limit <= 0 does not clip. Returns the norm before. */
double gradients_clip(const param_list *list, real *gradients, real limit);

/* What it scales gradients of that norm with; 1 for no limit. */
real gradients_clip_factor(double norm, real limit);

#endif
