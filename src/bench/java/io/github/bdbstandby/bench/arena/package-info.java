/** Where measuring takes place: environments, the application, other programs, and the samples. */
package io.github.bdbstandby.bench.arena;
