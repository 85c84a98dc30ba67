/* models/theory/closed_form.h -- closed forms of queues, as functions of their parameters.
 *
 * Services have the mean 1 unless said. Held against tables of GNU Octave's queueing package in
 * tests/theory/theory_reference.c.
 */
#ifndef MODELS_THEORY_CLOSED_FORM_H
#define MODELS_THEORY_CLOSED_FORM_H

#include <stdint.h>

/* Erlang's B by its recursion, and C from it (Erlang 1917); `offered` in erlang, below `servers` for C.
 * Cost: O(servers). */
double theory_erlang_b(double offered, uint32_t servers);
double theory_erlang_c(double offered, uint32_t servers);

/* M/M/c with room for `room` customers: mean number present, share of arrivals refused. Cost: O(room). */
void theory_finite_room(double offered, uint32_t servers, uint32_t room, double *present,
                        double *refused);

/* P(N = n) in M/M/c with room for `room` customers, UINT32_MAX: for all (then offered < servers). M/G/1 has the same
 * for n = 0. n <= room. Cost: O(room), O(servers) without bound. */
double theory_present_just(double offered, uint32_t servers, uint32_t room, uint32_t n);

/* Mean wait in M/G/1 where the services have the squared coefficient of variation scv: Pollaczek 1930,
 * Khinchine 1932. rho < 1. */
double theory_mg1_wait(double rho, double scv);

/* P(wait > t) in M/D/1 (Erlang 1909). rho < 1; t up to some ten services: the terms alternate. */
double theory_md1_wait_beyond(double rho, double t);

/* The quantile of order p of the time present, and of the wait, in M/M/1; rho < 1, p > 1 - rho. */
double theory_mm1_sojourn_quantile(double rho, double p);
double theory_mm1_wait_quantile(double rho, double p);

/* 1 + 1/2^power + ... + 1/n^power. Cost: O(n). */
double theory_harmonic(uint32_t n, int power);

#endif
