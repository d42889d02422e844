"""Workers on a Ray cluster, one for each GPU (pip install ray).

    python examples/cluster/ray_workers.py 2 gan-tutorial train --data shapes --steps 100 --out /shared/runs/two

The folder has to be one that all machines see.
"""

import json
import os
import socket
import subprocess
import sys

import ray


@ray.remote(num_gpus=1, scheduling_strategy="SPREAD")
class Worker:
    """A process of Ray's, which keeps the GPU that it was given."""

    def address(self):
        """Where the others find this worker."""
        with socket.create_server(("", 0)) as free:
            return f"{ray.util.get_node_ip_address()}:{free.getsockname()[1]}"

    def run(self, command, workers, number):
        """Run a command as one of several workers; its exit status."""
        config = {"cluster": {"worker": workers}, "task": {"type": "worker", "index": number}}
        return subprocess.run(command, env={**os.environ, "TF_CONFIG": json.dumps(config)}).returncode


if __name__ == "__main__":
    ray.init()
    workers = [Worker.remote() for _ in range(int(sys.argv[1]))]
    addresses = ray.get([worker.address.remote() for worker in workers])
    sys.exit(any(ray.get([worker.run.remote(sys.argv[2:], addresses, i) for i, worker in enumerate(workers)])))
