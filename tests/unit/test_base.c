/* Errors, asserts, growing arrays, slots. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/base/assert.h"
#include "sim/base/err.h"
#include "sim/base/mem.h"
#include "sim/base/slots.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_error_texts(void **state)
{
    struct sim_error e;
    char longer[2 * SIM_ERROR_TEXT];
    (void)state;
    assert_string_equal(sim_err_text(SIM_OK), "ok");
    assert_string_equal(sim_err_text((enum sim_err)999), "unknown error");
    for (int code = SIM_OK; code <= SIM_ESTOPPED; code++) {
        assert_true(strlen(sim_err_text((enum sim_err)code)) > 1);
    }
    assert_int_equal(sim_fail(&e, SIM_EINVAL, "%d is odd", 3), SIM_EINVAL);
    assert_int_equal(e.code, SIM_EINVAL);
    assert_string_equal(e.text, "3 is odd");
    assert_int_equal(sim_fail(NULL, SIM_EIO, "nobody listens"), SIM_EIO);
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    sim_fail(&e, SIM_EIO, "%s", longer);
    assert_int_equal(strlen(e.text), SIM_ERROR_TEXT - 1);
    assert_int_equal(sim_fail_memory(&e, "a thing"), SIM_ENOMEM);
    assert_string_equal(e.text, "out of memory for a thing");
}

static void claim(void *self)
{
    SIM_ASSERT(1 + 1 == 2);
    SIM_ASSERT(self == NULL);
    SIM_ASSERT(1 + 1 == 3);
}

static void test_a_failed_assert_says_what_and_aborts(void **state)
{
    (void)state;
    check_assert_fails(claim, NULL, "1 + 1 == 3");
    check_assert_fails(claim, state, "self == NULL");
}

static void test_growing(void **state)
{
    double *array = NULL;
    size_t capacity = 0;
    (void)state;
    for (size_t n = 1; n <= 1000; n++) {
        assert_int_equal(sim_grow(&array, &capacity, n, sizeof *array), SIM_OK);
        assert_true(capacity >= n);
        array[n - 1] = (double)n;
    }
    for (size_t n = 1; n <= 1000; n++) {
        assert_close(array[n - 1], (double)n, 0);
    }
    const size_t before = capacity;
    assert_int_equal(sim_grow(&array, &capacity, before + 1, sizeof *array), SIM_OK);
    assert_int_equal(capacity, 2 * before);
    assert_int_equal(sim_grow(&array, &capacity, 4 * before + 1, sizeof *array), SIM_OK);
    assert_int_equal(capacity, 4 * before + 1); /* who knows how many */
    alloc_fail_begin(1);
    assert_int_equal(sim_grow(&array, &capacity, capacity + 1, sizeof *array), SIM_ENOMEM);
    assert_true(alloc_fail_end());
    assert_int_equal(capacity, 4 * before + 1);
    assert_close(array[999], 1000, 0);
    assert_int_equal(sim_grow(&array, &capacity, SIZE_MAX, sizeof *array), SIM_ENOMEM);
    assert_int_equal(sim_grow(&array, &capacity, SIZE_MAX / 16, sizeof *array), SIM_ENOMEM);
    free(array);
}

static void test_grown_lines_begin_cache_lines(void **state)
{
    uint32_t(*array)[3] = NULL; /* of a size that fills no line */
    size_t capacity = 0;
    (void)state;
    for (uint32_t n = 1; n <= 1000; n++) {
        assert_int_equal(sim_grow_lines(&array, &capacity, n, sizeof *array), SIM_OK);
        assert_true(capacity >= n);
        assert_int_equal((uintptr_t)array % 64, 0);
        array[n - 1][0] = n;
    }
    for (uint32_t n = 1; n <= 1000; n++) {
        assert_int_equal(array[n - 1][0], n);
    }
    const size_t before = capacity;
    alloc_fail_begin(1);
    assert_int_equal(sim_grow_lines(&array, &capacity, before + 1, sizeof *array), SIM_ENOMEM);
    assert_true(alloc_fail_end());
    assert_int_equal(capacity, before);
    assert_int_equal(array[999][0], 1000);
    assert_int_equal(sim_grow_lines(&array, &capacity, SIZE_MAX, sizeof *array), SIM_ENOMEM);
    assert_int_equal(sim_grow_lines(&array, &capacity, SIZE_MAX / 16, sizeof *array), SIM_ENOMEM);
    free(array);
}

static void test_lines_begin_cache_lines(void **state)
{
    (void)state;
    for (size_t n = 1; n < 200000;
         n *= 3) { /* to beyond the size from which huge pages are asked for */
        unsigned char *const lines = sim_lines_create(n, 128);
        assert_non_null(lines);
        assert_int_equal((uintptr_t)lines % 64, 0);
        for (size_t i = 0; i < 128 * n; i++) {
            assert_int_equal(lines[i], 0);
        }
        free(lines);
    }
    unsigned char *const odd = sim_zeros_create(1000003, 5);
    assert_non_null(odd);
    assert_int_equal((uintptr_t)odd % 64, 0);
    assert_int_equal(odd[0] | odd[5 * 1000003 - 1], 0);
    free(odd);
    assert_null(sim_lines_create(SIZE_MAX / 64, 128));
    alloc_fail_begin(1);
    assert_null(sim_lines_create(1, 64));
    assert_true(alloc_fail_end());
}

struct record {
    struct sim_slot head;
    int value;
};

static void test_handles_go_stale(void **state)
{
    struct sim_slots s = {.record_byte = sizeof(struct record)};
    uint32_t slot = 0;
    (void)state;
    assert_int_equal(sim_slots_take(&s, &slot), SIM_OK);
    ((struct record *)sim_slots_at(&s, slot))->value = 5;
    const struct sim_handle first = sim_slots_handle(&s, slot);
    assert_true(sim_slots_is_live(&s, first));
    sim_slots_release(&s, slot);
    assert_false(sim_slots_is_live(&s, first));
    assert_int_equal(sim_slots_take(&s, &slot), SIM_OK);
    assert_int_equal(slot, first.slot);
    assert_false(sim_slots_is_live(&s, first));
    assert_true(sim_slots_is_live(&s, sim_slots_handle(&s, slot)));
    assert_false(sim_slots_is_live(&s, (struct sim_handle){0, 0}));
    assert_false(sim_slots_is_live(&s, (struct sim_handle){99, 1}));
    assert_int_equal(s.n_live, 1);
    sim_slots_fini(&s);
}

static void test_slots_are_used_again(void **state)
{
    struct sim_slots s = {.record_byte = sizeof(struct record)};
    uint32_t slot[100] = {0};
    (void)state;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(sim_slots_take(&s, &slot[i]), SIM_OK);
        ((struct record *)sim_slots_at(&s, slot[i]))->value = i;
    }
    for (int i = 0; i < 100; i += 2) {
        sim_slots_release(&s, slot[i]);
    }
    for (int i = 0; i < 100; i += 2) {
        assert_int_equal(sim_slots_take(&s, &slot[i]), SIM_OK);
    }
    assert_int_equal(s.n, 100); /* no new ones were made */
    assert_int_equal(s.n_live, 100);
    for (int i = 1; i < 100; i += 2) {
        assert_int_equal(((struct record *)sim_slots_at(&s, slot[i]))->value, i);
    }
    alloc_fail_begin(1);
    enum sim_err err = SIM_OK;
    for (int i = 0; i < 100 && err == SIM_OK; i++) {
        err = sim_slots_take(&s, &slot[0]);
    }
    assert_true(alloc_fail_end());
    assert_int_equal(err, SIM_ENOMEM);
    assert_int_equal(sim_slots_take(&s, &slot[0]), SIM_OK); /* and it goes on */
    sim_slots_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error_texts),
        cmocka_unit_test(test_a_failed_assert_says_what_and_aborts),
        cmocka_unit_test(test_growing),
        cmocka_unit_test(test_grown_lines_begin_cache_lines),
        cmocka_unit_test(test_lines_begin_cache_lines),
        cmocka_unit_test(test_handles_go_stale),
        cmocka_unit_test(test_slots_are_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
