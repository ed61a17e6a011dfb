"""The drill: lose a server on purpose, and get back what is true today. `./run drill`, and in the suite."""
