"""On PYTHONPATH, this makes `platform.system()` answer Windows to Langflow's own modules, so that they take their branch for Windows.

Libraries get the true answer. With the other one they would load DLLs.
"""

import platform
import sys

true_system = platform.system


def system():
    caller = sys._getframe(1).f_globals.get("__name__", "")
    # `langflow run` as a program has the name `__main__`, if it is started by `python -m`.
    return "Windows" if caller.split(".")[0] in ("langflow", "lfx", "__main__") else true_system()


platform.system = system
