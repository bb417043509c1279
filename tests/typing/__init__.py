"""Programs for mypy and pyright alone: nothing here runs. `make check` has both read them.

`accepted.py` is right, and each of its `assert_type` says what an editor shows. In `refused.py` each line is
wrong, and says so to each of the two in its own comment, which is an error itself where nothing is wrong.
"""
