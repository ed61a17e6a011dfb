from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Hash passwords with argon2id at 64 MiB: 0.2 s a login, and memory enough to make guessing dear."""

    time_cost = 3
    memory_cost = 64 * 1024
    parallelism = 1
