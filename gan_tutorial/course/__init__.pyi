from .asking import Question as Question, question as question
from .profiles import is_quick as is_quick
from .quiz_pool import PooledQuiz as PooledQuiz, pool_quiz as pool_quiz
from .quizzes import Quiz as Quiz, quiz as quiz
from .tasks import TASKS as TASKS, Verdict as Verdict, check as check
