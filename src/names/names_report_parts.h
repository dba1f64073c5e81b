#ifndef RECUR_NAMES_REPORT_PARTS_H
#define RECUR_NAMES_REPORT_PARTS_H

#include "names_report.h"

/* The parts of a report on classifiers, each added to the page as HTML. */

/* Whether there are scores on development data, and confusions. */
bool names_report_scored(const names_report_run *run);

void names_report_add_loss(const names_report *page, text_buffer *out);
void names_report_add_training_loss(const names_report *page, text_buffer *out);
void names_report_add_accuracy(const names_report *page, text_buffer *out); /* needs dev scores */
void names_report_add_time(const names_report *page, text_buffer *out);
void names_report_add_calibration(const names_report *page,
                                  text_buffer *out); /* needs dev scores */
void names_report_add_confusion(const names_report *page,
                                text_buffer *out); /* needs confusion matrices */

#endif
