"""Reading the user's files: what their syntax trees say that a run cannot.

The rules ask here for lines: where a value was chosen, which step made the data, what
the loop is that trains. Nothing in it judges, and nothing in it runs the script.
"""
