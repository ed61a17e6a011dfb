"""What the administrator of the server runs: backup, restore, the list of endings.

No Django: it must work when that does not.

`python -m config.ops` (or `./run ops` for the cluster of this checkout); docs/OPERATIONS.md says when.
"""
