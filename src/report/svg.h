#ifndef RECUR_SVG_H
#define RECUR_SVG_H

#include "text_buffer.h"

/* Plots as inline SVG: a frame with round ticks, and marks placed by data coordinates. Colours,
 * fonts and line widths are CSS classes of the page around it. */

typedef struct svg_scale {
  double low, high;  /* data */
  double start, end; /* pixels: where low and high lie */
} svg_scale;

double svg_at(const svg_scale *scale, double value);

/* Round ticks: 1, 2 or 5 times a power of ten apart, at most `most` (2 to SVG_TICKS_MAX - 1) of
 * them, all in [low, high]; high > low. */
enum { SVG_TICKS_MAX = 24 };
typedef struct svg_ticks {
  int count;
  double at[SVG_TICKS_MAX];
  int decimals; /* digits after the point that tell them apart */
} svg_ticks;
svg_ticks svg_ticks_of(double low, double high, int most);
/* Only whole numbers: epochs. */
svg_ticks svg_ticks_whole(double low, double high, int most);

/* Widens [low, high] until both ends are round ticks and returns these, at most most + 1; equal
 * ends are moved apart first. */
svg_ticks svg_round_range(double *low, double *high, int most);

typedef struct svg_plot {
  text_buffer *out;
  int width, height; /* of the viewBox, pixels */
  svg_scale x, y;    /* y.start is the lower edge */
} svg_plot;

enum { SVG_LEFT = 60, SVG_RIGHT = 76, SVG_TOP = 16, SVG_BOTTOM = 44 };

/* Opens <svg>, at most a quarter larger than its viewBox, with a title for screen readers and
 * scales over its inner rectangle (the margins above). */
svg_plot svg_begin(text_buffer *out, int width, int height, const char *title, svg_scale x,
                   svg_scale y);
void svg_end(svg_plot *plot);

/* Axes with grid lines, tick labels (times `factor`, then `unit`) and a name. */
void svg_axis_x(svg_plot *plot, const svg_ticks *ticks, const char *name);
void svg_axis_y(svg_plot *plot, const svg_ticks *ticks, double factor, const char *unit,
                const char *name);

/* A line through the points with finite y, broken at others. style: CSS classes. */
void svg_line(svg_plot *plot, const char *style, int count, const double *x, const double *y);

/* A point with a tooltip. */
void svg_point(svg_plot *plot, const char *style, double x, double y, double radius,
               const char *tooltip);

/* Text at pixels; anchor "start", "middle" or "end". */
void svg_text(svg_plot *plot, const char *style, double x, double y, const char *anchor,
              const char *text);

void svg_rect(svg_plot *plot, const char *style, double x, double y, double width, double height,
              const char *tooltip);

/* Moves labels that stand less than `gap` apart in y until they do not, keeping their order, within
 * [top, bottom]. y: [count], count at most SVG_LABELS_MAX. */
enum { SVG_LABELS_MAX = 16 };
void svg_spread_labels(double *y, int count, double gap, double top, double bottom);

#endif
