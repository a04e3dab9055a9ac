"""Ends at once, and leaves a process behind that writes the predictions later."""

import os
import time

from table import ids, write

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(2)
        write((one, 0.5) for one in ids())
        time.sleep(3600)
    os._exit(0)
os._exit(0)
