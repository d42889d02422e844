"""How long a learner waits: from Shift+Enter, from a key to changed pixels, from frame to frame.

    python -m benchmarks.responsiveness
    python -m benchmarks.responsiveness --out benchmarks/results/responsiveness.json

Measures in Chromium, in a JupyterLab of its own: a script in the page looks at the pixels in every frame, and compares
the times of changes with those of the keys as the browser got them. A change is seen at the next frame, so that numbers
are up to 17 ms too high, never too low.
"""

import bisect
import itertools
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
import numpy as np
from playwright.sync_api import expect

from gan_tutorial import quiet
from gan_tutorial.files import write_json
from gan_tutorial.pretrained import versions
from tests.browser import open_notebook, open_page, run_cell, serve

#: `watch(number, selector)` in the page notes when the picture of a cell changes, and when keys are pressed.
WATCH = """
window.watch = (number, selector) => {
    const small = new OffscreenCanvas(128, 128).getContext('2d', { willReadFrequently: true });
    small.imageSmoothingEnabled = false; // looking shall cost little
    const seen = () => {
        const cell = document.querySelectorAll('.jp-Notebook .jp-Cell')[number];
        const picture = cell.querySelector('.gt-frame')?.querySelector(selector);
        if (!picture?.width) return 0;
        small.clearRect(0, 0, 128, 128);
        small.drawImage(picture, 0, 0, 128, 128);
        return new Uint32Array(small.getImageData(0, 0, 128, 128).data.buffer).reduce((sum, v) => (sum * 31 + v) | 0, 0);
    };
    const record = { keys: [], changes: [] };
    const press = (event) => record.keys.push(event.timeStamp);
    let last = seen();
    let frame = requestAnimationFrame(function look() {
        const now = seen();
        if (now !== last) record.changes.push(performance.now());
        last = now;
        frame = requestAnimationFrame(look);
    });
    addEventListener('keydown', press, true);
    window.changed = () => record.changes.length > 0;
    window.answered = () => record.changes.at(-1) > record.keys.at(-1);
    window.watched = () => {
        cancelAnimationFrame(frame);
        removeEventListener('keydown', press, true);
        return record;
    };
};
"""

CELLS = {
    "explorer": 'import gan_tutorial as gt\n\ngt.explorer("cgan_portraits")',
    "bench": """
import numpy as np

clothes, _ = gt.load_pretrained("cgan_fashion_mnist")

def draw(seed=0):
    return gt.generate_images(clothes, labels=np.arange(16) % 10, seed=int(seed))

gt.widgets.bench("Sixteen clothes", draw, seed=(0, 1000, 1))
""",
    "busy": """
import time

data, end = gt.load_dataset("ring"), time.time() + 40
models = gt.models.build_points_generator(), gt.models.build_points_discriminator()
_ = gt.train(*models, data, steps=1_000_000, progress=False, callbacks=[lambda report: time.time() > end])
""",
    "monitor": """
_ = gt.widgets.monitor(gt.train, *models, data, steps=100_000)
""",
    "playground": "gt.widgets.playground()",
}
NUMBERS = {name: number for number, name in enumerate(CELLS)}


def summary(what, milliseconds, aim=None):
    """A row of the table: percentiles of times, and the time that the course aims at (for the 95th percentile)."""
    p50, p95, most = np.percentile(milliseconds, [50, 95, 100])
    return {"what": what, "p50": p50, "p95": p95, "max": most, "n": len(milliseconds), "aim": aim}


def start_python(code):
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return 1000 * (time.perf_counter() - start)


class Measurement:
    """Widgets in cells of one notebook on a page."""

    def __init__(self, page, keys):
        self.page, self.keys = page, keys

    def show(self, name, selector):
        """Run a cell; returns the milliseconds until its picture is there."""
        self.page.evaluate("([number, selector]) => watch(number, selector)", [NUMBERS[name], selector])
        start = self.page.evaluate("performance.now()")
        run_cell(self.page, NUMBERS[name])
        self.page.wait_for_function("changed()")
        first = self.page.evaluate("watched()")["changes"][0]
        self.page.wait_for_timeout(1000)
        return first - start

    def cell(self, name):
        return self.page.locator(".jp-Notebook .jp-Cell").nth(NUMBERS[name]).locator(".gt-frame")

    def press(self, name, selector, control, count, pause, keys=("ArrowRight",)):
        """Press keys in turn, again and again; returns the times of keys and of changes of the picture."""
        self.cell(name).locator(control).first.focus()
        for number in (1, count):  # the first key is for what is traced or compiled
            self.page.evaluate("([number, selector]) => watch(number, selector)", [NUMBERS[name], selector])
            for key in itertools.islice(itertools.cycle(keys), number):
                self.page.keyboard.press(key)
                self.page.wait_for_timeout(pause)
            self.page.wait_for_function("answered()")
            self.page.wait_for_timeout(1000)
            record = self.page.evaluate("watched()")
        return record["keys"], record["changes"]

    def latencies(self, name, selector, control, **options):
        """Milliseconds from each key to the first change after it."""
        keys, changes = self.press(name, selector, control, self.keys, pause=200, **options)
        places = [bisect.bisect(changes, key) for key in keys]
        return [changes[place] - key for key, place in zip(keys, places) if place < len(changes)]

    def rest(self, name, selector, control, count):
        """Milliseconds from the last of many fast keys to the last change, and how many pictures were seen."""
        keys, changes = self.press(name, selector, control, count, pause=0)
        return max(changes[-1] - keys[-1], 0), len(changes)

    def frames(self, name, selector, seconds):
        """Milliseconds between the frames of a picture that moves by itself."""
        self.page.evaluate("([number, selector]) => watch(number, selector)", [NUMBERS[name], selector])
        self.page.wait_for_timeout(1000 * seconds)
        return np.diff(self.page.evaluate("watched()")["changes"])


def in_browser(page, keys, moves, seconds):
    """All rows that need a browser."""
    measure, rows = Measurement(page, keys), []
    picture, slider = ".gt-picture", "input[type=range]"
    noise = f"{slider} >> nth=1"

    def add(*row):
        rows.append(summary(*row))
        print_row(rows[-1])

    add("first explorer, from Shift+Enter", [measure.show("explorer", picture)], 1500)
    add("explorer, key to pixels (page)", measure.latencies("explorer", picture, noise), 50)
    time_to_rest, pictures = measure.rest("explorer", picture, noise, moves)
    add(f"explorer, rest after {moves} fast keys ({pictures} pictures)", [time_to_rest], 200)
    add("first bench, with TensorFlow's import", [measure.show("bench", picture)], None)
    add("bench, key to pixels (kernel)", measure.latencies("bench", picture, slider), 100)
    run_cell(page, NUMBERS["busy"])
    add("explorer while the kernel trains", measure.latencies("explorer", picture, noise), 50)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=300_000)
    measure.show("monitor", picture)
    add("bench while a monitored training runs", measure.latencies("bench", picture, slider), 100)
    measure.cell("monitor").get_by_role("button", name="Stop").click()
    page.wait_for_timeout(2000)
    time_machine = ".gt-monitor-time input"
    measure.cell("monitor").locator(time_machine).focus()
    page.keyboard.press("Home")
    # Not every moment has a picture of its own, but the first and the last have.
    moved = measure.latencies("monitor", picture, time_machine, keys=("End", "Home"))
    add("monitor's time machine, key to pixels", moved, 100)
    plane = ".gt-pg-plane"
    measure.show("playground", plane)
    measure.cell("playground").locator(".gt-primary").click()
    expect(measure.cell("playground").locator(".gt-number")).not_to_have_text("0", timeout=120_000)  # compiled
    gaps = measure.frames("playground", plane, seconds)
    add("playground, between two frames", gaps, 1000 / 15)
    rows[-1]["frames_per_second"] = 1000 / np.mean(gaps)
    return rows


def print_row(row):
    numbers = "".join(f"{row[name]:9.0f}" for name in ("p50", "p95", "max"))
    aim = f"   aim {row['aim']:.0f}" if row["aim"] else ""
    print(f"{row['what']:58}{numbers}{row['n']:6d}{aim}", flush=True)


@click.command()
@click.option("--keys", default=100, show_default=True, help="Keys pressed for each latency.")
@click.option("--moves", default=500, show_default=True, help="Fast keys.")
@click.option("--seconds", default=20, show_default=True, help="How long the playground is watched.")
@click.option("--out", type=click.Path(path_type=Path), help="JSON file to write.")
def main(keys, moves, seconds, out):
    """Measure what a learner waits for."""
    print(f"{'milliseconds':58}{'median':>9}{'95 %':>9}{'max':>9}{'n':>6}")
    idle = np.median([start_python("") for _ in range(5)])
    rows = [summary("import gan_tutorial", [start_python("import gan_tutorial") - idle for _ in range(5)], 300)]
    print_row(rows[0])
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as lab, open_page(height=1400) as page:
        page.add_init_script(WATCH)
        lab.write("measure.ipynb", *CELLS.values())
        open_notebook(page, lab, "measure.ipynb")
        rows += in_browser(page, keys, moves, seconds)
        browser = page.context.browser.version
    print(f"playground: {rows[-1]['frames_per_second']:.1f} frames per second")
    if out:
        quiet.import_tensorflow()
        about = {"command": " ".join(["python -m benchmarks.responsiveness", *sys.argv[1:]]), "versions": versions()}
        machine = {"browser": browser, "cores": os.cpu_count(), "machine": platform.machine(), "load": os.getloadavg()}
        write_json(out, {**about, **machine, "date": time.strftime("%Y-%m-%d %H:%M"), "milliseconds": rows})


if __name__ == "__main__":
    main()
