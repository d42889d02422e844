"""A question in a real JupyterLab."""

import pytest

from gan_tutorial.course import question

from .browser import NEEDS, look_over, open_notebook, open_page, run_cell, serve

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
pytestmark = NEEDS


def test_a_question_is_answered_by_keyboard(tmp_path):
    right = next(answer for answer in question("half_everywhere").answers if answer["right"])
    code = 'import gan_tutorial as gt\ngt.course.question("half_everywhere")'
    with serve(tmp_path) as lab, open_page() as page:
        lab.write("question.ipynb", code)
        open_notebook(page, lab, "question.ipynb")
        run_cell(page, 0)
        frame = page.locator(".gt-frame")
        submit, verdict = frame.get_by_role("button"), frame.locator(".gt-question-verdict")
        expect(submit).to_be_disabled(timeout=60_000)
        for answer in sorted(question("half_everywhere").answers, key=lambda answer: answer["right"]):
            frame.get_by_label(answer["text"]).focus()
            page.keyboard.press("Space")
            submit.focus()
            page.keyboard.press("Enter")
            expect(verdict).to_contain_text(answer["why"])
        expect(submit).to_be_hidden()
        expect(verdict).to_be_focused()
        assert frame.get_by_label(right["text"]).is_checked()
        look_over(page, frame)
