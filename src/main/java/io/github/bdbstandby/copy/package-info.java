/**
 * Reading the files of a live environment without tearing a page, and writing files that survive a
 * power cut.
 *
 * <p>Priorities, in this order: no torn page ever, no file missed, the source's page cache and
 * regions left alone, speed. Nothing here knows what a standby is.
 *
 * <p>Why a plain read is not enough: libdb writes a database page with one {@code pwrite}; on ext4,
 * btrfs and tmpfs a buffered read running at the same time can see half of it, and recovery does
 * not repair a torn page, because log records hold changes and not pages.
 *
 * <pre>
 *   application   pwrite(page 7) ---[first 4 KiB]------------[rest]---
 *   plain copy                         read(page 7): half old, half new
 *   direct, reflink                 waits, or sees one side only
 * </pre>
 */
package io.github.bdbstandby.copy;
