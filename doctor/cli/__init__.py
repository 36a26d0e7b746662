"""The command line: one module a command. Only the studies of `doctor reference` import TensorFlow, once they run."""
