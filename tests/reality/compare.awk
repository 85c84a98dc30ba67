# Measured against replayed: awk -f compare.awk MEASURED.csv REPLAYED.csv, both with a header. Prints a row
# per flow and leaves the summary in the file named by -v summary=FILE.
BEGIN { FS = "," }
FNR == 1 { for (i = 1; i <= NF; i++) column[FILENAME, $i] = i; next }
NR == FNR {
    id = $column[FILENAME, "id"]
    order[++n] = id
    start[id] = $column[FILENAME, "start_s"]
    size[id] = $column[FILENAME, "size_byte"]
    cap[id] = $column[FILENAME, "cap_bit_per_s"]
    measured[id] = $column[FILENAME, "finish_s"] - start[id]
    next
}
{ replayed[$column[FILENAME, "id"]] = $column[FILENAME, "finish_s"] - start[$column[FILENAME, "id"]] }
END {
    print "id,start_s,size_byte,cap_bit_per_s,measured_s,replayed_s,difference_percent"
    for (i = 1; i <= n; i++) {
        id = order[i]
        percent = 100 * (measured[id] - replayed[id]) / replayed[id]
        printf "%s,%.3f,%d,%d,%.4f,%.4f,%.3f\n", id, start[id], size[id], cap[id], measured[id], replayed[id], percent
        sum += percent
        size_of = percent < 0 ? -percent : percent
        for (k = i; k > 1 && sorted[k - 1] > size_of; k--) sorted[k] = sorted[k - 1]
        sorted[k] = size_of
    }
    median = sorted[int((n + 1) / 2)]
    p95 = sorted[int(0.95 * n + 0.999)]
    print "downloads,median_percent,p95_percent,largest_percent,mean_percent" > summary
    printf "%d,%.3f,%.3f,%.3f,%.3f\n", n, median, p95, sorted[n], sum / n > summary
}
