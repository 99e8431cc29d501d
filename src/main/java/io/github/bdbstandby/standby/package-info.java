/**
 * The life of a standby directory: made by a snapshot, brought forward by syncs, asked for its
 * status, verified, and in the end turned into a primary. {@link
 * io.github.bdbstandby.standby.Standby} is the way in.
 *
 * <p>Priorities, in this order:
 *
 * <ol>
 *   <li>The source is never harmed.
 *   <li>Nothing is lost in silence: what can't be done safely is refused before anything is
 *       changed, with a {@link io.github.bdbstandby.standby.Reason}.
 *   <li>A crash at any instruction leaves a standby that recovers to where it was, or further.
 *   <li>Speed.
 * </ol>
 *
 * <p>Threads: a {@code Standby} may be used from any thread, one call at a time; a second call,
 * from this or another process, is refused as {@code locked}.
 *
 * <p>libdb's verify knows its own order of keys only. Databases with comparison or hash functions
 * of their application's are named once, to a snapshot, sync or follower ({@link
 * io.github.bdbstandby.standby.SnapshotOptions.Builder#ownOrder}): verification and drills then
 * leave the order of these out.
 *
 * <p>Layout of the directory: it is a plain Berkeley DB home. Ours is only {@code .bdb-standby/}:
 * {@code manifest.json} (written last, atomically: what it says is so), {@code lock} (an advisory
 * lock of the operating system, which a dead process does not hold), {@code journal.json} (there
 * only while a new snapshot takes the place of what was there), {@code incoming/} and {@code
 * image/} (bytes on their way).
 */
package io.github.bdbstandby.standby;
