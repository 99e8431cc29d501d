/** The steps: one class for each numbered line of the guide's two procedures. */
package io.github.bdbstandby.procedure.steps;
