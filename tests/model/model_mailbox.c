/* Mailboxes and back-off: draws with known means, chunks that are the same for everybody. */
#include "tests/support/check.h"
#include "tests/support/scenario_text.h"

#include "models/backoff.h"
#include "models/mailbox.h"

#include <gsl/gsl_cdf.h>

static const char yaml[] = "schema: 1\n"
                           "mailbox:\n"
                           "  contacts: 40\n"
                           "  calendar_entries: 60\n"
                           "  received_per_day: 50\n"
                           "  today: 30 %\n";

struct fixture {
    struct scenario scenario;
    struct sim *sim;
};

static void set_up(struct fixture *f)
{
    scenario_from_text(yaml, &f->scenario);
    assert_int_equal(sim_create(11, 3, &f->sim), SIM_OK);
}

static void tear_down(struct fixture *f)
{
    sim_destroy(f->sim);
    scenario_fini(&f->scenario);
}

static double chunk_byte(const struct fixture *f, const struct mailbox *m, uint32_t user,
                         uint32_t chunk, uint32_t first, uint32_t n)
{
    return mailbox_chunk_byte(m, f->sim, &f->scenario.mailbox, &f->scenario.profile, user, chunk,
                              first, n);
}

static void test_counts_follow_from_the_configuration(void **state)
{
    struct fixture f;
    struct mailbox m;
    (void)state;
    set_up(&f);
    mailbox_draw(&m, f.sim, &f.scenario.mailbox, &f.scenario.profile, 7);
    assert_int_equal(m.mails, 250); /* 5 days of 50 */
    assert_int_equal(m.today, 15);
    assert_int_equal(m.items, 350);
    assert_int_equal(m.contacts, 40);
    assert_true(m.documents >= m.items);
    tear_down(&f);
}

/* E[min(X, L)] of a lognormal: e^(mu + s^2/2) Phi((ln L - mu - s^2)/s) + L (1 - Phi((ln L -
 * mu)/s)). */
static double cut_lognormal_mean(double mu, double s, double limit)
{
    return exp(mu + s * s / 2) * gsl_cdf_ugaussian_P((log(limit) - mu - s * s) / s) +
           limit * gsl_cdf_ugaussian_Q((log(limit) - mu) / s);
}

static void test_mean_size_of_cut_bodies(void **state)
{
    enum { CHUNKS = 400, ITEMS = 100 };
    const struct mailbox m = {.mails = CHUNKS * ITEMS, .items = CHUNKS * ITEMS};
    struct fixture f;
    double mean = 0;
    double square = 0;
    (void)state;
    set_up(&f);
    for (uint32_t k = 0; k < CHUNKS; k++) {
        const double x = chunk_byte(&f, &m, 0, k, k * ITEMS, ITEMS) / ITEMS;
        mean += x / CHUNKS;
        square += x * x / CHUNKS;
    }
    const double z =
        (mean - cut_lognormal_mean(8.49, 1.33, 50e3)) / sqrt((square - mean * mean) / CHUNKS);
    assert_near(z, 0, 4);
    tear_down(&f);
}

/* Attachments up to the limit count: 14.6 % of mails, bounded Pareto(0.64; 32 KiB, 2 MiB). */
static void test_mean_size_with_attachments(void **state)
{
    enum { CHUNKS = 2000, ITEMS = 100 };
    const struct mailbox m = {.mails = CHUNKS * ITEMS, .items = CHUNKS * ITEMS};
    const double a = 0.64, low = 32768, high = 2097152, limit = 262144;
    const double mass = 1 - pow(low / high, a);
    const double part = a * pow(low, a) / mass * (pow(limit, 1 - a) - pow(low, 1 - a)) / (1 - a);
    struct fixture f;
    double mean = 0;
    double square = 0;
    (void)state;
    set_up(&f);
    f.scenario.profile.attachment_limit_byte = limit;
    for (uint32_t k = 0; k < CHUNKS; k++) {
        const double x = chunk_byte(&f, &m, 1, k, k * ITEMS, ITEMS) / ITEMS;
        mean += x / CHUNKS;
        square += x * x / CHUNKS;
    }
    const double expected = cut_lognormal_mean(8.49, 1.33, 50e3) + 0.146 * part;
    assert_near((mean - expected) / sqrt((square - mean * mean) / CHUNKS), 0, 4);
    tear_down(&f);
}

static void test_chunks_keep_their_sizes(void **state)
{
    struct fixture f;
    struct mailbox m;
    (void)state;
    set_up(&f);
    mailbox_draw(&m, f.sim, &f.scenario.mailbox, &f.scenario.profile, 7);
    const double first = chunk_byte(&f, &m, 7, 0, 0, 100);
    const double last = chunk_byte(&f, &m, 7, 3, 300, 50); /* calendar entries */
    assert_close(chunk_byte(&f, &m, 7, 0, 0, 100), first, 0);
    assert_true(chunk_byte(&f, &m, 8, 0, 0, 100) != first);
    assert_close(last, 50 * 2e3, 1e-15);
    /* Items 200 to 299: 50 mails, 40 contacts of 1 kB, 10 entries of 2 kB. */
    const double mails = chunk_byte(&f, &m, 7, 2, 200, 50);
    assert_close(chunk_byte(&f, &m, 7, 2, 200, 100), mails + 40e3 + 20e3, 1e-12);
    tear_down(&f);
}

static void test_a_mailbox_is_never_empty(void **state)
{
    struct fixture f;
    struct mailbox m;
    (void)state;
    set_up(&f);
    struct sim_dist *const days = f.scenario.profile.mail_days;
    struct sim_dist *const contacts = f.scenario.mailbox.contacts;
    struct sim_dist *const entries = f.scenario.mailbox.calendar_entries;
    struct sim_dist *zero;
    assert_int_equal(sim_dist_constant(0, &zero), SIM_OK);
    f.scenario.profile.mail_days = zero;
    f.scenario.mailbox.contacts = zero;
    f.scenario.mailbox.calendar_entries = zero;
    mailbox_draw(&m, f.sim, &f.scenario.mailbox, &f.scenario.profile, 0);
    assert_int_equal(m.items, 1);
    assert_int_equal(m.today, 0);
    f.scenario.profile.mail_days = days;
    f.scenario.mailbox.contacts = contacts;
    f.scenario.mailbox.calendar_entries = entries;
    sim_dist_destroy(zero);
    tear_down(&f);
}

/* ---- Back-off ---- */

static double delay_s(enum backoff_policy policy, uint32_t n, uint32_t entity)
{
    struct sim_dist *jitter;
    struct sim_stream stream;
    assert_int_equal(sim_dist_constant(1, &jitter), SIM_OK);
    const struct backoff_config config = {policy, 30, 2, 3600, jitter};
    sim_stream_open(&stream, 2, entity, 0, 0, 0);
    double step_s;
    const double delay = backoff_delay_s(&config, n, &step_s, &stream);
    sim_dist_destroy(jitter);
    return delay;
}

static void test_backoff_grows_to_its_cap(void **state)
{
    static const double expected_s[] = {30, 60, 120, 240, 480, 960, 1920, 3600, 3600};
    (void)state;
    for (uint32_t n = 1; n <= 9; n++) {
        assert_close(delay_s(BACKOFF_EXPONENTIAL, n, 0), expected_s[n - 1], 0);
        assert_close(delay_s(BACKOFF_FIXED, n, 0), 30, 0);
        assert_close(delay_s(BACKOFF_NONE, n, 0), 0, 0);
    }
    assert_close(delay_s(BACKOFF_EXPONENTIAL, 4000000000, 0), 3600, 0); /* no overflow */
}

static void test_jitter_is_spread_as_promised(void **state)
{
    enum { N = 20000 };
    double full = 0;
    double equal = 0;
    (void)state;
    for (uint32_t i = 0; i < N; i++) {
        const double f = delay_s(BACKOFF_FULL_JITTER, 3, i);
        const double e = delay_s(BACKOFF_EQUAL_JITTER, 3, i);
        assert_true(f > 0 && f < 120);
        assert_true(e > 60 && e < 120);
        full += f / N;
        equal += e / N;
    }
    const double sd = 120 / sqrt(12.0 * N);
    assert_near((full - 60) / sd, 0, 4);
    assert_near((equal - 90) / (sd / 2), 0, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_follow_from_the_configuration),
        cmocka_unit_test(test_mean_size_of_cut_bodies),
        cmocka_unit_test(test_mean_size_with_attachments),
        cmocka_unit_test(test_chunks_keep_their_sizes),
        cmocka_unit_test(test_a_mailbox_is_never_empty),
        cmocka_unit_test(test_backoff_grows_to_its_cap),
        cmocka_unit_test(test_jitter_is_spread_as_promised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
