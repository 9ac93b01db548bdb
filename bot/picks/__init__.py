"""Which of a day's papers a club would note, learnt from those it noted."""
