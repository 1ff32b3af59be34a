"""The process of ``app.briefs.pdf.press``: its socket and the faces as arguments.

It is run by its path and gives itself a bare package ``app``: printing needs nothing of the web
application, whose imports would cost half as much time as the print.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

APP = Path(__file__).resolve().parents[2]

bare = ModuleType("app")
bare.__path__ = [str(APP)]
sys.modules["app"] = bare
sys.path[0] = str(APP.parent)
import_module("app.briefs.pdf.serving").serve(int(sys.argv[1]), sys.argv[2])
