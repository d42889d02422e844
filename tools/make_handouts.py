"""A PDF of each notebook, to be printed: the exported page, on A4, with what is folded left out.

python -m tools.make_handouts                    # into build/handouts; with GAN_TUTORIAL_LANGUAGE=zh into build/handouts/zh
python -m tools.make_handouts --solutions 02_gan  # 02_gan_solutions.pdf, with solutions and answers open
"""

import html
import tempfile
from pathlib import Path

import click

from gan_tutorial.export import export_notebook
from gan_tutorial.translations import language
from tests.browser import CHROMIUM, ROOT, open_page

PAPER = ROOT / "javascript" / "src" / "handout.css"
#: Chromium would make the whole page smaller for a table that is too wide.
PREPARE = """([language, open]) => {
  document.documentElement.lang = language;
  for (const fold of document.querySelectorAll("details")) fold.open = open;
  for (const link of document.querySelectorAll("a[href]"))
    if (!/^(https?:|#)/.test(link.getAttribute("href"))) // to a file, which does not come with the paper
      link.replaceWith(...link.childNodes);
  for (const found of document.querySelectorAll(".jp-OutputArea-output"))
    if (!open && found.innerText.trim().startsWith("✗ ")) // room to write instead of "not yet"
      found.innerHTML = '<div class="line"></div>'.repeat(5);
  document.title = document.querySelector("h1").innerText.replace("¶", "");
  document.body.style.width = "178mm";
  for (const table of document.querySelectorAll("table"))
    table.style.zoom = Math.min(1, document.body.offsetWidth / table.offsetWidth);
}"""
FOOT = """<div style="width: 100%; padding: 0 15mm; display: flex; justify-content: space-between; font: 7pt sans-serif">
<span>{}</span><span class="pageNumber"></span></div>"""


def make_handout(page, path: Path, out: Path, solutions: bool = False) -> Path:
    """Print one notebook by a page of Chromium."""
    with tempfile.TemporaryDirectory() as folder:
        page.goto(export_notebook(path, Path(folder) / "page.html").as_uri())
    page.add_style_tag(path=PAPER)
    page.evaluate(PREPARE, [language(), solutions])
    out.parent.mkdir(parents=True, exist_ok=True)
    foot = FOOT.format(html.escape(page.locator("h1").first.inner_text().removesuffix("¶")))
    margin = {"top": "14mm", "bottom": "16mm", "left": "15mm", "right": "15mm"}
    options = {"display_header_footer": True, "header_template": "<span></span>", "footer_template": foot}
    page.pdf(path=out, format="A4", margin=margin, print_background=True, tagged=True, outline=True, **options)
    return out


@click.command()
@click.option("--solutions", is_flag=True, help="With the solutions, for those who teach.")
@click.argument("names", nargs=-1)
def main(solutions: bool, names: tuple[str, ...]) -> None:
    """Print the notebooks NAMES, or all."""
    if CHROMIUM is None:
        raise click.ClickException("no Chromium here: install it by `apt-get install chromium`")
    folder = "" if language() == "en" else language()
    for path in sorted((ROOT / "notebooks" / folder).glob("[0-9]*.ipynb")):
        if not names or path.stem in names:
            out = ROOT / "build" / "handouts" / folder / f"{path.stem}{'_solutions' * solutions}.pdf"
            with open_page(offline=True) as page:
                print(make_handout(page, path, out, solutions).relative_to(ROOT))


if __name__ == "__main__":
    main()
