"""The only room that writes tables: schema, transactions, migrations."""
