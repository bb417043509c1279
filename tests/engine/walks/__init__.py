"""Walks of the pages, typed by a shell as they stand: what takes many commands of the engine.

`make walks` runs them, with those of other folders that carry the mark `walk`. `make test` leaves them out.
"""
