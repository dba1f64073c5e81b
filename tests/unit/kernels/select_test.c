#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kernels.h"

static void test_starts_with_the_reference(void **state) {
  (void)state;
  assert_string_equal(kernels->name, "ref");
  assert_ptr_equal(kernels, kernels_available(0));
}

static void test_selects_each_variant_by_name(void **state) {
  (void)state;
  const rc_kernels *variant;
  for (int i = 0; (variant = kernels_available(i)) != NULL; i++) {
    assert_int_equal(kernels_select(variant->name, NULL), RC_OK);
    assert_ptr_equal(kernels, variant);
  }
}

static void test_selects_the_fastest_by_default(void **state) {
  (void)state;
  int count = 0;
  while (kernels_available(count) != NULL) count++;
  assert_true(count > 1);
  assert_int_equal(kernels_select(NULL, NULL), RC_OK);
  assert_ptr_equal(kernels, kernels_available(count - 1));
}

static void test_an_unknown_name_lists_the_names(void **state) {
  (void)state;
  rc_error error;
  const rc_kernels *before = kernels;
  assert_int_equal(kernels_select("mmx", &error), RC_ERR_ARGUMENT);
  assert_ptr_equal(kernels, before);
  assert_non_null(strstr(error.text, "\"mmx\""));
  const rc_kernels *variant;
  for (int i = 0; (variant = kernels_available(i)) != NULL; i++) {
    assert_non_null(strstr(error.text, variant->name));
  }
  assert_int_equal(kernels_select("", NULL), RC_ERR_ARGUMENT);
  assert_ptr_equal(kernels, before);
}

static void test_names_are_distinct(void **state) {
  (void)state;
  for (int i = 0; kernels_available(i) != NULL; i++) {
    for (int j = 0; j < i; j++) {
      assert_string_not_equal(kernels_available(i)->name, kernels_available(j)->name);
    }
  }
}

/* [1 2; 3 4; 5 6] [1 0 2; -1 1 3] = [-1 2 8; -1 4 18; -1 6 28], A and B stored either way. */
static void test_product_by_hand(void **state) {
  (void)state;
  const real rows_a[] = {1, 2, 3, 4, 5, 6}, columns_a[] = {1, 3, 5, 2, 4, 6};
  const real rows_b[] = {1, 0, 2, -1, 1, 3}, columns_b[] = {1, -1, 0, 1, 2, 3};
  const real want[] = {-1, 2, 8, -1, 4, 18, -1, 6, 28};
  const rc_kernels *variant;
  for (int i = 0; (variant = kernels_available(i)) != NULL; i++) {
    real packed[256], c[9];
    assert_true(variant->gemm_packed_size(2, 3) <= 256);
    variant->gemm_pack(false, 2, 3, rows_b, 3, packed);
    variant->gemm(3, 3, 2, rows_a, 2, 1, packed, false, c, 3);
    assert_memory_equal(c, want, sizeof want);
    variant->gemm_pack(true, 2, 3, columns_b, 2, packed);
    variant->gemm(3, 3, 2, columns_a, 1, 3, packed, true, c, 3);
    for (int j = 0; j < 9; j++) assert_true(c[j] == 2 * want[j]);
  }
}

/* 1 + 2^-8 lies half way between two bf16 and goes to the even one, 1; 1 + 3 2^-8 to 1 + 2^-6. */
static void test_precision_of_products(void **state) {
  (void)state;
  const real a[] = {1 + 0x1p-8f, 1 + 3 * 0x1p-8f}, one = 1;
  const rc_kernels *variant;
  for (int i = 0; (variant = kernels_available(i)) != NULL; i++) {
    real packed[2048], c[2];
    assert_int_equal(kernels_select(variant->name, NULL), RC_OK);
    assert_int_equal(kernels_set_precision(PRECISION_BF16, NULL), RC_OK);
    assert_string_equal(kernels->name, variant->name);
    assert_ptr_equal(kernels->tanh, variant->tanh);
    assert_true(kernels->gemm_packed_size(1, 1) <= 2048);
    kernels->gemm_pack(false, 1, 1, &one, 1, packed);
    kernels->gemm(2, 1, 1, a, 1, 1, packed, false, c, 1);
    assert_true(c[0] == 1);
    assert_true(c[1] == 1 + 0x1p-6f);
    assert_int_equal(kernels_set_precision(PRECISION_F32, NULL), RC_OK);
    assert_ptr_equal(kernels, variant);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_starts_with_the_reference),
      cmocka_unit_test(test_selects_each_variant_by_name),
      cmocka_unit_test(test_selects_the_fastest_by_default),
      cmocka_unit_test(test_an_unknown_name_lists_the_names),
      cmocka_unit_test(test_names_are_distinct),
      cmocka_unit_test(test_product_by_hand),
      cmocka_unit_test(test_precision_of_products),
  };
  return cmocka_run_group_tests_name("kernels", tests, NULL, NULL);
}
