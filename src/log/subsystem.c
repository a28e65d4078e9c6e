// SPDX-License-Identifier: GPL-2.0-or-later
/* Which part of the kernel a function of it belongs to, by how the function's name begins. */
#include "log/subsystem.h"

#include <string.h>

#include "base/cleanup.h"

/* The longest beginning that fits decides, so the order of rows says nothing. */
static const struct {
	const char *name;
	const char *starts; /* apart by spaces */
} table[] = {
	{ "usbnet", "rx_submit rx_alloc_submit usbnet_" },
	{ "usb",
	  "usb proc_submiturb proc_do_submiturb proc_bulk do_proc_bulk xhci_ ehci_ "
	  "hcd_ alloc_ep_req" },
	{ "network",
	  "tcp_ __tcp_ udp_ ip_ ip6_ ipv6_ inet_ inet6_ netif_ __netif net_ neigh_ "
	  "sock_ sk_ unix_ netlink_ packet_ skb_ arp_ icmp dst_ rt_ fib_ xfrm_ dev_ "
	  "register_netdev alloc_netdev" },
	{ "netfilter", "nf_ __nf_ nft_ xt_ ipt_ do_ipt" },
	{ "bridge", "br_" },
	{ "mac80211", "ieee80211_" },
	{ "cfg80211", "cfg80211_" },
	{ "ext4", "ext4_ __ext4" },
	{ "ext3", "ext3_" },
	{ "xfs", "xfs_ kmem_alloc" },
	{ "btrfs", "btrfs_" },
	{ "f2fs", "f2fs_" },
	{ "nfs", "nfs_" },
	{ "nfsd", "nfsd_" },
	{ "cifs", "cifs_" },
	{ "fuse", "fuse_" },
	{ "ocfs2", "ocfs2_" },
	{ "jbd2", "jbd2_" },
	{ "procfs", "proc_" },
	{ "seq_file", "seq_" },
	{ "epoll", "ep_" },
	{ "vfs",
	  "alloc_fd expand_f getname alloc_inode __d_alloc d_alloc alloc_pipe pipe_ "
	  "alloc_buffer_head __get_filp alloc_empty_file getxattr setxattr "
	  "vfs_caches inode_init dcache_init kernel_read select_ core_sys_select do_sys_poll" },
	{ "block", "blk_ bio_ __blk elv_" },
	{ "scsi", "scsi_ sg_ sd_ st_" },
	{ "nvme", "nvme_" },
	{ "mmc", "mmc_" },
	{ "device-mapper", "dm_" },
	{ "md", "raid" },
	{ "loop", "loop_" },
	{ "sound", "snd_" },
	{ "drm", "drm_ ttm_" },
	{ "i915", "i915_" },
	{ "shmem", "shmem_" },
	{ "media", "vb2_ v4l2_" },
	{ "ion", "ion_" },
	{ "kgsl", "kgsl_" },
	{ "binder", "binder_" },
	{ "vc4", "vc4_" },
	{ "fork", "copy_process dup_task_struct alloc_thread copy_mm dup_mm mm_init" },
	{ "page tables", "pgd_alloc __pte_alloc pte_alloc __pmd_alloc __pud_alloc pgtable" },
	{ "transparent huge pages", "do_huge_pmd khugepaged collapse_ hpage_ alloc_charge_hpage" },
	{ "hugetlb",
	  "hugetlb alloc_fresh_huge alloc_pool_huge alloc_buddy_h "
	  "only_alloc_fresh_hugetlb" },
	{ "page fault",
	  "handle_mm_fault __handle_mm do_anonymous_page do_wp_page wp_page_copy "
	  "handle_pte_fault do_fault __do_fault do_cow_fault do_read_fault page_fault "
	  "do_page_fault __do_page_fault do_user_addr_fault" },
	{ "page cache",
	  "filemap_ __filemap page_cache_ __page_cache __do_page_cache grab_cache "
	  "pagecache_ generic_file find_or_create_page mpage_ do_page_cache ra_ "
	  "read_pages ondemand_read add_to_page do_generic_file __read_cache "
	  "do_read_cache" },
	{ "swap", "read_swap __read_swap swap do_swap folio_alloc_swap add_to_swap try_to_unuse" },
	{ "dma", "dma_atomic_pool __dma_atomic_pool atomic_pool" },
	{ "zsmalloc", "zs_" },
	{ "zswap", "zswap_ zbud_ z3fold" },
	{ "zram", "zram_" },
	{ "modules", "load_module module_alloc layout_and_allocate execmem" },
	{ "bpf", "bpf_ __bpf" },
	{ "perf", "perf_ rb_alloc reserve_ds x86_reserve_hardware" },
	{ "tracing", "ring_buffer trac" },
	{ "kvm", "kvm_" },
	{ "radix tree", "radix_tree" },
	{ "xarray", "xas_ __xa" },
	{ "idr", "idr_" },
	{ "maple tree", "mas_" },
	{ "anonymous memory", "anon_vma" },
	{ "selinux", "selinux avc_" },
	{ "audit", "audit_" },
	{ "crypto", "crypto_" },
	{ "relay", "relay_" },
	{ "firmware", "request_firmware fw_ _request_firmware" },
	{ "tty", "tty_ con_ vc_" },
	{ "framebuffer", "fb_" },
	{ "virtio", "virtio vring_ alloc_indirect" },
	{ "sysfs", "sysfs_ kernfs_ kobject_" },
	{ "security", "security_" },
	{ "sysv ipc", "sem msg_ load_msg shm" },
	{ "exec", "load_elf elf_" },
	{ "coredump", "do_coredump" },
	{ "memory cgroups", "memcg_alloc" },
	{ "cgroups", "cgroup_" },
	{ "e1000", "e1000" },
	{ "igb", "igb_" },
	{ "ixgbe", "ixgbe_" },
	{ "bcmgenet", "bcmgenet" },
	{ "mtk", "mtk_" },
	{ "fec", "fec_" },
	{ "stmmac", "stmmac" },
	{ "smsc", "smsc" },
	{ "r8169", "r8169" },
	{ "rtl", "rtl" },
	{ "ath", "ath" },
	{ "brcmfmac", "brcmf" },
	{ "iwlwifi", "iwl" },
	{ "mlx", "mlx" },
	{ "bnx2", "bnx2" },
	{ "tg3", "tg3" },
	{ "ena", "ena_" },
	{ "xen-netfront", "xennet" },
	{ "dwc", "dwc" },
	{ "macb", "macb" },
	{ "mvneta", "mvneta" },
	{ "cpsw", "cpsw" },
};

/* How long the longest of @starts is that @function begins with; 0 if none. */
static size_t longest_start(const char *function, const char *starts)
{
	size_t longest = 0;

	for (const char *s = starts; *s;) {
		size_t len = strcspn(s, " ");

		if (len > longest && strncmp(function, s, len) == 0)
			longest = len;
		s += len + (s[len] == ' ');
	}
	return longest;
}

const char *subsystem_of(const char *function)
{
	const char *name = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		size_t len = longest_start(function, table[i].starts);

		if (len > longest) {
			longest = len;
			name = table[i].name;
		}
	}
	return name;
}
