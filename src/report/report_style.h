#ifndef RECUR_REPORT_STYLE_H
#define RECUR_REPORT_STYLE_H

extern const char *const report_style[]; /* lines of CSS, NULL at the end */

#endif
