// SPDX-License-Identifier: GPL-2.0
/* memtool.ko: makes allocation states and real requests, for memtool(1). */
#include <linux/init.h>
#include <linux/module.h>

#include "memtool.h"

static int __init memtool_init(void)
{
	int err;

	err = mt_device_init();
	if (err)
		return err;
	err = mt_provoke_init();
	if (err)
		goto out_device;
	err = mt_debugfs_init();
	if (err)
		goto out_provoke;
	return 0;

out_provoke:
	mt_provoke_exit();
out_device:
	mt_device_exit();
	return err;
}

static void __exit memtool_exit(void)
{
	mt_debugfs_exit();	/* nobody can ask any more */
	mt_provoke_exit();	/* all states are released */
	mt_cache_exit();
	mt_device_exit();
}

module_init(memtool_init);
module_exit(memtool_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("the memtool contributors");
MODULE_DESCRIPTION("provokes memory states and makes real allocation requests for memtool(1)");
MODULE_VERSION("0.1");
