"""The child process of ``app.briefs.pdf``: a job on standard input, the result on standard output."""

from __future__ import annotations

import sys

from app.briefs.pdf.child import main

sys.exit(main())
