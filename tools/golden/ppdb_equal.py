"""Whether a PPDB holds what an instance holds, asked of both databases by psycopg2 alone.

    ppdb_equal.py SOCKET_DIRECTORY [PPDB_NAME [GENERATION [SUFFIX]]]

The generation is a number, 1 where it is left out; the suffix is that of the PPDB's schemas, as _0002, empty where it is left out.

Rows of all tables are compared as PostgreSQL prints them, column by column of those that both sides have, whatever their order. Prints
"equal" and the number of rows by table, or says what differs and ends with 1.
"""

import collections
import sys

import psycopg2

TABLES = ["DiaObject", "DiaSource", "DiaForcedSource", "SSSource", "SSObject", "mpc_orbits"]


def connect(directory, database):
    connection = psycopg2.connect(host=directory, user="skyledger_owner", dbname=database)
    connection.cursor().execute("SET extra_float_digits = 1")
    return connection


def columns(connection, schema, table):
    cursor = connection.cursor()
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s", (schema, table)
    )
    return {name for (name,) in cursor.fetchall()}


def rows(connection, schema, table, names):
    quoted = ", ".join('"%s"::text' % name for name in names)
    with connection.cursor("rows") as cursor:
        cursor.execute('SELECT %s FROM "%s"."%s"' % (quoted, schema, table))
        return collections.Counter(cursor)


def main():
    directory = sys.argv[1]
    apdb = connect(directory, "skyledger")
    ppdb = connect(directory, sys.argv[2] if len(sys.argv) > 2 else "ppdb")
    source = "l1_%04d" % int(sys.argv[3] if len(sys.argv) > 3 else 1)
    suffix = sys.argv[4] if len(sys.argv) > 4 else ""
    pairs = [(table, source, "ppdb" + suffix) for table in TABLES] + [("UpdateRecord", source, "replica" + suffix)]
    faults = []
    for table, source, target in pairs:
        ours, theirs = columns(ppdb, target, table), columns(apdb, source, table)
        if not theirs and not ours:
            continue
        if not ours:
            faults.append(f"the PPDB has no table {table}")
            continue
        names = sorted(ours & theirs)
        wanted, found = rows(apdb, source, table, names), rows(ppdb, target, table, names)
        for row in list((wanted - found).elements())[:3]:
            faults.append(f"{table}: not in the PPDB: {dict(zip(names, row))}")
        for row in list((found - wanted).elements())[:3]:
            faults.append(f"{table}: not in the instance: {dict(zip(names, row))}")
        print(table, sum(wanted.values()))
    if faults:
        sys.exit("\n".join(faults))
    print("equal")


if __name__ == "__main__":
    main()
