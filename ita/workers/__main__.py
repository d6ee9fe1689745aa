"""`python -m ita.workers`: the worker process, which the pool starts; of no use by itself."""

from ita.workers.process import main

main()
