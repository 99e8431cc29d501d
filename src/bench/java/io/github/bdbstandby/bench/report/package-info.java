/** What a run of the harness has measured: kept, shown, and compared with other runs. */
package io.github.bdbstandby.bench.report;
