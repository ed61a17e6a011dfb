"""What makes the access log provable to an outsider: checkpoints over its rows, signed, chained and sent outside."""
