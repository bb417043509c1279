"""Has the plugin's process, in which the hooks run, wait for a debugger on port 5678. See CONTRIBUTING.md.

Python imports a module of this name at its start, where the folder is on PYTHONPATH; every other process of a run (the
program, the emulator) is left alone.
"""

import sys

if sys.orig_argv[2:4] == ["-m", "pulumi.dynamic"]:
    import debugpy

    debugpy.listen(("127.0.0.1", 5678))
    print("debugger: attach to 127.0.0.1:5678", file=sys.stderr, flush=True)
    debugpy.wait_for_client()
