# The table of docs/reality.md: awk -f by_cap.awk compared.csv. A row per cap, "none" last.
BEGIN { FS = "," }
NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
{
    cap = $column["cap_bit_per_s"] + 0
    cap = cap > 0 ? cap : 1e99
    percent = $column["difference_percent"] + 0
    size = percent < 0 ? -percent : percent
    n[cap]++
    sum[cap] += percent
    for (k = n[cap]; k > 1 && sorted[cap, k - 1] > size; k--) sorted[cap, k] = sorted[cap, k - 1]
    sorted[cap, k] = size
}
END {
    print "| cap | downloads | median of \\|difference\\| | 95 % | largest | mean difference |"
    print "|---|---|---|---|---|---|"
    while (1) {
        least = ""
        for (cap in n) if (least == "" || cap + 0 < least + 0) least = cap
        if (least == "") exit
        m = n[least]
        printf "| %s | %d | %.2f %% | %.2f %% | %.2f %% | %+.2f %% |\n",
            least + 0 < 1e99 ? least / 1e6 " Mbit/s" : "none", m, sorted[least, int((m + 1) / 2)],
            sorted[least, int(0.95 * m + 0.999)], sorted[least, m], sum[least] / m
        delete n[least]
    }
}
