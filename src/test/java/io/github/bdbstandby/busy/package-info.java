/** What the tests under load share: an application that is kept busy, and small file systems. */
package io.github.bdbstandby.busy;
