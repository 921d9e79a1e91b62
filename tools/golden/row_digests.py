"""Rows of Level-1 tables by their keys, as PostgreSQL prints them: for scripts that hold two databases against each other."""

# The columns that name a row.
KEYS = {
    "DiaSource": ["diaSourceId"],
    "DiaForcedSource": ["diaObjectId", "visit", "detector"],
    "DiaObject": ["diaObjectId", "validityStartMjdTai"],
    "SSSource": ["diaSourceId"],
}


def columns(connection, schema, table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s", (schema, table))
        return {name for (name,) in cursor.fetchall()}


def common_columns(first, second, table):
    """The columns of a table that both sides, (connection, schema) each, have."""
    return sorted(columns(*first, table) & columns(*second, table))


def row_digests(connection, schema, table, names):
    """By key an MD5 of the row's text.

    Raises ValueError where a key stands twice.
    """
    key = " || ' ' || ".join(f'"{name}"::text' for name in KEYS[table])
    values = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute("SET extra_float_digits = 1")
        cursor.execute(f'SELECT {key}, md5(ROW({values})::text) FROM "{schema}"."{table}"')
        rows = cursor.fetchall()
    digests = dict(rows)
    if len(digests) != len(rows):
        raise ValueError(f"{schema}.{table} holds a row twice")
    return digests


def differences(table, wanted, found):
    """Sentences on what of `wanted` is not in `found`, and the other way."""
    lost, more = set(wanted) - set(found), set(found) - set(wanted)
    other = [key for key in wanted if key in found and wanted[key] != found[key]]
    return [f"{len(keys)} rows of {table} {what}, such as {sorted(keys)[:3]}"
            for what, keys in [("are lost", lost), ("never were", more), ("differ", other)] if keys]
