/**
 * Faults, made at every file operation of our command line and at random moments, and what must
 * hold after each: the source goes on, the standby recovers to no earlier than it was, and the next
 * cycle brings it up to date.
 *
 * <p>The faults are made from outside, by a library that comes between the Java machine and libc;
 * see {@code test-envs/README.md}.
 */
package io.github.bdbstandby.faults;
