"""The steps of an import on screen, in their order; nothing is stored before the last."""
