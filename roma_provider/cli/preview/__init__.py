"""`roma preview-summary`: what a pull request would do, as one comment in Markdown, from `pulumi preview --json`.

``document`` reads the JSON and takes secrets out (``hiding``); ``resources`` has each resource that changes;
``entries`` is what is said of it, ``changes`` its properties, ``losses`` what would be deleted, ``diagnostics`` what a
message means; ``markdown`` makes texts of others harmless; ``layout`` fits all into a number of bytes. Begin with
``summary``. Nothing here asks the API.
"""
