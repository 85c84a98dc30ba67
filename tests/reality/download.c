/* Downloads by many clients at once: each from its own address, at its own time.
 *
 * usage: download FLOWS.csv URL > MEASURED.csv
 *
 * FLOWS.csv has the columns id, start_s, size_byte, cap_bit_per_s in this order. Client k has the
 * address 10.77.(1 + k / 200).(1 + k % 200) and asks for the first size_byte bytes of URL. MEASURED.csv
 * gets the same columns, with start_s as it was: the moment the request had been sent, from the start of
 * the program. finish_s is the moment the last byte was there. */
#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_CLIENTS = 2000, CLIENTS_A_SUBNET = 200 };

struct client {
    char id[32];
    double start_s; /* planned */
    double size_byte, cap_bit_per_s;
    double began_s; /* the transfer was handed over */
    double sent_s, finish_s;
    double received_byte;
    bool is_done;
};

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static size_t count(char *data, size_t size, size_t n, void *client)
{
    struct client *const c = client;
    (void)data;
    c->received_byte += (double)(size * n);
    return size * n;
}

static size_t read_clients(const char *path, struct client *client)
{
    char line[256];
    size_t n = 0;
    FILE *const file = fopen(path, "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL) {
        fprintf(stderr, "download: %s cannot be read\n", path);
        exit(1);
    }
    while (n < MAX_CLIENTS && fgets(line, sizeof line, file) != NULL) {
        struct client *const c = &client[n];
        if (sscanf(line, "%31[^,],%lf,%lf,%lf", c->id, &c->start_s, &c->size_byte,
                   &c->cap_bit_per_s) == 4) {
            n++;
        }
    }
    fclose(file);
    return n;
}

static void begin(CURLM *multi, struct client *c, size_t k, const char *url, double zero_s)
{
    char address[64];
    char range[64];
    CURL *const easy = curl_easy_init();
    if (easy == NULL) {
        exit(1);
    }
    snprintf(address, sizeof address, "host!10.77.%zu.%zu", 1 + k / CLIENTS_A_SUBNET,
             1 + k % CLIENTS_A_SUBNET);
    snprintf(range, sizeof range, "0-%.0f", c->size_byte - 1);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_INTERFACE, address);
    curl_easy_setopt(easy, CURLOPT_RANGE, range);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, count);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, c);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, c);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, 600L);
    c->began_s = now_s() - zero_s;
    curl_multi_add_handle(multi, easy);
}

static void finish(CURLM *multi, const CURLMsg *message)
{
    const long partial_content = 206;
    struct client *c;
    long status = 0;
    curl_off_t sent_us = 0;
    curl_off_t total_us = 0;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &c);
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRETRANSFER_TIME_T, &sent_us);
    curl_easy_getinfo(message->easy_handle, CURLINFO_TOTAL_TIME_T, &total_us);
    c->sent_s = c->began_s + 1e-6 * (double)sent_us;
    c->finish_s = c->began_s + 1e-6 * (double)total_us;
    curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
    c->is_done = message->data.result == CURLE_OK && status == partial_content &&
                 c->received_byte == c->size_byte;
    if (!c->is_done) {
        fprintf(stderr, "download: client %s: %s, status %ld, after %.0f of %.0f byte\n", c->id,
                curl_easy_strerror(message->data.result), status, c->received_byte, c->size_byte);
    }
    CURL *const easy = message->easy_handle;
    curl_multi_remove_handle(multi, easy);
    curl_easy_cleanup(easy);
}

static void collect(CURLM *multi, size_t *n_ended)
{
    int n_left;
    for (CURLMsg *m = curl_multi_info_read(multi, &n_left); m != NULL;
         m = curl_multi_info_read(multi, &n_left)) {
        if (m->msg == CURLMSG_DONE) {
            finish(multi, m);
            (*n_ended)++;
        }
    }
}

/* Clients must be in the order of their starts. */
static void download(struct client *client, size_t n, const char *url)
{
    CURLM *const multi = curl_multi_init();
    const double zero_s = now_s();
    size_t n_begun = 0;
    size_t n_ended = 0;
    while (n_ended < n) {
        int running;
        while (n_begun < n && now_s() - zero_s >= client[n_begun].start_s) {
            begin(multi, &client[n_begun], n_begun, url, zero_s);
            n_begun++;
        }
        curl_multi_perform(multi, &running);
        collect(multi, &n_ended);
        curl_multi_poll(multi, NULL, 0, 1, NULL);
    }
    curl_multi_cleanup(multi);
}

int main(int argc, char **argv)
{
    static struct client client[MAX_CLIENTS];
    bool all_done = true;
    if (argc != 3) {
        fputs("usage: download FLOWS.csv URL\n", stderr);
        return 64;
    }
    const size_t n = read_clients(argv[1], client);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    download(client, n, argv[2]);
    curl_global_cleanup();
    puts("id,start_s,size_byte,cap_bit_per_s,finish_s");
    for (size_t k = 0; k < n; k++) {
        const struct client *const c = &client[k];
        printf("%s,%.6f,%.0f,%.0f,%.6f\n", c->id, c->sent_s, c->size_byte, c->cap_bit_per_s,
               c->finish_s);
        all_done = all_done && c->is_done;
    }
    return all_done && n > 0 ? 0 : 1;
}
