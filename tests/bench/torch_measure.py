"""What the PyTorch peers of `./run bench` share: JSON Lines on standard output."""

import json
import statistics
import sys
import time

try:
    import torch
except ImportError:
    print(json.dumps({"skipped": f"{sys.executable} cannot import torch"}))
    sys.exit(0)

torch.set_num_threads(1)
torch.manual_seed(1)
# Subnormal numbers, which training can run into, are slow.
torch.set_flush_denormal(True)


def print_version():
    capability = torch.backends.cpu.get_cpu_capability()
    print(json.dumps({"version": f"PyTorch {torch.__version__}, {capability}"}), flush=True)


def measure(name, unit, amount, run, runs=5):
    """Times `run()`, which gets through `amount` of the unit, after once to warm up."""
    run()
    speeds = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        speeds.append(amount / (time.perf_counter() - start))
    row = {
        "name": name,
        "value": statistics.median(speeds),
        "unit": unit,
        "low": min(speeds),
        "high": max(speeds),
    }
    print(json.dumps(row), flush=True)
