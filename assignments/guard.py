"""The kernel that runs a learner's cells: it keeps them to their folder, and calls their functions for the tests.

    python guard.py COURSE OWN SCRATCH PRELOAD CONNECTION_FILE

Two fences. On Linux the system itself refuses (Landlock): reading outside Python, the system and OWN; writing outside
OWN and SCRATCH; TCP connections; signals. Everywhere an audit hook refuses and tells, but it only sees what goes
through Python. What is refused goes to standard error, one line each, with `MARK` before it. See
docs/teaching/assignments.md.
"""

import ctypes
import importlib
import importlib.util
import json
import os
import platform
import sys
import tempfile

import numpy as np

MARK = "refused: "
MIME = "application/x-answer"
#: Audit events that are refused always, and those with as many paths as the number says.
NEVER = {
    *("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.kill"),
    *("os.killpg", "os.symlink", "os.link", "socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"),
    *("os.startfile", "os.startfile/2"),
}
READS = {"os.listdir": 1, "os.scandir": 1}
WRITES = {"os.remove": 1, "os.rmdir": 1, "os.mkdir": 1, "os.rename": 2, "os.chmod": 1, "os.chown": 1, "os.utime": 1}
WRITES |= {"os.truncate": 1, "os.setxattr": 1, "sqlite3.connect": 1}


def watch(course, own, scratch):
    """Install the audit hook, which cannot be removed again."""
    tell, write, real, text, sep = os.dup(2), os.write, os.path.realpath, os.fsdecode, os.sep
    files, writing = {real(__file__), real(os.devnull)}, os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

    def below(path, *folders):
        return any(path == folder or path.startswith(folder + sep) for folder in folders)

    def refuse(event, *what):
        line = f"{event} {' '.join(str(one) for one in what)}"[:200]
        write(tell, f"{MARK}{ascii(line)[1:-1]}\n".encode())
        raise PermissionError(f"the grader does not allow this: {line}")

    def hook(event, arguments):
        if event in NEVER:
            refuse(event, *arguments)
        count = 1 if event == "open" else READS.get(event) or WRITES.get(event) or 0
        writes = bool(arguments[2] & writing) if event == "open" else event in WRITES
        for path in arguments[:count]:
            if path is not None and not isinstance(path, int):
                place = real(text(path))
                if not below(place, own, scratch) and place not in files and (writes or below(place, course)):
                    refuse(f"{event} to write" if writes else event, place.replace(course, "COURSE"))

    sys.addaudithook(hook)


def wall(readable, writable):
    """Ask Linux to refuse what is not below these paths, for this process and its children, for ever. Whether it does."""
    if not sys.platform.startswith("linux"):
        return False
    call = ctypes.CDLL(None, use_errno=True).syscall
    version = call(444, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    listing, reading, everything = 1 << 3, 0b1101, (1 << 13) - 1 | (1 << 13) * (version > 1) | (1 << 14) * (version > 2)
    # TCP connections from version 4, signals and abstract sockets from version 6.
    rules = (ctypes.c_uint64 * 3)(everything, 2 if version > 3 else 0, 3 if version > 5 else 0)
    ruleset = call(444, rules, ctypes.c_size_t(8 if version < 4 else 16 if version < 6 else 24), 0)
    symbolic = 1 << 12
    for path, rights in [
        ("/", listing),
        *((p, reading) for p in readable),
        *((p, everything ^ symbolic) for p in writable),
    ]:
        if os.path.exists(path):
            place = os.open(path, os.O_PATH)
            rights &= everything if os.path.isdir(path) else 0b111 | (1 << 14) & everything
            rule = rights.to_bytes(8, sys.byteorder) + place.to_bytes(4, sys.byteorder)
            call(445, ruleset, 1, rule, 0)
            os.close(place)
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    # It holds for the thread that asks and for what it starts: there should be no other thread yet.
    alone = len(os.listdir("/proc/self/task")) == 1
    return prctl(38, 1, 0, 0, 0) == 0 and call(446, ruleset, 0) == 0 and alone


def pack(value):
    """A value as JSON knows it: numbers, text, lists, dicts and arrays, nothing that could run."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return {"tuple" if type(value) is tuple else "list": [pack(item) for item in value]}
    if isinstance(value, dict):
        return {"dict": [[pack(key), pack(item)] for key, item in value.items()]}
    if hasattr(value, "sent_as"):
        return {"name": value.sent_as}
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"numbers or arrays should come back, not {type(value).__name__}")
    return {"array": array.ravel().tolist(), "dtype": array.dtype.name, "shape": list(array.shape)}


def unpack(value, names=()):
    """What `pack` packed; names are looked up in `names`."""
    if not isinstance(value, dict):
        return value
    if "array" in value:
        dtype = np.dtype(value["dtype"])
        return np.array(value["array"], dtype if dtype.kind in "biuf" else float).reshape(value["shape"])
    if "dict" in value:
        return {unpack(key, names): unpack(item, names) for key, item in value["dict"]}
    if "name" in value:
        return names[value["name"]]
    ((kind, items),) = value.items()
    return {"list": list, "tuple": tuple}[kind](unpack(item, names) for item in items)


def answer(request):
    """In the learner's kernel: call one of their functions, or tell what their names stand for."""
    from IPython import get_ipython
    from IPython.display import display

    names, request, reply = get_ipython().user_ns, json.loads(request), {}
    try:
        if "call" in request:
            arguments = unpack(request["arguments"], names)
            reply = {"value": pack(names[request["call"]](*arguments[0], **arguments[1]))}
        for name in request.get("names", ()):
            if callable(names.get(name)):
                reply[name] = "function"
            elif name in names and not isinstance(names[name], type(sys)):
                reply[name] = {"value": pack(names[name])}
    except KeyboardInterrupt:
        raise
    except BaseException as problem:
        reply = {"error": [[kind.__name__ for kind in type(problem).__mro__], str(problem)[:500]]}
    display({MIME: json.dumps(reply)}, raw=True)


def main():
    course, own, scratch, preload, connection = sys.argv[1:]
    sys.modules["guard"] = sys.modules["__main__"]
    sys.path.pop(0)  # the course's folder
    os.environ.update(HOME=scratch, USERPROFILE=scratch, TMPDIR=scratch, TEMP=scratch, TMP=scratch)
    tempfile.tempdir, sys.dont_write_bytecode = scratch, True
    package = importlib.util.find_spec("gan_tutorial")
    ours = [os.path.dirname(package.origin)] if package else []
    ours += [os.path.join(os.path.dirname(folder), "data") for folder in ours]
    system = ["/usr", "/lib", "/lib64", "/bin", "/etc", "/proc", "/sys", "/dev", "/opt", sys.prefix, sys.base_prefix]
    paths = [path for path in sys.path if path and not (course + os.sep).startswith(os.path.realpath(path) + os.sep)]
    if not wall([*system, *paths, *ours, connection, os.path.realpath(__file__)], [own, scratch, os.devnull]):
        os.write(2, f"{MARK}nothing by the system itself: it has no Landlock, so let a container do it\n".encode())
    if preload:
        importlib.import_module(preload)
    from ipykernel import kernelapp

    platform.processor()  # asks another program, once
    watch(course, own, scratch)
    sys.argv = ["ipykernel", "-f", connection, "--HistoryManager.hist_file=:memory:"]
    kernelapp.launch_new_instance()


if __name__ == "__main__":
    main()
