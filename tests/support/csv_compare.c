/* Compares two CSV files cell by cell: text exactly, numbers with a relative tolerance.
 *
 * usage: csv_compare EXPECTED.csv ACTUAL.csv TOLERANCE */
#include <csv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cells {
    char **text;
    size_t n, capacity;
    size_t rows;
};

static void on_field(void *field, size_t length, void *self)
{
    struct cells *const c = self;
    (void)length;
    if (c->n == c->capacity) {
        c->capacity = c->capacity == 0 ? 1024 : 2 * c->capacity;
        c->text = reallocarray(c->text, c->capacity, sizeof *c->text);
    }
    char *const copy = strdup(field != NULL ? field : "");
    if (c->text == NULL || copy == NULL) {
        fputs("csv_compare: out of memory\n", stderr);
        exit(2);
    }
    c->text[c->n++] = copy;
}

static void on_row(int terminator, void *self)
{
    struct cells *const c = self;
    (void)terminator;
    c->rows++;
}

static struct cells read_cells(const char *path)
{
    struct cells c = {0};
    struct csv_parser parser;
    char block[65536];
    size_t n;
    FILE *const file = fopen(path, "rb");
    if (file == NULL || csv_init(&parser, CSV_STRICT | CSV_APPEND_NULL) != 0) {
        fprintf(stderr, "csv_compare: cannot read %s\n", path);
        exit(2);
    }
    while ((n = fread(block, 1, sizeof block, file)) > 0) {
        csv_parse(&parser, block, n, on_field, on_row, &c);
    }
    csv_fini(&parser, on_field, on_row, &c);
    csv_free(&parser);
    fclose(file);
    return c;
}

static int is_equal(const char *a, const char *b, double tolerance)
{
    char *end_a;
    char *end_b;
    if (strcmp(a, b) == 0) {
        return 1;
    }
    const double x = strtod(a, &end_a);
    const double y = strtod(b, &end_b);
    const int are_numbers = *a != '\0' && *b != '\0' && *end_a == '\0' && *end_b == '\0';
    return are_numbers && fabs(x - y) <= tolerance * fmax(fabs(x), fabs(y));
}

static void free_cells(struct cells *c)
{
    for (size_t i = 0; i < c->n; i++) {
        free(c->text[i]);
    }
    free(c->text);
}

int main(int argc, char **argv)
{
    enum { MOST_SHOWN = 10 };
    if (argc != 4) {
        fputs("usage: csv_compare EXPECTED.csv ACTUAL.csv TOLERANCE\n", stderr);
        return 2;
    }
    struct cells expected = read_cells(argv[1]);
    struct cells actual = read_cells(argv[2]);
    const double tolerance = strtod(argv[3], NULL);
    size_t n_different = expected.n != actual.n || expected.rows != actual.rows;
    if (n_different > 0) {
        printf("%s: %zu rows, %zu cells; expected %zu rows, %zu cells\n", argv[2], actual.rows,
               actual.n, expected.rows, expected.n);
    }
    for (size_t i = 0; i < expected.n && i < actual.n; i++) {
        if (!is_equal(expected.text[i], actual.text[i], tolerance)) {
            const size_t columns = expected.n / expected.rows;
            if (n_different++ < MOST_SHOWN) {
                printf("row %zu, column %zu: expected %s, found %s\n", i / columns + 1,
                       i % columns + 1, expected.text[i], actual.text[i]);
            }
        }
    }
    free_cells(&expected);
    free_cells(&actual);
    return n_different > 0;
}
