/**
 * Applications that keep a standby of their own environment, in their own process. Each is a test.
 */
package io.github.bdbstandby.examples;
