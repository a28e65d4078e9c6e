/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What cppcheck cannot see: it does not read system headers. */
#define cJSON_ArrayForEach(e, a) for (e = (a)->child; e; e = e->next)
