"""The quiz in a real JupyterLab, answered by keyboard, stopped, and gone on with."""

import pytest

from gan_tutorial.course.quizzes import answer_order, items, read_quiz

from .browser import NEEDS, look_over, open_notebook, open_page, run_cell, serve

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
pytestmark = NEEDS

NAMES = list(items())


def test_a_quiz_is_answered_by_keyboard_and_goes_on_after_a_stop(tmp_path):
    code = 'import gan_tutorial as gt\ngt.course.quiz("after", code="sun-lake-42")'
    with serve(tmp_path) as lab, open_page() as page:
        lab.write("quiz.ipynb", code, code)
        open_notebook(page, lab, "quiz.ipynb")
        run_cell(page, 0)
        frame = page.locator(".gt-frame").first
        start = frame.get_by_role("button", name="Start")
        expect(start).to_be_visible(timeout=60_000)
        expect(frame).to_contain_text("sun-lake-42")
        expect(frame).to_contain_text("no name, no time")
        expect(frame).to_contain_text("no answers with this code from before")
        look_over(page, frame)
        start.focus()
        page.keyboard.press("Enter")

        # A digit chooses, an arrow moves the choice, Enter goes on; Shift+Tab from Next leads to Back.
        expect(frame.get_by_text("item 1 of 20", exact=True).first).to_be_visible()
        expect(frame.get_by_role("radio").first).to_be_focused()
        following = frame.get_by_role("button", name="Next")
        expect(following).to_be_disabled()
        page.keyboard.press("Enter")  # nothing is chosen yet
        page.keyboard.press("2")
        expect(frame.get_by_role("radio").nth(1)).to_be_checked()
        expect(following).to_be_enabled()
        page.keyboard.press("ArrowDown")
        expect(frame.get_by_role("radio").nth(2)).to_be_checked()
        look_over(page, frame)
        frame.get_by_role("radio").nth(2).focus()
        page.keyboard.press("Enter")
        expect(frame.get_by_text("item 2 of 20", exact=True).first).to_be_visible()
        expect(frame.get_by_role("radio").first).to_be_focused()
        page.keyboard.press("0")
        expect(frame.get_by_label("I do not know")).to_be_checked()
        page.keyboard.press("Enter")
        expect(frame.get_by_text("item 3 of 20", exact=True).first).to_be_visible()
        frame.get_by_role("button", name="Back").focus()
        page.keyboard.press("Enter")
        expect(frame.get_by_text("item 2 of 20", exact=True).first).to_be_visible()
        expect(frame.get_by_label("I do not know")).to_be_checked()
        expect(frame.get_by_label("I do not know")).to_be_focused()
        file = next(tmp_path.rglob("sun-lake-42_after.csv"))
        assert read_quiz(file)[2] == {NAMES[0]: answer_order("sun-lake-42", "after", NAMES[0])[2], NAMES[1]: 0}

        # Another session with the same code goes on at the third item; all others are answered rightly.
        run_cell(page, 1)
        frame = page.locator(".gt-frame").last
        start = frame.get_by_role("button", name="Go on")
        expect(start).to_be_visible(timeout=60_000)
        start.focus()
        page.keyboard.press("Enter")
        for place in range(2, 20):
            expect(frame.get_by_text(f"item {place + 1} of 20", exact=True).first).to_be_visible()
            expect(frame.get_by_text("When you press Finish")).to_be_visible(visible=place == 19)
            page.keyboard.press(str(answer_order("sun-lake-42", "after", NAMES[place]).index(1) + 1))
            page.keyboard.press("Enter")
        right = 18 + (answer_order("sun-lake-42", "after", NAMES[0])[2] == 1)
        result = frame.locator(".gt-result")
        expect(result).to_contain_text(f"{right} of 20 right")
        expect(result).to_be_focused()
        expect(frame.locator("ol")).to_contain_text(items()[NAMES[1]]["answers"][0]["why"])
        expect(frame.locator(".gt-error")).to_be_hidden()
        look_over(page, frame)
        assert len(read_quiz(file)[2]) == 20
