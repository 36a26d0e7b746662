"""What every workload prints: wall and processor seconds per step in the steady state."""

import time


def measure(run, steps):
    """Call `run()`, which takes `steps` steps, and print what it took."""
    wall, processor = time.perf_counter(), time.process_time()
    run()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print("steady", wall / steps, processor / steps, wall)
