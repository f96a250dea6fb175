"""The database: engines, transactions, the base of all tables, migrations."""
