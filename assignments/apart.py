"""Autograding apart: a learner's cells run in a guarded kernel, the tests outside of it, in nbgrader's own process.

The tests are ordinary Python. A name that they do not define themselves is the learner's: a function is called in the
kernel, and only numbers, text and arrays come back. So nothing that a learner's code does to its own process can
change what the tests expect, or see it.
"""

import ast
import builtins
import contextlib
import io
import json
import os
import queue
import sys
import tempfile
import time
from pathlib import Path

from guard import MARK, MIME, pack, unpack
from jupyter_client import KernelManager
from nbformat.v4 import new_output, output_from_msg
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Float

GUARD = Path(__file__).with_name("guard.py")
#: Of the teacher's environment, only this is the learner's business.
ENVIRONMENT = ("PATH", "LANG", "HOME", "SYSTEMROOT", "PYTHONPATH", "VIRTUAL_ENV", "TF_CPP_MIN_LOG_LEVEL")
#: More outputs than this of one cell are not kept, and no longer answer than this is read.
OUTPUTS, LETTERS = 100, 4_000_000
#: Errors of a learner's function that a test sees as they are, or as the first of these that they inherit from.
ERRORS = {kind.__name__: kind for kind in (ValueError, TypeError, LookupError, ArithmeticError)}


class Stopped(BaseException):
    """A kernel gives no answer; no test may take that for an error of the learner's function."""


def cells_of(where):
    """From the gradebook, never from what was handed in, by name: what each cell is, whether it is locked, its source."""
    with Gradebook(where["db_url"]) as book:
        notebook = book.find_notebook(where["notebook"], where["assignment"])
        kinds = {"grade": notebook.grade_cells, "solution": notebook.solution_cells, "task": notebook.task_cells}
        names = {kind: {cell.name for cell in cells} for kind, cells in kinds.items()}
        return {
            cell.name: ({kind: cell.name in names[kind] for kind in names}, cell.locked, cell.source)
            for cell in notebook.source_cells
        }


class TrueCells(NbGraderPreprocessor):
    """Before all else: cells are what the gradebook says, whatever a submission's metadata claim."""

    def preprocess(self, nb, resources):
        known, student = cells_of(resources["nbgrader"]), resources["nbgrader"]["student"]
        for cell in nb.cells:
            claims = cell.metadata.pop("nbgrader", {})
            name = claims.get("grade_id")
            kinds = known[name][0] if name in known else {}
            if name in known:
                cell.metadata["nbgrader"] = {**claims, **kinds}
            if any(claims.get(kind) and not kinds.get(kind) for kind in ("grade", "solution", "task")):
                self.log.warning("%s: %scell %a says that it is graded, and is not", student, MARK, name)
        return nb, resources


class RunApart(NbGraderPreprocessor):
    """In place of nbgrader's `Execute`."""

    timeout = Float(10, help="seconds that a cell, or one call of a learner's function by a test, may take").tag(
        config=True
    )

    def preprocess(self, nb, resources):
        own, course = os.path.realpath(resources["metadata"]["path"]), os.path.realpath(GUARD.parent)
        preload = "tensorflow" if any("tensorflow" in cell.source for cell in nb.cells) else ""
        self.before, self.who, known = [], resources["nbgrader"]["student"], cells_of(resources["nbgrader"])
        with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryFile(buffering=0) as self.told:
            self.manager = KernelManager(kernel_name="python3")
            arguments = [str(GUARD), course, own, os.path.realpath(scratch), preload, "{connection_file}"]
            self.manager.kernel_spec.argv = [sys.executable, *arguments]
            environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
            # No GPU, whose device would have to be writable; and no threads before the kernel is restricted.
            environment |= {"CUDA_VISIBLE_DEVICES": "-1", "OPENBLAS_NUM_THREADS": "1"}
            self.manager.start_kernel(cwd=own, env=environment, stderr=self.told)
            self.kernel = self.manager.blocking_client()
            try:
                self.kernel.start_channels()
                self.kernel.wait_for_ready(timeout=120)
                for count, cell in enumerate((cell for cell in nb.cells if cell.cell_type == "code"), 1):
                    kind, locked, source = known.get(cell.metadata.get("nbgrader", {}).get("grade_id"), ({}, False, ""))
                    tests = kind.get("grade") and not kind["solution"]
                    # A locked cell is the teacher's: it may take long to load what it imports.
                    self.seconds = self.timeout if tests or not locked else max(60, self.timeout)
                    way, source = (self._test if tests else self._run), (source if tests or locked else cell.source)
                    cell.outputs, cell.execution_count = self._guarded(way, source), count
            finally:
                self.kernel.stop_channels()
                self.manager.shutdown_kernel(now=True)
        return nb, resources

    def _guarded(self, way, source):
        """Outputs of a cell, whatever happens, and what was refused meanwhile."""
        outputs = []
        try:
            way(source, outputs)
        except (Exception, Stopped) as problem:  # of a test, of the kernel, or because the kernel sent nonsense
            kind = type(problem).__name__
            name = "Not yet" if kind in ("AssertionError", "Wrong") else kind
            outputs.append(new_output("error", ename=name, evalue=str(problem), traceback=[f"{name}: {problem}"]))
            if isinstance(problem, Stopped):
                with contextlib.suppress(Exception, Stopped):
                    self._recover()
        self.told.seek(0)
        lines = self.told.read(1_000_000).decode("ascii", "replace").splitlines()
        self.told.seek(0)  # the kernel's place in the file is the same
        self.told.truncate()
        for line in [ascii(line)[1:-1] for line in lines if line.startswith(MARK)][:20]:
            self.log.warning("%s: %s", self.who, line)
            outputs.append(new_output("stream", name="stdout", text=f"[grader] {line}\n"))
        return outputs

    def _run(self, source, outputs):
        self._execute(source, outputs)
        self.before.append((source, self.seconds))

    def _test(self, source, outputs):
        """Run a cell of tests here, with the learner's names from there."""
        tree = ast.parse(source)
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - set(dir(builtins))
        theirs = self._ask(outputs, names=sorted(used))
        names = {"__name__": "test"}
        for name in used & set(theirs):  # whatever else the kernel may claim to know
            value = theirs[name]
            names[name] = self._remote(name, outputs) if value == "function" else unpack(value["value"])
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(tree, "test", "exec"), names)
        if printed.getvalue():
            outputs.append(new_output("stream", name="stdout", text=printed.getvalue()))

    def _remote(self, name, outputs):
        def call(*arguments, **options):
            reply = self._ask(outputs, call=name, arguments=pack([list(arguments), options]))
            return unpack(reply["value"])

        call.sent_as = name
        return call

    def _ask(self, outputs, **request):
        said = []
        answer = self._execute(f"__import__('guard').answer({json.dumps(request)!r})", said)
        outputs += [output for output in said if output.output_type == "stream" and output.name == "stdout"][:5]
        if answer is None or len(answer) > LETTERS:
            raise RuntimeError("the learner's code gave no answer that can be read")
        reply = json.loads(answer)
        if "error" in reply:
            kinds, text = reply["error"]
            kind = next((ERRORS[name] for name in kinds if name in ERRORS), RuntimeError)
            raise kind(f"your code stopped with {kinds[0]}: {text}")
        return reply

    def _execute(self, code, outputs):
        """Run code in the kernel, keep its outputs, and return what `guard.answer` answered last, if it did."""
        answer = None
        sent, end = self.kernel.execute(code, allow_stdin=False, stop_on_error=False), time.monotonic() + self.seconds
        while (left := end - time.monotonic()) > 0:
            try:
                message = self.kernel.get_iopub_msg(timeout=min(left, 1))
            except queue.Empty:
                if not self.manager.is_alive():
                    raise Stopped("the code ended its own kernel") from None
                continue
            kind, content = message["msg_type"], message["content"]
            if message["parent_header"].get("msg_id") != sent:
                continue
            if kind == "status" and content["execution_state"] == "idle":
                return answer
            answer = content.get("data", {}).get(MIME, answer)
            if kind in ("stream", "error", "display_data", "execute_result") and len(outputs) < OUTPUTS:
                outputs.append(output_from_msg(message))
        raise Stopped(f"no end within {self.seconds:g} seconds: is there a loop that never stops?")

    def _recover(self):
        """After a timeout: interrupt, and if that does not help, a new kernel, in which the cells before run again."""
        self.seconds = self.timeout
        if self.manager.is_alive():
            self.manager.interrupt_kernel()
            with contextlib.suppress(Stopped):
                return self._execute("", [])
        self.manager.restart_kernel(now=True)
        self.kernel.wait_for_ready(timeout=120)
        for source, seconds in self.before:
            self.seconds = seconds
            with contextlib.suppress(Stopped):
                self._execute(source, [])
