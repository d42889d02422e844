"""What nbgrader is told; it reads this file where it is called: in the folder `assignments`."""

import sys
import warnings
from pathlib import Path

from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute
from sqlalchemy.exc import SAWarning

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from apart import RunApart, TrueCells

warnings.simplefilter("ignore", SAWarning)  # nbgrader's own, with SQLAlchemy 2

c = get_config()  # noqa: F821

c.CourseDirectory.root = str(HERE)
c.CourseDirectory.course_id = "gan_tutorial"

# A learner's cells and the tests in two processes: see apart.py.
usual = Autograde()
c.Autograde.sanitize_preprocessors = [TrueCells, *usual.sanitize_preprocessors]
c.Autograde.autograde_preprocessors = [RunApart if step is Execute else step for step in usual.autograde_preprocessors]
c.RunApart.timeout = 10  # seconds for a cell, or for one call of a learner's function

# Files handed in are called NAME_ASSIGNMENT.ipynb, such as ada_1_concepts.ipynb. NAME has no underscore, and does not begin with
# a dot: "..", as a learner's name, would be another folder.
c.FileNameCollectorPlugin.named_regexp = r".*[/\\](?P<student_id>[^/\\_.][^/\\_]*)_(?P<file_id>[^/\\]+)"
c.ZipCollectApp.strict = True

c.ClearSolutions.code_stub = {"python": "...  # your code here"}
