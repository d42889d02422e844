from .asking import Question as Question
from .asking import question as question
from .tasks import TASKS as TASKS
from .tasks import Verdict as Verdict
from .tasks import check as check
