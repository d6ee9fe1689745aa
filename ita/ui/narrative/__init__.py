"""The narrative report on screen: its rows, their editing in place, and its documents."""
