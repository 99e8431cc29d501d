/** What bin/release has built is used as it will be, by bin/test-release. */
package io.github.bdbstandby.release;
