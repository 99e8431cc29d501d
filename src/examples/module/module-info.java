/** An application as a module of its own, which keeps a standby of its environment. */
module orders.keeper {
  requires io.github.bdbstandby;
  requires db; // the official API: its jar has no descriptor, and is named after its file
}
