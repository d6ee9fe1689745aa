"""An agency among its peers, view by view."""
