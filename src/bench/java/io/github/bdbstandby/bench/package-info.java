/** Measures, in one run and on one machine, what users feel; every result is checked first. */
package io.github.bdbstandby.bench;
