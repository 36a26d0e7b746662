"""The command line: one module a command. TensorFlow is never imported here."""
