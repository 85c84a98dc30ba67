# Flows of an access log of Apache in its common or combined format, whose time is the start, in whole seconds: starts
# within a second are spread over it, in their order. Of the date the day of the month is read alone.
{
    split($4, t, /[[\/:]/)
    second = ((t[2] * 24 + t[5]) * 60 + t[6]) * 60 + t[7]
    at[NR] = second
    nth[NR] = n_in[second]++
    byte[NR] = $10 + 0 # "-" is 0
}
END {
    print "start_s,size_byte"
    for (i = 1; i <= NR; i++) printf "%.6f,%s\n", at[i] + nth[i] / n_in[at[i]], byte[i]
}
