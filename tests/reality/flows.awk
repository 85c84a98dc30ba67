# Flows of the reality test: awk -v n=200 -f flows.awk. The minimal standard generator, seed 1, so that
# every awk gives the same: sizes are lognormal (median 2 MB, sigma 0.6, at least 0.5 MB), starts uniform
# over the first 15 s, caps one of 1, 2, 5, 10 Mbit/s and none.
function uniform() {
    state = (state * 16807) % 2147483647
    return state / 2147483647
}
function normal() {
    return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform())
}
BEGIN {
    state = 1
    n_caps = split("1000000 2000000 5000000 10000000 0", caps, " ")
    for (i = 1; i <= n; i++) {
        size = 2e6 * exp(0.6 * normal())
        printf "%.3f,%.0f,%d\n", 15 * uniform(), size < 5e5 ? 5e5 : size, caps[1 + int(n_caps * uniform())]
    }
}
