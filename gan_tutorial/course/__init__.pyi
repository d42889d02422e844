from .asking import Question as Question, question as question
from .profiles import is_quick as is_quick
from .tasks import TASKS as TASKS, Verdict as Verdict, check as check
