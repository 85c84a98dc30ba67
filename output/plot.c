#include "output/plot.h"

#include <stdbool.h>
#include <string.h>

enum { WIDTH = 1100, HEIGHT = 680 };

/* Viridis (Smith and van der Walt, 2015) at even steps: lightness grows all the way. */
static const char *const colours[PLOT_STYLES] = {"#440154", "#482173", "#433e85", "#38588c",
                                                 "#2d708e", "#25858e", "#1e9b8a", "#2ab07f",
                                                 "#52c569", "#86d549", "#c2df23", "#fde725"};

/* Doubles quotes and, if `is_markup`, escapes the characters that mean markup. */
static void quote(char *quoted, size_t size, const char *text, bool is_markup)
{
    size_t n = 0;
    for (const char *p = text; *p != '\0' && n + 3 < size; p++) {
        if (*p == '\'') {
            quoted[n++] = '\'';
        } else if (is_markup && strchr("_^{}@&~\\", *p) != NULL) {
            quoted[n++] = '\\';
        }
        const bool is_control = (unsigned char)*p < ' '; /* a line break would end the command */
        quoted[n++] = *(is_control ? " " : p);
    }
    quoted[n] = '\0';
}

void plot_quote(char *quoted, size_t size, const char *text)
{
    quote(quoted, size, text, false);
}

static void write_styles(FILE *out)
{
    for (int i = 0; i < PLOT_STYLES; i++) {
        fprintf(out, "set linetype %d linecolor rgb '%s' linewidth 2\n", i + 1, colours[i]);
    }
}

const char *plot_colour(int i)
{
    return colours[i];
}

/* Title, note and remark, the way gnuplot puts them together. */
static void write_title(FILE *out, const struct plot *p)
{
    char title[512];
    char note[512];
    char remark[512];
    quote(title, sizeof title, p->title, true);
    quote(note, sizeof note, p->note, true);
    quote(remark, sizeof remark, p->remark != NULL ? p->remark : "", true);
    const bool has_remark = *remark != '\0';
    fprintf(out, "title \"{/:Bold=16 \" . '%s' . \"}\\n{/=12 \" . '%s' . \"}%s\" . '%s' . \"%s\"\n",
            title, note, has_remark ? "\\n{/=10 " : "", remark, has_remark ? "}" : "");
}

static void write_look(FILE *out)
{
    fputs("set rmargin 4\n"
          "set grid linecolor rgb '#dddddd' linewidth 1\n"
          "set border 3 linecolor rgb '#555555'\n"
          "set tics nomirror textcolor rgb '#333333'\n",
          out);
    write_styles(out);
}

void plot_begin(FILE *out, const struct plot *p)
{
    fprintf(
        out,
        "# Draws %s.png and %s.svg from the CSV files one folder up. Edit it and run it again:\n"
        "#     gnuplot %s.gp\n"
        "set terminal pngcairo size %d,%d font 'sans,12' noenhanced background '#ffffff'\n"
        "set termoption enhanced\n"
        "set output '%s.png'\n"
        "set encoding utf8\n"
        "set datafile separator comma\n"
        "set ",
        p->name, p->name, p->name, WIDTH, HEIGHT, p->name);
    write_title(out, p);
    fprintf(
        out,
        "set xlabel '%s' offset 0,0.5\n"
        "set ylabel '%s'\n"
        "set key below center horizontal Left reverse noenhanced samplen 5 spacing 1.3 width 1\n",
        p->x_label, p->y_label);
    write_look(out);
}

void plot_end(FILE *out, const struct plot *p)
{
    fprintf(out,
            "set terminal svg enhanced size %d,%d font 'sans,12' background '#ffffff'\n"
            "set output '%s.svg'\n"
            "replot\n"
            "unset output\n",
            WIDTH, HEIGHT, p->name);
}

void plot_begin_panels(FILE *out, const struct plot *p, size_t n)
{
    const size_t columns = n <= 3 ? n : n <= 8 ? (n + 1) / 2 : (n + 2) / 3;
    const size_t rows = (n + columns - 1) / columns;
    fprintf(
        out,
        "# Draws %s.png and %s.svg from the CSV files one folder up. Edit it and run it again:\n"
        "#     gnuplot %s.gp\n"
        "set encoding utf8\n"
        "set datafile separator comma\n"
        "set key noenhanced\n",
        p->name, p->name, p->name);
    write_look(out);
    fprintf(out,
            "do for [picture in 'png svg'] {\n"
            "if (picture eq 'png') {\n"
            "    set terminal pngcairo enhanced size %d,%d font 'sans,12' background '#ffffff'\n"
            "} else {\n"
            "    set terminal svg enhanced size %d,%d font 'sans,12' background '#ffffff'\n"
            "}\n"
            "set output '%s.' . picture\n"
            "set multiplot layout %zu,%zu ",
            WIDTH, HEIGHT, WIDTH, HEIGHT, p->name, rows, columns);
    write_title(out, p);
}

void plot_end_panels(FILE *out)
{
    fputs("unset multiplot\n"
          "unset output\n"
          "}\n",
          out);
}
