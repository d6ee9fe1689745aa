"""The commands of `python -m ita …`: one file a subject, each with its runs and their options."""
