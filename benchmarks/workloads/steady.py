"""What every workload prints: wall and processor seconds per step in the steady state."""

import os
import time

WARM_UP = float(os.environ.get("BENCHMARK_WARM_UP", "4"))
SECONDS = float(os.environ.get("BENCHMARK_SECONDS", "20"))


def measure(run, steps):
    """Call `run()`, which takes `steps` steps, for WARM_UP and then for SECONDS; print what a step took.

    The first call, which traces graphs and holds the dense start, counts as start-up.
    """
    run()
    begin = time.perf_counter()
    while time.perf_counter() - begin < WARM_UP:
        run()
    wall, processor, calls = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - wall < SECONDS:
        run()
        calls += 1
    wall_taken, processor_taken = time.perf_counter() - wall, time.process_time() - processor
    print("steady", wall_taken / (calls * steps), processor_taken / (calls * steps), wall_taken, wall - begin)
