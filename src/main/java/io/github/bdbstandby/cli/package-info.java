/**
 * The command line: parses, calls the floors below, reports. One class for each command; no policy.
 *
 * <p>Names, options, exit codes and JSON keys are a contract that other people's scripts rely on:
 * they may be added to, not changed. Results go to standard output, everything else to standard
 * error.
 */
package io.github.bdbstandby.cli;
