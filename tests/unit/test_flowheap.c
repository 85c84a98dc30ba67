#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/res/flowheap.h"
#include "sim/rng/stream.h"

enum { FEW = 200, MOST = 4 * FLOWHEAP_MOST };

static struct sim_slots flows;
static uint32_t slots[MOST];
static uint32_t n;

static uint32_t smallest(void)
{
    uint32_t first = slots[0];
    for (uint32_t i = 1; i < n; i++) {
        const double a = flow_at(&flows, slots[i])->end;
        const double b = flow_at(&flows, first)->end;
        first = a < b || (a == b && slots[i] < first) ? slots[i] : first;
    }
    return first;
}

static void remove_at(struct flowheap *h, uint32_t i)
{
    const uint32_t slot = slots[i];
    flowheap_remove(h, &flows, slot);
    sim_slots_release(&flows, slot);
    slots[i] = slots[--n];
}

static void add(struct flowheap *h, double end)
{
    assert_int_equal(flowheap_reserve(h, &flows), SIM_OK);
    assert_int_equal(sim_slots_take(&flows, &slots[n]), SIM_OK);
    flow_at(&flows, slots[n])->end = end;
    flowheap_insert(h, &flows, slots[n++]);
}

/* Fills up to `most`, then about as many come as go; then all go. */
static void first_is_the_first_to_end(uint32_t most, int steps)
{
    struct sim_stream stream;
    struct flowheap h;
    n = 0;
    flowheap_init(&h);
    flows = (struct sim_slots){.record_byte = sizeof(struct flow)};
    sim_stream_open(&stream, 6, 0, 0, 0, 0);
    for (int step = 0; step < steps || n > 0; step++) {
        const double comes = step < steps / 2 ? 0.9 : step < steps ? 0.5 : 0;
        const double what = sim_stream_uniform(&stream);
        if (what < comes && n < most) {
            add(&h, floor(50 * sim_stream_uniform(&stream))); /* many equal */
        } else if (what < 0.5 * (1 + comes) && n > 0) {
            remove_at(&h, (uint32_t)(sim_stream_uniform(&stream) * n));
        } else if (n > 0) {
            uint32_t i = 0;
            while (slots[i] != h.first) {
                i++;
            }
            remove_at(&h, i);
        }
        assert_int_equal(h.first, n > 0 ? smallest() : FLOW_NONE);
    }
    assert_int_equal(flowheap_is_queue(&h), most > FLOWHEAP_MOST);
    add(&h, 7); /* alone, then not */
    add(&h, 5);
    assert_int_equal(h.first, slots[1]);
    flowheap_fini(&h);
    sim_slots_fini(&flows);
}

static void test_first_of_few(void **state)
{
    (void)state;
    first_is_the_first_to_end(FEW, 20000);
}

static void test_first_of_many(void **state)
{
    (void)state;
    first_is_the_first_to_end(MOST, 12000);
}

/* Who leaves from the middle leaves an entry: they are dropped before room is made. */
static void test_entries_left_behind_take_no_room(void **state)
{
    struct flowheap h;
    (void)state;
    n = 0;
    flowheap_init(&h);
    flows = (struct sim_slots){.record_byte = sizeof(struct flow)};
    for (int i = 0; i < 3; i++) {
        add(&h, i);
    }
    for (int i = 0; i < 1000; i++) {
        add(&h, 10 + i);
        remove_at(&h, n - 1);
    }
    assert_true(h.capacity < 64);
    assert_int_equal(h.first, slots[0]);
    while (n > 0) {
        assert_int_equal(h.first, smallest());
        remove_at(&h, 0);
    }
    assert_int_equal(h.first, FLOW_NONE);
    flowheap_fini(&h);
    sim_slots_fini(&flows);
}

static void test_no_memory_changes_nothing(void **state)
{
    struct flowheap h;
    (void)state;
    n = 0;
    flowheap_init(&h);
    flows = (struct sim_slots){.record_byte = sizeof(struct flow)};
    add(&h, 1);
    alloc_fail_begin(1);
    assert_int_equal(flowheap_reserve(&h, &flows), SIM_ENOMEM);
    assert_true(alloc_fail_end());
    assert_int_equal(h.first, slots[0]);
    add(&h, 0.5);
    assert_int_equal(h.first, slots[1]);
    flowheap_fini(&h);
    sim_slots_fini(&flows);
}

/* When the heap becomes a queue, each allocation in turn. */
static void test_no_memory_for_a_queue_changes_nothing(void **state)
{
    struct flowheap h;
    unsigned failed = 0;
    (void)state;
    n = 0;
    flowheap_init(&h);
    flows = (struct sim_slots){.record_byte = sizeof(struct flow)};
    while (h.n < FLOWHEAP_MOST) {
        add(&h, MOST - n);
    }
    for (; alloc_fail_begin(failed + 1); failed++) {
        const enum sim_err err = flowheap_reserve(&h, &flows);
        if (!alloc_fail_end()) {
            assert_int_equal(err, SIM_OK);
            break;
        }
        assert_int_equal(err, SIM_ENOMEM);
        assert_false(flowheap_is_queue(&h));
        assert_int_equal(h.first, smallest());
    }
    assert_int_equal(failed, 2);
    assert_true(flowheap_is_queue(&h));
    while (h.n < h.capacity) {
        add(&h, MOST - n);
    }
    alloc_fail_begin(1); /* a queue needs more, too */
    assert_int_equal(flowheap_reserve(&h, &flows), SIM_ENOMEM);
    assert_true(alloc_fail_end());
    assert_int_equal(h.first, smallest());
    add(&h, 0.5);
    while (n > 0) {
        assert_int_equal(h.first, slots[n - 1]); /* the last to come ends first */
        remove_at(&h, n - 1);
    }
    flowheap_fini(&h);
    sim_slots_fini(&flows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_of_few),
        cmocka_unit_test(test_first_of_many),
        cmocka_unit_test(test_entries_left_behind_take_no_room),
        cmocka_unit_test(test_no_memory_changes_nothing),
        cmocka_unit_test(test_no_memory_for_a_queue_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
