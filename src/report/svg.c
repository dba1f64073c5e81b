#include "svg.h"

#include <math.h>

#include "checks.h"

double svg_at(const svg_scale *scale, double value) {
  double share = (value - scale->low) / (scale->high - scale->low);
  return scale->start + share * (scale->end - scale->start);
}

/* Ticks */

/* The smallest of 1, 2, 5 times a power of ten that cuts `span` into fewer than `most` pieces. */
static double round_step(double span, int most) {
  double raw = span / (most - 1), power = pow(10, floor(log10(raw)));
  double times = raw / power;
  const double slack = 1 + 1e-9;
  return power * (times <= slack ? 1 : times <= 2 * slack ? 2 : times <= 5 * slack ? 5 : 10);
}

static svg_ticks ticks_with_step(double low, double high, double step) {
  svg_ticks ticks = {.decimals = 0};
  for (double unit = step; unit < 0.999 && ticks.decimals < 9; unit *= 10) ticks.decimals++;
  const double slack = 1e-6;
  double first = ceil(low / step - slack), last = floor(high / step + slack);
  for (double i = first; i <= last && ticks.count < SVG_TICKS_MAX; i++) {
    ticks.at[ticks.count++] = i * step + 0.0; /* no minus zero */
  }
  return ticks;
}

svg_ticks svg_ticks_of(double low, double high, int most) {
  return ticks_with_step(low, high, round_step(high - low, most));
}

svg_ticks svg_ticks_whole(double low, double high, int most) {
  double step = round_step(high - low, most);
  return ticks_with_step(low, high, step < 1 ? 1 : step);
}

svg_ticks svg_round_range(double *low, double *high, int most) {
  if (!(*high > *low)) {
    double pad = *low == 0 ? 1 : 0.05 * fabs(*low);
    *low -= pad;
    *high += pad;
  }
  double step = round_step(*high - *low, most);
  *low = floor(*low / step + 1e-6) * step + 0.0;
  *high = ceil(*high / step - 1e-6) * step + 0.0;
  return ticks_with_step(*low, *high, step);
}

/* Marks */

svg_plot svg_begin(text_buffer *out, int width, int height, const char *title, svg_scale x,
                   svg_scale y) {
  x.start = SVG_LEFT;
  x.end = width - SVG_RIGHT;
  y.start = height - SVG_BOTTOM;
  y.end = SVG_TOP;
  text_addf(out, "<svg viewBox=\"0 0 %d %d\" style=\"max-width:%dpx\" role=\"img\" aria-label=\"",
            width, height, width * 5 / 4);
  text_add_escaped(out, title);
  text_add(out, "\">\n");
  return (svg_plot){.out = out, .width = width, .height = height, .x = x, .y = y};
}

void svg_end(svg_plot *plot) {
  text_add(plot->out, "</svg>\n");
}

static void straight(svg_plot *plot, const char *style, double x1, double y1, double x2,
                     double y2) {
  text_addf(plot->out, "<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n", style, x1, y1, x2, y2);
}

void svg_text(svg_plot *plot, const char *style, double x, double y, const char *anchor,
              const char *text) {
  text_addf(plot->out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", style, x, y,
            anchor);
  text_add_escaped(plot->out, text);
  text_add(plot->out, "</text>\n");
}

void svg_axis_x(svg_plot *plot, const svg_ticks *ticks, const char *name) {
  double bottom = plot->y.start;
  straight(plot, "axis", plot->x.start, bottom, plot->x.end, bottom);
  for (int i = 0; i < ticks->count; i++) {
    double x = svg_at(&plot->x, ticks->at[i]);
    straight(plot, "axis", x, bottom, x, bottom + 4);
    text_addf(plot->out,
              "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%.*f</text>\n", x,
              bottom + 17, ticks->decimals, ticks->at[i]);
  }
  svg_text(plot, "name", (plot->x.start + plot->x.end) / 2, bottom + 36, "middle", name);
}

void svg_axis_y(svg_plot *plot, const svg_ticks *ticks, double factor, const char *unit,
                const char *name) {
  double left = plot->x.start;
  int decimals = ticks->decimals;
  for (double f = factor; f > 1.5 && decimals > 0; f /= 10) decimals--;
  for (int i = 0; i < ticks->count; i++) {
    double y = svg_at(&plot->y, ticks->at[i]);
    straight(plot, "grid", left, y, plot->x.end, y);
    text_addf(plot->out,
              "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%.*f%s</text>\n",
              left - 8, y + 4, decimals, factor * ticks->at[i], unit);
  }
  double middle = (plot->y.start + plot->y.end) / 2;
  text_addf(plot->out,
            "<text class=\"name\" transform=\"translate(11 %.1f) rotate(-90)\" "
            "text-anchor=\"middle\">",
            middle);
  text_add_escaped(plot->out, name);
  text_add(plot->out, "</text>\n");
}

void svg_line(svg_plot *plot, const char *style, int count, const double *x, const double *y) {
  bool pen_down = false, any = false;
  for (int i = 0; i < count; i++) {
    if (!isfinite(y[i])) {
      pen_down = false;
      continue;
    }
    if (!any) text_addf(plot->out, "<path class=\"line %s\" d=\"", style);
    text_addf(plot->out, "%s%.1f %.1f", pen_down ? "L" : "M", svg_at(&plot->x, x[i]),
              svg_at(&plot->y, y[i]));
    pen_down = any = true;
  }
  if (any) text_add(plot->out, "\"/>\n");
}

static void add_tooltip(text_buffer *out, const char *tooltip) {
  if (tooltip == NULL) return;
  text_add(out, "<title>");
  text_add_escaped(out, tooltip);
  text_add(out, "</title>");
}

void svg_point(svg_plot *plot, const char *style, double x, double y, double radius,
               const char *tooltip) {
  if (!isfinite(y)) return;
  text_addf(plot->out, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\">", style,
            svg_at(&plot->x, x), svg_at(&plot->y, y), radius);
  add_tooltip(plot->out, tooltip);
  text_add(plot->out, "</circle>\n");
}

void svg_rect(svg_plot *plot, const char *style, double x, double y, double width, double height,
              const char *tooltip) {
  text_addf(plot->out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">",
            style, x, y, width, height);
  add_tooltip(plot->out, tooltip);
  text_add(plot->out, "</rect>\n");
}

void svg_spread_labels(double *y, int count, double gap, double top, double bottom) {
  int order[SVG_LABELS_MAX] = {0}; /* from the top down */
  RC_ASSERT(count <= SVG_LABELS_MAX);
  for (int i = 0; i < count; i++) {
    int at = i;
    for (; at > 0 && y[order[at - 1]] > y[i]; at--) order[at] = order[at - 1];
    order[at] = i;
  }
  double least = top;
  for (int i = 0; i < count; i++) {
    if (y[order[i]] < least) y[order[i]] = least;
    least = y[order[i]] + gap;
  }
  double most = bottom;
  for (int i = count - 1; i >= 0; i--) {
    if (y[order[i]] > most) y[order[i]] = most;
    most = y[order[i]] - gap;
  }
}
