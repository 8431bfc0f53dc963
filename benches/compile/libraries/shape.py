"""What the generated crates hold, whichever library they are written for.

- plain: 50 models of 10 columns, 150 queries: by key, by conditions, an insert for each model.
- chain: 200 models, each with a foreign key to the one before, a query through it for each.
- dense: 200 models of 10 foreign keys each, to their ten neighbours, a query through one for each.
- web: 200 models of 5 relations each, of every kind: two foreign keys, the other ends of two, a many-to-many one; a query
  through one for each. Only for libraries that know such relations, and for hand-written code.
"""

PLAIN = 50
CHAIN = 200
DENSE = 200
RELATIONS = 10
WEB = 200

# The columns of a plain model behind its key `id: i64`.
COLUMNS = [
    ("name", "String"),
    ("email", "String"),
    ("age", "i32"),
    ("views", "i64"),
    ("score", "f64"),
    ("active", "bool"),
    ("note", "Option<String>"),
    ("rank", "Option<i32>"),
    ("seen", "Option<bool>"),
]


def neighbours(n):
    """The models that the n-th one of the dense graph refers to."""
    return [(n + step) % DENSE for step in range(1, RELATIONS + 1)]


def each(count, text):
    """The text of `text(n)` for each number."""
    return "\n".join(text(n) for n in range(count))
