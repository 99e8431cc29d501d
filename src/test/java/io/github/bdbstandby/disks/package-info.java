/** Each kind of file system, and of mount: which copy method it gets, and whether that is right. */
package io.github.bdbstandby.disks;
