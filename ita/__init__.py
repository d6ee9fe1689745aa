"""ITA Trends: measures, quarterly completion, yearly scores and the narrative report together.

The map of the house; imports point down this list only, never sideways:

    app.py, pages/, ita/commands/     screens; the command line, which ita/__main__.py enters
    ita/ui/                           what the screens share; Streamlit stands here and above only
    ita/ui/web/                       the server around the pages: who comes in, what it answers
    ita/report/  ita/importing/       the narrative report; files taken in and given out
    ita/keeping/                      every rule of the stored data; backup and restore
    ita/scores/  ita/measures/        totals, levels, trends, claims; quarterly completion
    ita/access/                       who may do what: persons, accounts, sessions, the audit log
    ita/store/  ita/reference/        the database; what the authority changes each year
    ita/charts/                       charts as values, drawn for screen and paper
    ita/workers/                      heavy work on files, in a process of its own under limits
    ita/wording.py  ita/style.py      how a value is said; how it looks
    ita/spreadsheet/                  tables as CSV and XLSX in which no cell runs as a formula
    ita/logs.py                       what happened, for whoever runs the machine
    ita/vocabulary.py  ita/settings.py
"""

__version__ = "0.1.0"
