/** What is measured: one class for each scenario. */
package io.github.bdbstandby.bench.scenario;
