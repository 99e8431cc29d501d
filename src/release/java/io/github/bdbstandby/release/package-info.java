/**
 * What a release has beside the jar, made from the program's own model and never in the jar; and
 * the tests that use what bin/release has built.
 */
package io.github.bdbstandby.release;
