# A row of the table of peers.sh, from two files of runs in turn: first ours, `each` of them a round, then the
# peer's, one a round. A run is a line: CPU seconds, figure. Ends with 1 if the figures do not agree.
# Set by the caller: work, ours, peer (names), bar (0: none), each, check:
#     theory N   figures are mean sojourns of N customers in M/M/1; over all rounds those of both sides are 10 s
#     clock      figures are clocks, the same to 1e-6: some count whole nanoseconds
#     ends       the peer's figures are the largest relative differences of the ends of flows, at most 1e-6

function sort(v, n,    i, k, t) {
    for (i = 2; i <= n; i++) {
        for (k = i; k > 1 && v[k - 1] > v[k]; k--) { t = v[k]; v[k] = v[k - 1]; v[k - 1] = t }
    }
}

function median(v, n) {
    sort(v, n)
    return (v[int((n + 1) / 2)] + v[int(n / 2) + 1]) / 2
}

function abs(x) { return x < 0 ? -x : x }

function is_number(x) { return x == x + 0 && x "" != "nan" && x "" != "-nan" }

function times(x) { return sprintf(x < 100 ? "%.1f" : "%.0f", x) }

# How many standard deviations the mean of n sojourns is off. Customers who follow each other do not have
# independent sojourns: n times the variance tends to w^2 + 4 w^3 / (1/lambda - 1/mu), w = 1/(mu - lambda), from
# Poisson's equation for Lindley's recursion. That the first customer finds nobody takes off 900/n s, which is little.
function z(mean_s, n,    lambda, w_s) {
    lambda = 0.9
    w_s = 1 / (1 - lambda)
    return (mean_s - w_s) / sqrt((w_s ^ 2 + 4 * w_s ^ 3 / (1 / lambda - 1)) / n)
}

FNR == 1 { file++ }
NF != 2 || !is_number($1) || !is_number($2) { print "peers: " work ": not a run: " $0 > "/dev/stderr"; bad = 1; exit }
file == 1 {
    ours_s[++n_ours] = of_round[++in_round] = $1
    ours_figure = $2
    ours_sum += $2
    if (in_round == each) { round_s[++n_rounds] = median(of_round, each); in_round = 0; figure[n_rounds] = $2 }
}
file == 2 {
    peer_s[++n] = $1
    ratio[n] = $1 / round_s[n]
    peer_sum += $2
    most = $2 > most ? $2 : most
    clocks_differ += abs($2 - figure[n]) > 1e-6 * abs(figure[n])
}

END {
    if (bad || n == 0 || n != n_rounds) { print "peers: " work ", " peer ": runs are missing" > "/dev/stderr"; exit 1 }
    split(check, word, " ")
    if (word[1] == "theory") {
        ours_mean = ours_sum / n_ours # the runs of a round have one seed
        ours_z = z(ours_mean, n * word[2])
        peer_z = z(peer_sum / n, n * word[2])
        agrees = abs(ours_z) < 4 && abs(peer_z) < 4
        found = sprintf("means %.2f and %.2f s, theory 10: z %+.1f and %+.1f", ours_mean, peer_sum / n, ours_z, peer_z)
    } else if (word[1] == "clock") {
        agrees = !clocks_differ
        found = sprintf("clocks %.6f and %.6f s", ours_figure, peer_sum / n)
    } else {
        agrees = most <= 1e-6
        found = sprintf("ends differ by %.0e at most", most)
    }
    middle = median(ratio, n)
    verdict = "-"
    if (bar > 0) { verdict = bar ", " (middle >= bar ? "met" : "not met") }
    printf "| %s | %s: %.1f | %s: %.1f | %s (%s to %s) | %s | %s: %s |\n", work, ours, 1e3 * median(ours_s, n_ours), peer,
           1e3 * median(peer_s, n), times(middle), times(ratio[1]), times(ratio[n]),
           verdict, found, agrees ? "agree" : "DO NOT AGREE"
    exit !agrees
}
