"""Charts as values: what is drawn stands here once; the screen and the paper draw the same value."""
