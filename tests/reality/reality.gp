# Measured against replayed durations. usage: gnuplot -e "data='compared.csv'; picture='reality.png'" reality.gp
set datafile separator comma
set terminal pngcairo size 1000,560 font 'Sans,12'
set output picture
set multiplot layout 1,2 title "{/:Bold Downloads between two hosts: measured and replayed}"
set grid linecolor rgb '#dddddd'
set key tmargin center horizontal samplen 2
set logscale xy
set xlabel 'replayed duration (s)'
set ylabel 'measured duration (s)'
plot data using "replayed_s":"measured_s" with points pointtype 6 linecolor rgb '#38588c' title 'a download', \
     x with lines linecolor rgb '#999999' title 'equal'
unset logscale
set logscale x
set ylabel 'measured minus replayed (% of replayed)'
set yrange [-10:10]
plot data using "replayed_s":"difference_percent" with points pointtype 6 linecolor rgb '#38588c' title 'a download', \
     5 with lines dashtype 2 linecolor rgb '#999999' title '± 5 %', -5 with lines dashtype 2 linecolor rgb '#999999' notitle
unset multiplot
