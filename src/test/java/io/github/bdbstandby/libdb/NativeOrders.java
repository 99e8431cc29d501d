package io.github.bdbstandby.libdb;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** An application in C, of {@code src/examples/c}. */
interface NativeOrders extends Library {

  NativeOrders LIBRARY =
      Native.load(System.getProperty("bdbstandby.examples.library"), NativeOrders.class);

  Pointer orders_open(String home, int moreFlags);

  Pointer orders_book(Pointer env);

  int orders_place(Pointer env, Pointer book, int number, long cents);

  long orders_total(Pointer book);

  int orders_close(Pointer env, Pointer book);

  static int privately() {
    return Shim.constant("DB_PRIVATE") | Shim.constant("DB_THREAD");
  }
}
