"""The folder of real files that some tests read, where there is one."""

import os
from pathlib import Path

SAMPLES = Path(os.environ.get("LMS_SAMPLES") or Path(__file__).parents[2] / "shared" / "samples")
