"""Append-only by trigger: the statements that make a database refuse to change, remove, replace or skip a row.

SQLite needs more than a refusal of UPDATE and DELETE: with default settings INSERT OR REPLACE removes a row and fires no
delete trigger, both on the primary key and on the operation id, so the insert triggers look for both. PostgreSQL's fire
ALWAYS: a superuser's `session_replication_role = replica` would switch others off.
"""

from signatures.errors import LedgerError


def trigger_statements(dialect_name: str) -> tuple[str, ...]:
    """Return the statements that make the append-only triggers; the tables must exist.

    Raises:
        LedgerError: there are none for this database.
    """
    if dialect_name not in _TRIGGERS:
        raise LedgerError("the ledger knows sqlite and postgresql, got {dialect}", dialect=dialect_name)
    return _TRIGGERS[dialect_name]


def _sqlite_trigger(table: str, name: str, moment: str, condition: str = "") -> str:
    when = f"WHEN {condition} " if condition else ""
    return (
        f"CREATE TRIGGER {table}_{name} BEFORE {moment} ON {table} {when}"
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only, {name}'); END"
    )


# IS NOT, since <> with a null is never true; and the operation id too, since INSERT OR REPLACE on it would remove
# another row, in a stranger's shell without a trigger being fired.
_SQLITE_TRIGGERS = (
    _sqlite_trigger(
        "ledger_entry",
        "refuses_replace_and_gap",
        "INSERT",
        "new.seq IS NOT coalesce((SELECT max(seq) FROM ledger_entry), -1) + 1 "
        "OR EXISTS (SELECT 1 FROM ledger_entry WHERE op_id = new.op_id)",
    ),
    _sqlite_trigger(
        "ledger_node",
        "refuses_replace_and_gap",
        "INSERT",
        "new.idx IS NOT coalesce((SELECT max(idx) FROM ledger_node WHERE level = new.level), -1) + 1",
    ),
    _sqlite_trigger("checkpoint", "refuses_replace", "INSERT", "EXISTS (SELECT 1 FROM checkpoint WHERE size = new.size)"),
    _sqlite_trigger(
        "peer_checkpoint",
        "refuses_replace",
        "INSERT",
        "EXISTS (SELECT 1 FROM peer_checkpoint WHERE source = new.source AND size = new.size AND root = new.root)",
    ),
    _sqlite_trigger(
        "checkpoint",
        "refuses_update",
        "UPDATE",
        "new.size IS NOT old.size OR new.root IS NOT old.root OR new.note IS NOT old.note "
        "OR new.published_at IS NOT old.published_at",
    ),
    *(_sqlite_trigger(table, "refuses_update", "UPDATE") for table in ("ledger_entry", "ledger_node", "peer_checkpoint")),
    *(
        _sqlite_trigger(table, "refuses_delete", "DELETE")
        for table in ("ledger_entry", "ledger_node", "checkpoint", "peer_checkpoint")
    ),
)


def _postgresql_trigger(table: str, name: str, moment: str, each: str, function: str) -> tuple[str, str]:
    """A trigger that also fires when `session_replication_role` is `replica`: a superuser's setting switches others off."""
    return (
        f"CREATE TRIGGER {table}_{name} BEFORE {moment} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}",
    )


def _postgresql_function(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$ BEGIN {body} END $$"


_POSTGRESQL_REFUSE = (
    "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', "
    "MESSAGE = TG_TABLE_NAME || ' is append-only, ' || TG_OP || ' is refused';"
)


def _refuse_if(condition: str) -> str:
    return f"IF {condition} THEN {_POSTGRESQL_REFUSE} END IF; RETURN new;"


_POSTGRESQL_TRIGGERS = (
    _postgresql_function("ledger_refuse", _POSTGRESQL_REFUSE),
    _postgresql_function(
        "ledger_refuse_entry_gap",
        _refuse_if("new.seq IS DISTINCT FROM coalesce((SELECT max(seq) FROM ledger_entry), -1) + 1"),
    ),
    _postgresql_function(
        "ledger_refuse_node_gap",
        _refuse_if("new.idx IS DISTINCT FROM coalesce((SELECT max(idx) FROM ledger_node WHERE level = new.level), -1) + 1"),
    ),
    _postgresql_function(
        "ledger_refuse_checkpoint_change",
        _refuse_if(
            "(new.size, new.root, new.note, new.published_at) IS DISTINCT FROM (old.size, old.root, old.note, old.published_at)"
        ),
    ),
    *_postgresql_trigger("ledger_entry", "refuses_gap", "INSERT", "ROW", "ledger_refuse_entry_gap"),
    *_postgresql_trigger("ledger_node", "refuses_gap", "INSERT", "ROW", "ledger_refuse_node_gap"),
    *_postgresql_trigger("checkpoint", "refuses_update", "UPDATE", "ROW", "ledger_refuse_checkpoint_change"),
    *_postgresql_trigger("checkpoint", "refuses_delete", "DELETE", "ROW", "ledger_refuse"),
    *(
        statement
        for table in ("ledger_entry", "ledger_node", "peer_checkpoint")
        for statement in _postgresql_trigger(table, "refuses_change", "UPDATE OR DELETE", "ROW", "ledger_refuse")
    ),
    *(
        statement
        for table in ("ledger_entry", "ledger_node", "checkpoint", "peer_checkpoint")
        for statement in _postgresql_trigger(table, "refuses_truncate", "TRUNCATE", "STATEMENT", "ledger_refuse")
    ),
)

_TRIGGERS = {"sqlite": _SQLITE_TRIGGERS, "postgresql": _POSTGRESQL_TRIGGERS}
