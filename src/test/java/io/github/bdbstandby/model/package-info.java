/**
 * Random sequences of what happens to an environment and its standby, played on real ones and held
 * against a model that says after each step what must be there and what may have been answered.
 *
 * <p>What fails shrinks to a script; see {@code test-envs/scripts/README.md}.
 */
package io.github.bdbstandby.model;
