"""What keeps the data whole: every rule of the stored data tested, copies made and put back.

findings: what can be wrong, as values; form, rows, history, replay, uploads, totals: the rules by
subject; checking: all of them on one moment of a store; copies: backup and restore by a person.
"""
