#!/usr/bin/python3
"""Adds and changes entries of a directory, in threads, until it is killed; prints each that the server has confirmed.

entries.py URI
"""
import itertools
import os
import sys
import threading

import ldap
import ldap.modlist

BASE = "dc=example,dc=com"


def connected(uri):
    connection = ldap.initialize(uri)
    connection.sasl_non_interactive_bind_s("EXTERNAL")
    return connection


def work(uri, thread):
    connection = connected(uri)
    for number in itertools.count(1):
        name = f"t{thread}n{number}"
        dn = f"uid={name},{BASE}"
        attributes = {
            "objectClass": [b"inetOrgPerson"],
            "uid": [name.encode()],
            "cn": [f"Person {number} of {thread}".encode()],
            "sn": [f"Sur{number % 97}".encode()],
            "mail": [f"{name}@example.com".encode()],
            "description": [b"d" * (number % 900 + 1)],
        }
        connection.add_s(dn, ldap.modlist.addModlist(attributes))
        connection.modify_s(dn, [(ldap.MOD_REPLACE, "telephoneNumber", f"+{thread}{number}".encode())])
        os.write(1, f"{name} +{thread}{number}\n".encode())
        if number % 5 == 0:  # renamed, so that indexes change places
            connection.rename_s(f"uid=t{thread}n{number - 1},{BASE}", f"cn=Person {number - 1} of {thread}", delold=0)


for each in range(3):
    threading.Thread(target=work, args=(sys.argv[1], each + 1)).start()
