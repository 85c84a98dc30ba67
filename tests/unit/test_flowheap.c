#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/res/flowheap.h"
#include "sim/rng/stream.h"

enum { MOST = 200 };

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

static void test_first_is_the_first_to_end(void **state)
{
    struct sim_stream stream;
    struct flowheap h;
    (void)state;
    flowheap_init(&h);
    flows = (struct sim_slots){.record_byte = sizeof(struct flow)};
    sim_stream_open(&stream, 6, 0, 0, 0, 0);
    for (int step = 0; step < 20000; step++) {
        const double what = sim_stream_uniform(&stream);
        if (what < 0.55 && n < MOST) {
            add(&h, floor(50 * sim_stream_uniform(&stream))); /* many equal */
        } else if (what < 0.8 && n > 0) {
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
    flowheap_fini(&h);
    sim_slots_fini(&flows);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_is_the_first_to_end),
        cmocka_unit_test(test_entries_left_behind_take_no_room),
        cmocka_unit_test(test_no_memory_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
