"""Documents on paper: each module has one ``build(data) -> bytes`` that returns a PDF."""
