/**
 * The two procedures of the Berkeley DB reference guide's page "Hot failover", as lists of steps,
 * and the runner that takes them.
 *
 * <p>Each step can be planned and run alone, says what it did in files, bytes and seconds, and
 * leaves the directory it works on recoverable at every instruction:
 *
 * <ul>
 *   <li>log files leave the standby from the lowest number up, and only those that recovery no
 *       longer needs;
 *   <li>log files enter it from the lowest number up, each by one rename, so that what lies there
 *       is always an unbroken prefix of the source's history;
 *   <li>a log file leaves the source only when an identical copy is durable elsewhere.
 * </ul>
 *
 * <p>Which log files recovery needs is libdb's own rule: {@code DB_ENV->log_archive} with no flag
 * lists the files before the last checkpoint's stable LSN; all others are needed by a copy of the
 * databases begun after that call.
 *
 * <p>Nothing here keeps state between two runs, and nothing knows of a command line.
 */
package io.github.bdbstandby.procedure;
