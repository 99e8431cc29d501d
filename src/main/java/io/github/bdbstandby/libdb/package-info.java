/**
 * The Java face of the shim on Berkeley DB 5.3, and no policy.
 *
 * <p>What it promises, the first before the second:
 *
 * <ol>
 *   <li>It does not harm the environment. A joined environment is never created, recovered or
 *       registered with. A callback's exception lets libdb finish, so that its guards come down. A
 *       record of the log that cannot be read does not panic it.
 *   <li>It does not lie. An error is an exception with libdb's own words; nothing is written to
 *       standard output or error.
 *   <li>It does not crash. A closed handle throws {@link
 *       io.github.bdbstandby.libdb.ClosedEnvironmentException}.
 *   <li>It is quick: one native call per libdb call, and batches where there is much to carry.
 * </ol>
 *
 * <p>A handle may be borrowed from the application ({@link
 * io.github.bdbstandby.libdb.DbEnvironment#attach(Object)}). Then the first promise also says: it
 * is called through its own functions, nothing is set on it that outlasts a call but the hold on
 * bulk loading, its handlers and its allocator are its owner's, and it is never closed by us.
 *
 * <p>Threads: every type here is immutable or safe for many threads, but for builders. A call into
 * libdb cannot be interrupted, and hangs if a process died holding a mutex of the environment.
 *
 * <p>Units: bytes, and {@link io.github.bdbstandby.libdb.Lsn}s.
 *
 * <p>Names are spelled as {@link io.github.bdbstandby.libdb.FileNames} says: whatever bytes a
 * file's name has, they survive.
 */
package io.github.bdbstandby.libdb;
