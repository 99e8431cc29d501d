/** Environments and applications of every kind, each taken through the life of a standby. */
package io.github.bdbstandby.catalogue;
