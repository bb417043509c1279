"""The fenced blocks of the pages: what each is, and who runs it.

`blocks` reads them, `marks` says what may be written in the comment before one, `commands` knows the commands of ours.
`test_marks.py` holds every block against its mark. The fixtures `blocks` (tests/conftest.py) and `reader`
(tests/engine/conftest.py) give a test the blocks that name it, and fail it where it leaves one out.
"""
