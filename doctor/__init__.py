"""doctor: finds out why a TensorFlow training script does not learn."""

__version__ = "0.1.0"
