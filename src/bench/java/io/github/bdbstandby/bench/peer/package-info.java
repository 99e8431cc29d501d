/** Who is measured: ours, what people use today, and what the device allows. */
package io.github.bdbstandby.bench.peer;
