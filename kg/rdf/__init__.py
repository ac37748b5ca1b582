"""Tagged works as RDF, and back. In: tagged works, the authority, provenance. Out: N-Quads files, Turtle; tagged works.

`files` writes the folder ``quads/``, `turtle` the one file ``graph.ttl``, `read` gives the works again.
"""
