"""The database: engine, base of the mapped classes, column types, migrations."""
