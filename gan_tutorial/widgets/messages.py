"""Messages of widgets while a cell waits."""

from __future__ import annotations

import contextlib
from typing import Any

import zmq
from IPython import get_ipython


def handle_widget_messages() -> None:
    """Let widgets react while the cell that calls this goes on waiting.

    ipykernel 6 runs cells and widgets in one thread, so their messages would wait for the cell's end. This handles those
    that came; whatever else came, such as the next cell, stays in its order. ipykernel 7 has threads for widgets, and
    nothing is left to do.
    """
    kernel = getattr(get_ipython(), "kernel", None)
    queue = getattr(kernel, "msg_queue", None)
    if kernel is None or queue is None or getattr(kernel, "_supports_kernel_subshells", False):
        return
    kernel.shell_stream.flush(zmq.POLLIN)
    waiting = [queue.get_nowait() for _ in range(queue.qsize())]
    ident, parent = kernel._parent_ident["shell"], kernel.get_parent("shell")
    for entry in waiting:
        _, dispatch, arguments = entry
        if dispatch == kernel.dispatch_shell and _kind(kernel, arguments[0]).startswith("comm_"):
            with contextlib.suppress(StopIteration):
                dispatch(*arguments).send(None)  # these handlers never wait for anything
        else:
            queue.put_nowait(entry)
    # What the cell prints from here on is the cell's again.
    kernel.set_parent(ident, parent, channel="shell")


def _kind(kernel: Any, message: list) -> str:
    _, (_, header, *_) = kernel.session.feed_identities(message, copy=False)
    return kernel.session.unpack(header.bytes)["msg_type"]
