"""Whether a PPDB holds what an instance holds, asked of both databases by psycopg2 alone.

    ppdb_equal.py SOCKET_DIRECTORY [PPDB_NAME]

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
    pairs = [(table, "l1_0001", "ppdb") for table in TABLES] + [("UpdateRecord", "l1_0001", "replica")]
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
