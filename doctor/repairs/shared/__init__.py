"""What repairs of several families share."""
