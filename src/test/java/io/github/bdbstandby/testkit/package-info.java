/** What the tests need besides the product: a real application, and eyes on bytes and output. */
package io.github.bdbstandby.testkit;
