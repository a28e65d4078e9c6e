// SPDX-License-Identifier: GPL-2.0
/* A platform device of our own, so that the DMA API has somebody to serve. */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/platform_device.h>

#include "memtool.h"

static struct platform_device *mt_pdev;
static DEFINE_MUTEX(mt_device_lock);

int mt_device_init(void)
{
	mt_pdev = platform_device_register_simple(MEMTOOL_MODULE, PLATFORM_DEVID_NONE, NULL, 0);
	return PTR_ERR_OR_ZERO(mt_pdev);
}

void mt_device_exit(void)
{
	platform_device_unregister(mt_pdev);
}

int mt_device_get(unsigned int mask_bits, struct device **dev)
{
	int err;

	mutex_lock(&mt_device_lock);
	*dev = &mt_pdev->dev;
	err = dma_coerce_mask_and_coherent(*dev, DMA_BIT_MASK(mask_bits));
	if (err)
		mutex_unlock(&mt_device_lock);
	return err;
}

void mt_device_put(void)
{
	mutex_unlock(&mt_device_lock);
}
