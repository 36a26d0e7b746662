"""Holds `sitecustomize.py` alone, because this folder is put on the child's import path."""
