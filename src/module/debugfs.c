// SPDX-License-Identifier: GPL-2.0
/*
 * The debugfs directory. Each open file is a session: what one user writes is
 * answered to nobody else. An open file pins the module (fops.owner), so removal
 * never meets a running request.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <generated/utsrelease.h>

#include "memtool.h"

static struct dentry *mt_dir;

static int mt_open(struct inode *inode, struct file *filp)
{
	const struct mt_file *f = inode->i_private;
	struct mt_session *s;
	int err;

	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	mutex_init(&s->lock);
	s->file = f;
	s->out.cap = f->out_max;
	s->out.buf = kvmalloc(f->out_max, GFP_KERNEL);
	s->in = kvmalloc(f->in_max + 1, GFP_KERNEL);
	err = s->out.buf && s->in ? 0 : -ENOMEM;
	if (!err && f->open)
		err = f->open(s);
	if (err) {
		kvfree(s->in);
		kvfree(s->out.buf);
		kfree(s);
		return err;
	}
	filp->private_data = s;
	return stream_open(inode, filp);
}

static int mt_release(struct inode *inode, struct file *filp)
{
	struct mt_session *s = filp->private_data;

	if (s->file->release)
		s->file->release(s);
	kvfree(s->in);
	kvfree(s->out.buf);
	kfree(s);
	return 0;
}

static ssize_t mt_read(struct file *filp, char __user *buf, size_t count, loff_t *ppos)
{
	struct mt_session *s = filp->private_data;
	ssize_t ret;

	if (mutex_lock_killable(&s->lock))
		return -EINTR;
	if (!s->shown && s->file->show) {
		s->shown = true;
		ret = s->file->show(s);
		if (ret)
			goto out;
	}
	count = min(count, s->out.len - s->taken);
	ret = -EFAULT;
	if (copy_to_user(buf, s->out.buf + s->taken, count))
		goto out;
	s->taken += count;
	ret = count;
out:
	mutex_unlock(&s->lock);
	return ret;
}

/* A request is one write; text ends where its bytes end. */
static int mt_take_request(struct mt_session *s, const char __user *buf, size_t count)
{
	if (count > s->file->in_max)
		return mt_fail(&s->out, -EINVAL, "longer than %zu bytes", s->file->in_max);
	if (copy_from_user(s->in, buf, count))
		return -EFAULT;
	if (memchr(s->in, '\0', count))
		return mt_fail(&s->out, -EINVAL, "a NUL byte");
	if (count && s->in[count - 1] == '\n')
		count--;
	s->in[count] = '\0';
	return s->file->write(s, s->in);
}

static ssize_t mt_write(struct file *filp, const char __user *buf, size_t count, loff_t *ppos)
{
	struct mt_session *s = filp->private_data;
	int err;

	if (!s->file->write)
		return -EBADF;
	if (mutex_lock_killable(&s->lock))
		return -EINTR;
	s->out.len = 0;
	s->taken = 0;
	s->shown = true;
	err = mt_take_request(s, buf, count);
	mutex_unlock(&s->lock);
	return err ? err : count;
}

static const struct file_operations mt_fops = {
	.owner = THIS_MODULE,
	.open = mt_open,
	.release = mt_release,
	.read = mt_read,
	.write = mt_write,
};

static int mt_version_show(struct mt_session *s)
{
	mt_printf(&s->out, "interface=%d module=%s kernel=%s", MEMTOOL_INTERFACE,
		  THIS_MODULE->version ? THIS_MODULE->version : "none", UTS_RELEASE);
	mt_printf(&s->out, " max_order=%d pageblock_order=%u page_size=%lu\n", MT_MAX_ORDER,
		  (unsigned int)pageblock_order, PAGE_SIZE);
	return 0;
}

const struct mt_file mt_file_version = {
	.name = MEMTOOL_FILE_VERSION,
	.mode = 0400,
	.out_max = MEMTOOL_ANSWER_MAX + 1,
	.show = mt_version_show,
};

int mt_debugfs_init(void)
{
	static const struct mt_file *const files[] = {
		&mt_file_version, &mt_file_try, &mt_file_batch,
		&mt_file_provoke, &mt_file_states, &mt_file_demo,
	};
	unsigned int i;

	mt_dir = debugfs_create_dir(MEMTOOL_DIR, NULL);
	if (IS_ERR(mt_dir))
		return PTR_ERR(mt_dir);
	d_inode(mt_dir)->i_mode &= ~(umode_t)077;
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		struct dentry *d = debugfs_create_file(files[i]->name, files[i]->mode, mt_dir,
						       (void *)files[i], &mt_fops);

		if (IS_ERR(d)) {
			mt_debugfs_exit();
			return PTR_ERR(d);
		}
	}
	return 0;
}

void mt_debugfs_exit(void)
{
	debugfs_remove(mt_dir);
}
