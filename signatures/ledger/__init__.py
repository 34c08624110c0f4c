"""The ledger: what happened, in an order that cannot be changed unseen.

`entry`, `merkle`, `checkpoint`, `receipt` and `export` read and check without a database; `store`, `log` and `audit` keep it.
Importing the package loads nothing.
"""
