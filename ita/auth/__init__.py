"""Who may do what: persons and roles, the one decision, accounts and sessions, the audit log."""
