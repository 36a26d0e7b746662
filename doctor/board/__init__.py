"""TensorBoard on the recordings of doctor."""
