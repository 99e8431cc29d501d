/**
 * Whatever lies where a standby's or a source's files should be: every command ends, with a clear
 * refusal or a right result, in little memory, and changes nothing that is not the standby's.
 */
package io.github.bdbstandby.badinput;
