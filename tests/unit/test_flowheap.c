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

static uint32_t count(uint32_t slot)
{
    return slot == FLOW_NONE
               ? 0
               : 1 + count(flow_at(&flows, slot)->child) + count(flow_at(&flows, slot)->sibling);
}

/* Links back agree with links forth, and nobody ends before his parent. */
static void check_links(uint32_t slot)
{
    uint32_t before = slot;
    for (uint32_t c = flow_at(&flows, slot)->child; c != FLOW_NONE;
         c = flow_at(&flows, c)->sibling) {
        assert_int_equal(flow_at(&flows, c)->previous, before);
        assert_true(flow_at(&flows, c)->end >= flow_at(&flows, slot)->end);
        check_links(c);
        before = c;
    }
}

static uint32_t remove_at(uint32_t root, uint32_t i)
{
    const uint32_t slot = slots[i];
    root = flowheap_remove(&flows, root, slot);
    sim_slots_release(&flows, slot);
    slots[i] = slots[--n];
    return root;
}

static void test_root_is_the_first_to_end(void **state)
{
    struct sim_stream stream;
    uint32_t root = FLOW_NONE;
    (void)state;
    flows.record_byte = sizeof(struct flow);
    sim_stream_open(&stream, 6, 0, 0, 0, 0);
    for (int step = 0; step < 20000; step++) {
        const double what = sim_stream_uniform(&stream);
        if (what < 0.55 && n < MOST) {
            assert_int_equal(sim_slots_take(&flows, &slots[n]), SIM_OK);
            flow_at(&flows, slots[n])->end =
                floor(50 * sim_stream_uniform(&stream)); /* many equal */
            root = flowheap_insert(&flows, root, slots[n]);
            n++;
        } else if (what < 0.8 && n > 0) {
            root = remove_at(root, (uint32_t)(sim_stream_uniform(&stream) * n));
        } else if (n > 0) {
            uint32_t i = 0;
            while (slots[i] != root) {
                i++;
            }
            root = remove_at(root, i);
        }
        assert_int_equal(root, n > 0 ? smallest() : FLOW_NONE);
        if (step % 50 == 0 && n > 0) {
            assert_int_equal(count(root), n);
            check_links(root);
        }
    }
    sim_slots_fini(&flows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_root_is_the_first_to_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
