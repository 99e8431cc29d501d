/** What a release has beside the jar, made from the program's own model. Never in the jar. */
package io.github.bdbstandby.release;
