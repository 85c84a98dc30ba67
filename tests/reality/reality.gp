# Measured against replayed durations. usage: gnuplot -e "data='compared.csv'; picture='reality.png'" reality.gp
set terminal pngcairo enhanced size 1100,680 font 'sans,12' background '#ffffff'
set output picture
set encoding utf8
set datafile separator comma
set grid linecolor rgb '#dddddd' linewidth 1
set border 3 linecolor rgb '#555555'
set tics nomirror textcolor rgb '#333333'
set multiplot layout 1,2 margins 0.08,0.97,0.11,0.87 spacing 0.1,0.1 \
    title "{/:Bold=16 Do downloads take as long as the replay says?}\n{/=12 200 downloads between two hosts over 100 Mbit/s, by the cap of each}"
# Legends stand where no point can be: far from the diagonal, and above the bar.
set key top left vertical Left reverse noenhanced samplen 3 spacing 1.3
caps = '1000000 2000000 5000000 10000000 0'
names(i) = i < 5 ? sprintf('%g Mbit/s', real(word(caps, i)) / 1e6) : 'no cap'
array colour[5] = ['#440154', '#38588c', '#25858e', '#2ab07f', '#86d549']
array mark[5] = [7, 4, 9, 2, 12]
is(i) = column('cap_bit_per_s') == real(word(caps, i))
set logscale x
# The shortest take a tenth of a second, the longest a minute.
set xrange [0.05:200]
set xlabel 'replayed duration (s)' offset 0,0.5
set logscale y
set yrange [0.05:200]
set ylabel 'measured duration (s)'
plot x with lines linecolor rgb '#999999' dashtype 2 linewidth 1.5 title 'equal', \
     for [i=1:5] data using (is(i) ? column('replayed_s') : NaN):"measured_s" with points pointtype mark[i] \
     pointsize 0.9 linecolor rgb colour[i] title names(i)
unset logscale y
set yrange [-10:10]
set ylabel 'measured minus replayed (% of replayed)'
plot 5 with lines dashtype (10,6) linewidth 1.5 linecolor rgb '#b03030' \
     title 'the bar of the 95th percentile', \
     -5 with lines dashtype (10,6) linewidth 1.5 linecolor rgb '#b03030' notitle, \
     0 with lines dashtype 2 linewidth 1.5 linecolor rgb '#999999' notitle, \
     for [i=1:5] data using (is(i) ? column('replayed_s') : NaN):"difference_percent" with points pointtype mark[i] \
     pointsize 0.9 linecolor rgb colour[i] notitle
unset multiplot
