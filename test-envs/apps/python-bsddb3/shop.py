#!/usr/bin/python3
"""A shop in transactions of Python's bsddb3: orders in a tree with a secondary index, stock in a hash, a queue of work.

shop.py create|load|check HOME [NAME]
"""
import os
import random
import sys

from bsddb3 import db

ITEMS, STOCK = 500, 1_000_000


def environment(home):
    env = db.DBEnv()
    env.set_cachesize(0, 4 * 1024 * 1024)
    env.set_lk_detect(db.DB_LOCK_RANDOM)
    # The databases are in a directory of their own and the log in another; DB_CONFIG says so.
    # Without DB_CREATE a promoted standby would not open: its regions have yet to be made.
    env.open(home, db.DB_CREATE | db.DB_INIT_TXN | db.DB_INIT_LOG | db.DB_INIT_LOCK | db.DB_INIT_MPOOL | db.DB_THREAD)
    return env


class Shop:
    def __init__(self, home, create=False):
        self.env = environment(home)
        self.orders = self.opened("orders.db", db.DB_BTREE, create)
        self.by_item = self.opened("orders-by-item.db", db.DB_BTREE, create, duplicates=True)
        self.orders.associate(self.by_item, lambda key, value: value.split(b"|")[1])
        self.stock = self.opened("stock.db", db.DB_HASH, create)
        self.work = self.opened("work.db", db.DB_QUEUE, create, length=64)

    def opened(self, name, kind, create, duplicates=False, length=0):
        database = db.DB(self.env)
        if duplicates:
            database.set_flags(db.DB_DUPSORT)
        if length:
            database.set_re_len(length)
        database.open(name, dbtype=kind, flags=db.DB_AUTO_COMMIT | db.DB_THREAD | (db.DB_CREATE if create else 0))
        return database

    def fill(self):
        txn = self.env.txn_begin()
        for item in range(ITEMS):
            self.stock.put(b"%06d" % item, b"%d" % STOCK, txn=txn)
        txn.commit()

    def sell(self, text, item):
        """One sale: an order with its index, the stock, and work for the packer, who takes what is oldest."""
        txn = self.env.txn_begin()
        try:
            left = int(self.stock.get(item, txn=txn, flags=db.DB_RMW)) - 1
            self.stock.put(item, b"%d" % left, txn=txn)
            self.orders.put(text, text + b"|" + item + b"|" + b"z" * random.randrange(500), txn=txn)
            self.work.append(text[:64].ljust(64), txn=txn)
            if random.random() < 0.9:
                self.work.consume(txn=txn)
            if random.random() < 0.05:
                raise KeyError("a change of mind")
        except (db.DBLockDeadlockError, KeyError):
            txn.abort()
            return False
        txn.commit()
        return True

    def check(self):
        sold = {}
        cursor = self.orders.cursor()
        count = 0
        record = cursor.first()
        while record:
            text, item, _ = record[1].split(b"|")
            assert text == record[0], record
            sold[item] = sold.get(item, 0) + 1
            print(text.decode())
            count += 1
            record = cursor.next()
        cursor.close()
        for item in range(ITEMS):
            key = b"%06d" % item
            left = int(self.stock.get(key))
            assert STOCK - left == sold.get(key, 0), (key, left, sold.get(key))
        cursor = self.by_item.cursor()
        indexed = 0
        record = cursor.first()
        while record:
            indexed += 1
            record = cursor.next()
        cursor.close()
        assert indexed == count, (indexed, count)


def main(mode, home, name=""):
    shop = Shop(home, mode == "create")
    if mode == "create":
        shop.fill()
    elif mode == "check":
        shop.check()
    else:
        number = 0
        while True:
            number += 1
            text = b"%s sale %08d" % (name.encode(), number)
            if shop.sell(text, b"%06d" % random.randrange(ITEMS)):
                os.write(1, text + b"\n")  # at once, in one piece: two processes write to one file
            if number % 500 == 0:
                shop.env.txn_checkpoint(0, 0, 0)


main(*sys.argv[1:])
