"""`python -m workers` is `banjie worker`."""

import sys

from workers.main import worker_main

sys.exit(worker_main())
