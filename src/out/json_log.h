/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decoded reports as JSON Lines, by the contract. */
#ifndef OUT_JSON_LOG_H
#define OUT_JSON_LOG_H

#include <stdio.h>

#include "model/log_diagnose.h"

/* One report, one line. */
void json_log(FILE *f, const struct log_report *r, const struct log_diagnosis *d);

#endif
