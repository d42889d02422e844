"""Wrong answers to the course's tasks: a module for each notebook, WRONG[task] = [(answer, part of the message), …]."""
