"""Make the README's pictures: playground, explorer, monitor and a slide in both themes, and a short film of the playground.

    python -m tools.make_screenshots

Photographs in Chromium, in a JupyterLab of its own; needs what the browser tests need. Look at what comes out.
"""

import io
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from gan_tutorial.files import write_whole
from tests.browser import ROOT, open_notebook, open_page, run_cell, serve, set_theme
from tools.make_slides import make_slides

PICTURES = ROOT / "notebooks" / "pictures"
CELLS = {
    "playground": 'import gan_tutorial as gt\n\ngt.widgets.playground("r1_cures")',
    "explorer": 'gt.explorer("cgan_portraits", role="pilot", tone=4)',
    "monitor": """
clothes = gt.load_dataset("fashion_mnist")
models = gt.build_generator(num_classes=10), gt.build_discriminator(num_classes=10)
_ = gt.widgets.monitor(gt.train_cgan, *models, clothes, steps=400, every=20)
""",
}
FRAMES, SECONDS, WIDTH = 30, 0.3, 640


def photograph(frame):
    return Image.open(io.BytesIO(frame.screenshot())).convert("RGB")


def save(image, name, **options):
    with write_whole(PICTURES / name) as path:
        image.save(path, method=6, **options)
    print(name, (PICTURES / name).stat().st_size // 1000, "kB")


def both_themes(page, frame, name):
    for theme in ("Light", "Dark"):
        set_theme(page, theme)
        page.wait_for_timeout(1000)
        page.mouse.move(0, 0)
        save(photograph(frame), f"{name}_{theme.lower()}.webp", quality=82)
    set_theme(page, "Light")


def film(page, frame):
    """Frames of a widget that moves, each of the size of the first."""
    images, box = [], frame.bounding_box()
    for _ in range(FRAMES):
        start = time.time()
        # Not the element's own screenshot, which waits until nothing moves.
        images.append(Image.open(io.BytesIO(page.screenshot(clip=box))).convert("RGB"))
        page.wait_for_timeout(max(0, 1000 * (SECONDS - time.time() + start)))
    height = round(WIDTH * images[0].height / images[0].width)
    return [image.resize((WIDTH, height), Image.Resampling.LANCZOS) for image in images]


def slide(place="#/11"):
    """A slide of notebook 1, its first question, in both themes."""
    with tempfile.TemporaryDirectory() as folder:
        file = make_slides(ROOT / "notebooks" / "01_concepts.ipynb", Path(folder, "slides.html"))
        for theme in ("light", "dark"):
            with open_page(width=1280, height=720, color_scheme=theme) as page:
                page.goto(f"{file.as_uri()}{place}")
                page.wait_for_timeout(2000)
                save(photograph(page), f"slide_{theme}.webp", quality=82)


def main():
    """Write all pictures."""
    slide()
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as lab, open_page(height=1400) as page:
        lab.write("pictures.ipynb", *CELLS.values())
        open_notebook(page, lab, "pictures.ipynb")
        for number, name in enumerate(CELLS):
            run_cell(page, number)
            frame = page.locator(".jp-Notebook .jp-Cell").nth(number).locator(".gt-frame")
            frame.wait_for(timeout=120_000)
            if name == "playground":
                frame.get_by_label("generator's grid").check()
                frame.locator(".gt-primary").click()
                expect(frame.locator(".gt-number")).not_to_have_text("0", timeout=120_000)  # compiled
                first, *rest = film(page, frame.locator(".gt-pg-stage"))
                options = {"append_images": rest, "duration": round(1000 * SECONDS), "loop": 0}
                save(first, "playground.webp", save_all=True, quality=50, **options)
            elif name == "monitor":
                frame.get_by_text("finished").wait_for(timeout=600_000)
            else:
                page.wait_for_timeout(3000)
            both_themes(page, frame, name)
            if name == "playground":
                frame.locator(".gt-primary").click()


if __name__ == "__main__":
    main()
