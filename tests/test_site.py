"""The published site: built once, crawled, and used in Chromium from a server of its own."""

import json
import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

import gan_tutorial as gt
from gan_tutorial.translations import read
from tools.build_site import Stage, living, pages

from .browser import AXE, CHROMIUM, ROOT, open_page

for module in ("furo", "myst_parser"):
    pytest.importorskip(module, reason="requirements-docs.txt is not installed")
pytestmark = pytest.mark.slow
IN_BROWSER = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install it by `apt-get install chromium`")
REPRESENTATIVE = ["index", "notebooks/01_concepts", "notebooks/03_cgan", "explorer", "glossary"]
PAGES = [*(f"en/{name}" for name in REPRESENTATIVE), "zh/index", "zh/notebooks/01_concepts", "zh/glossary"]
PAGES += ["en/api/models", "en/teaching/01_concepts", "en/handbook"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if built := os.environ.get("GAN_TUTORIAL_SITE"):  # for those who work on a page and have just built it
        return Path(built)
    out = tmp_path_factory.mktemp("build") / "site"
    command = [sys.executable, "-m", "tools.build_site", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0 and "WARNING" not in done.stderr, done.stdout + done.stderr
    return out


class Page(HTMLParser):
    """What an HTML file names: anchors, links to follow, and what a browser loads by itself."""

    def __init__(self, text):
        super().__init__()
        self.anchors, self.links, self.loads, self.unnamed = {""}, set(), set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.anchors |= {given[key] for key in ("id", "name") if given.get(key)}
        if tag == "a" and given.get("href") is not None:
            self.links.add(given["href"])
        self.loads |= {
            given[key] for key in ("src", "srcset", "poster", "data-widget", "data-recording") if key in given
        }
        if tag == "link" and given["rel"] in ("stylesheet", "icon", "shortcut icon", "preload", "prefetch"):
            self.loads.add(given["href"])
        if tag == "img" and not (given.get("alt") or "").strip():
            self.unnamed.append(self.get_starttag_text())


@pytest.fixture(scope="module")
def crawled(site):
    files = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    return {path.relative_to(site).as_posix(): Page(path.read_text(encoding="utf-8")) for path in files}


def resolve(name, link):
    """The file of the site that a link on a page names, and the anchor in it."""
    parts = urlsplit(urljoin(f"http://site/{name}", link))
    return unquote(parts.path).lstrip("/"), unquote(parts.fragment)


def is_elsewhere(link):
    return re.match(r"[\w+.-]+:|//", link) is not None


def test_links_and_anchors_lead_somewhere(site, crawled):
    wrong = []
    for name, page in crawled.items():
        for link in page.links:
            path, anchor = resolve(name, link)
            if is_elsewhere(link) or (path.endswith("search.html") and (site / path).exists()):
                continue
            if not (path in crawled and anchor in crawled[path].anchors or (site / path).is_file() and not anchor):
                wrong.append((name, link))
    assert not wrong, (len(wrong), wrong[:40])


def test_pages_load_nothing_from_elsewhere_and_nothing_that_is_missing(site, crawled):
    loads = [(name, link) for name, page in crawled.items() for link in page.loads if not link.startswith("data:")]
    assert not [each for each in loads if is_elsewhere(each[1])]
    assert not [each for each in loads if not (site / resolve(*each)[0]).is_file()]
    for path in site.rglob("*.css"):
        assert not re.search(r"(@import|url\()\s*[\"']?(https?:)?//", path.read_text(encoding="utf-8")), path


def test_every_image_has_a_text(crawled):
    assert not [(name, page.unnamed) for name, page in crawled.items() if page.unnamed]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_everything_is_three_clicks_away_at_most(crawled, language):
    reached, edge = {f"{language}/index.html"}, {f"{language}/index.html"}
    for _ in range(3):
        edge = {
            resolve(name, link)[0] for name in edge for link in crawled[name].links if not is_elsewhere(link)
        } & crawled.keys()
        reached |= edge
    assert {f"{language}/{name}.html" for name in pages(language)} <= reached


def test_notebooks_are_whole_in_both_languages(site, crawled):
    for language in ("en", "zh"):
        assert sum(name.startswith("notebooks/") for name in pages(language)) == 10
        for name in pages(language):
            text = (site / language / f"{name}.html").read_text(encoding="utf-8")
            assert "$$" not in text and not re.search(r"gt\.course\.question\(.{,300}Another cell", text)
        texts = "".join((site / language / f"{name}.html").read_text(encoding="utf-8") for name in pages(language))
        # Two in notebook 2 and 3 show what a reader has trained: those stay pictures.
        assert texts.count('class="gt-live"') >= 43 and texts.count("<math") > 200
    english, chinese = (texts_of(site, language, "notebooks/01_concepts") for language in ("en", "zh"))
    assert english.count("data-widget") == chinese.count("data-widget") == 4


def texts_of(site, language, name):
    return (site / language / f"{name}.html").read_text(encoding="utf-8")


def test_which_cells_come_alive():
    assert living('import gan_tutorial as gt\n\ngt.explorer("cgan_shapes", kind="cross")')().image().shape == (
        64,
        64,
        3,
    )
    assert living('gt.course.question("half_everywhere")')().text
    loaded = 'trained, card = gt.load_pretrained("gan_fashion_mnist")\ngt.explorer(trained, card, seed=11)'
    assert living(loaded)().state["seed"] == 11
    for source in (
        "gt.explorer(trained, card)",
        loaded.replace("seed=11", "directions=found"),
        "%magic",
        "",
        "gt.bells()",
    ):
        assert living(source) is None, source


def test_a_folder_with_something_else_in_it_is_kept(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    command = [sys.executable, "-m", "tools.build_site", "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2 and "something else than a site" in " ".join(done.stderr.split())
    assert (tmp_path / "thesis.txt").exists()


def test_links_that_lead_out_of_the_site(tmp_path):
    known = Stage("en", tmp_path, "https://github.com/OWNER/NAME/")
    assert (
        known.markdown("handbook", "[x](examples/wgan_div.py)")
        == "[x](https://github.com/OWNER/NAME/blob/main/examples/wgan_div.py)"
    )
    unknown = Stage("en", tmp_path, "")
    assert unknown.markdown("handbook", "[`x`](examples/wgan_div.py), `[y](z)`") == "[`x`]{.outside}, `[y](z)`"
    goal = "site:../REFERENCES.html#goodfellow2014"
    assert unknown.markdown("notebooks/01_concepts", "[G](../REFERENCES.md#goodfellow2014)") == f"[G]({goal})"
    chinese = Stage("zh", tmp_path, "")
    assert chinese.markdown("index", "[API](../api/index.md)") == "[API](site:../en/api/index.html)"


def test_the_recordings_are_small_and_say_how_they_were_made():
    recorded = sorted((ROOT / "docs" / "recordings").glob("*.json"))
    assert sum(path.with_suffix(".webp").stat().st_size for path in recorded) < 1.5e6
    for path in recorded:
        about = json.loads(path.read_text(encoding="utf-8"))
        assert 40 <= len(about["frames"]) <= 60 and about["command"] and about["versions"] and about["seed"] == 0


def test_the_development_container_is_json_that_installs_the_course():
    about = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert "requirements.txt" in about["postCreateCommand"] and about["image"].endswith(":3.12")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@contextmanager
def served(folder):
    """A server of this folder: its address, and a function that stops it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def stop():
        server.shutdown()
        server.server_close()
        thread.join()

    try:
        yield f"http://127.0.0.1:{server.server_port}", stop
    finally:
        if thread.is_alive():
            stop()


@pytest.fixture(scope="module")
def browser(site):
    """A page of Chromium and the site's address; at the end it may have asked no other machine, and complained of nothing."""
    asked, complaints = [], []
    with served(site) as (address, _), open_page(width=1280, height=900) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page, address
    assert complaints == []
    assert [url for url in asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))] == []


@pytest.fixture
def narrow(browser):
    page, address = browser
    page.set_viewport_size({"width": 390, "height": 800})
    yield page, address
    page.set_viewport_size({"width": 1280, "height": 900})


@IN_BROWSER
def test_an_explorer_and_a_question_live_on_when_the_server_stops(site, browser):
    page, _ = browser
    with served(site) as (address, stop):
        page.goto(f"{address}/en/notebooks/01_concepts.html")
        question = page.locator(".gt-question").first
        page.locator("[data-widget]").nth(1).scroll_into_view_if_needed()
        question.wait_for()
        page.locator(".gt-explorer, [data-widget]").first.scroll_into_view_if_needed()
        page.wait_for_function("document.querySelector('.gt-explorer canvas')?.width === 64")
        stop()
        explorer = page.locator(".gt-explorer").first
        picture, slider = explorer.locator("canvas").first, explorer.get_by_role("slider", name="tone")
        slider.press("Home")
        page.wait_for_function("document.querySelector('.gt-explorer canvas').ariaLabel.includes('tone 0')")
        page.wait_for_timeout(500)
        before = picture.screenshot()
        slider.press("End")
        page.wait_for_function("document.querySelector('.gt-explorer canvas').ariaLabel.includes('tone 5')")
        page.wait_for_timeout(500)
        assert picture.screenshot() != before
        right = next(answer for answer in gt.course.question("half_everywhere").answers if answer["right"])
        question.get_by_label(right["text"]).check()
        question.get_by_role("button").first.click()
        assert right["why"] in question.inner_text()


@IN_BROWSER
def test_chinese_pages_have_chinese_widgets(browser):
    page, address = browser
    page.goto(f"{address}/zh/notebooks/01_concepts.html")
    explorer = page.locator(".gt-explorer").first
    explorer.wait_for()
    assert explorer.get_attribute("aria-label") == read("widgets", "zh")["ex_title"]
    assert page.locator("html").get_attribute("lang") == "zh-Hans"


@IN_BROWSER
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_recording_is_scrubbed_and_played_by_keyboard(browser, language):
    page, address = browser
    page.goto(f"{address}/{language}/notebooks/01_concepts.html")
    place = page.locator(".gt-recording").first
    place.scroll_into_view_if_needed()
    slider, picture = place.get_by_role("slider"), place.get_by_role("img")
    last = picture.get_attribute("aria-label")
    slider.press("Home")
    first, start = picture.get_attribute("aria-label"), picture.screenshot()
    slider.press("ArrowRight")
    assert len({last, first, picture.get_attribute("aria-label")}) == 3
    slider.press("End")
    assert picture.get_attribute("aria-label") == last and picture.screenshot() != start
    words = read("widgets", language)
    button = place.get_by_role("button")
    button.press("Enter")  # from the start again
    page.wait_for_timeout(600)
    assert button.inner_text() == words["pg_pause"] and picture.get_attribute("aria-label") not in (first, last)
    button.press("Enter")
    assert button.inner_text() == words["pg_play"]
    held = picture.get_attribute("aria-label")
    page.wait_for_timeout(400)
    assert (
        picture.get_attribute("aria-label")
        == held
        == f"{place.locator('.gt-heading').inner_text()}: {slider.get_attribute('aria-valuetext')}"
    )


@IN_BROWSER
def test_the_search_finds_words_in_both_languages(browser):
    page, address = browser
    for language, word, name in (
        ("en", "discriminator", "02_gan"),
        ("zh", "判别器", "02_gan"),
        ("zh", "模式崩溃", "05_faq"),
    ):
        page.goto(f"{address}/{language}/search.html?q={word}")
        page.locator(f'.search li a[href*="{name}"]').first.wait_for(timeout=20_000)


@IN_BROWSER
def test_the_language_switch_leads_to_the_same_page_and_the_front_page_to_a_language(browser):
    page, address = browser
    page.goto(f"{address}/en/notebooks/05_faq.html")
    page.locator(".gt-language").click()
    assert page.url == f"{address}/zh/notebooks/05_faq.html"
    page.locator(".gt-language").click()
    assert page.url == f"{address}/en/notebooks/05_faq.html"
    page.goto(f"{address}/index.html")
    page.wait_for_url(f"{address}/en/index.html")


@IN_BROWSER
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_accessible_in_both_themes(browser, name):
    if not AXE.exists():
        pytest.skip("run `make javascript` first")
    page, address = browser
    page.goto(f"{address}/{name}.html")
    for place in page.locator(".gt-live, .gt-recording").all()[:3]:
        place.scroll_into_view_if_needed()
        place.locator(".gt-frame").wait_for()
    page.add_script_tag(path=AXE)
    # A page may have two explorers, and they have one name.
    check = "axe.run(document, { rules: { 'landmark-unique': { enabled: false } } })"
    for theme in ("light", "dark"):
        page.evaluate("theme => { document.body.dataset.theme = theme; }", theme)
        found = page.evaluate(check)["violations"]
        assert not found, [(theme, each["id"], [node["html"][:200] for node in each["nodes"]][:5]) for each in found]


@IN_BROWSER
def test_narrow_screens_need_no_scrolling_sideways(narrow, crawled):
    (page, address), wide = narrow, []
    for name in sorted(crawled):
        page.goto(f"{address}/{name}")
        if (width := page.evaluate("document.documentElement.scrollWidth")) > 390:
            wide.append((name, width))
    assert not wide


BROKEN_WORDS = """[...document.querySelectorAll("article :is(td, th)")].flatMap((cell) => {
  const found = [], walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  for (let text; (text = walker.nextNode()); )
    for (const word of text.data.matchAll(/\\p{L}{2,14}/gu)) {
      if (/\\p{Script=Han}/u.test(word[0])) continue;
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map((line) => Math.round(line.top))).size > 1) found.push(word[0]);
    }
  return found;
})"""


@IN_BROWSER
@pytest.mark.parametrize("name", ["en/index", "en/glossary", "zh/teaching/03_cgan"])
def test_tables_break_lines_between_words(narrow, name):
    page, address = narrow
    page.goto(f"{address}/{name}.html")
    assert page.evaluate(BROKEN_WORDS) == []


@IN_BROWSER
def test_results_of_a_search_are_searched_for_in_the_other_language(browser):
    page, address = browser
    page.goto(f"{address}/en/search.html?q=LSGAN")
    page.get_by_role("heading", level=1, name="Search").wait_for()
    page.get_by_role("link", name="\u4e2d\u6587").click()
    page.wait_for_url(f"{address}/zh/search.html?q=LSGAN")


@IN_BROWSER
def test_the_menu_opens_by_keyboard_on_a_narrow_screen(narrow):
    page, address = narrow
    page.goto(f"{address}/en/index.html")
    menu, drawer = page.get_by_role("button", name="Menu"), page.locator(".sidebar-drawer")
    assert not drawer.is_visible()
    menu.press("Enter")
    drawer.get_by_role("link", name="The explorer").wait_for()
    assert menu.get_attribute("aria-expanded") == "true"


@IN_BROWSER
def test_the_first_view_is_light(browser):
    page, address = browser
    page.goto(f"{address}/en/notebooks/03_cgan.html", wait_until="networkidle")
    sizes = "performance.getEntriesByType('resource').map((each) => each.transferSize).reduce((a, b) => a + b, 0)"
    assert page.evaluate(sizes) < 6e6  # most of it the weights of the first explorer, which stands in view


@IN_BROWSER
def test_without_scripts_pages_have_pictures_and_the_front_page_links(browser):
    page, address = browser
    context = page.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{address}/index.html")
    plain.get_by_role("link").first.click()
    assert plain.url == f"{address}/en/index.html"
    plain.get_by_role("img", name=re.compile("generated image")).first.wait_for()
    context.close()
