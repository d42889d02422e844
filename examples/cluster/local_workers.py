"""Several workers on this machine, to try a training on several machines before renting them.

    python examples/cluster/local_workers.py 2 gan-tutorial train --data shapes --steps 100 --out runs/two

Each worker is told its GPU by number; where there are none, all share the CPU.
"""

import json
import os
import socket
import subprocess
import sys


def environments(count):
    """An environment for each worker, which tells it the addresses of all and its own number."""
    sockets = [socket.create_server(("localhost", 0)) for _ in range(count)]
    workers = [f"localhost:{each.getsockname()[1]}" for each in sockets]
    for each in sockets:
        each.close()
    for number in range(count):
        config = {"cluster": {"worker": workers}, "task": {"type": "worker", "index": number}}
        yield {**os.environ, "TF_CONFIG": json.dumps(config), "CUDA_VISIBLE_DEVICES": str(number)}


if __name__ == "__main__":
    processes = [subprocess.Popen(sys.argv[2:], env=env) for env in environments(int(sys.argv[1]))]
    sys.exit(any([process.wait() for process in processes]))
