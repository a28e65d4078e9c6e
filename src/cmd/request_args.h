/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMD_REQUEST_ARGS_H
#define CMD_REQUEST_ARGS_H

#include "cmd/cmd.h"
#include "model/request.h"

/*
 * The requests that the operands of @line ask for, each with the node, local_node,
 * dma_mask and gfp_text (NULL: the API's own) of @given; @requests has room for one
 * an operand. All of them are understood before any is answered. 0, or the exit
 * status of a usage error that has been printed. They borrow the operands' text.
 */
int cmd_request_args(struct cmd_line *line, const struct gfp_names *names, const struct request *given,
		     struct request *requests, size_t *n);

#endif
