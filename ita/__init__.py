"""ITA Trends: measures, quarterly completion, yearly scores and the narrative report together.

The map of the house; imports point down this list only, never sideways:

    app.py, pages/, ita/cli/          screens; the command line, which ita/__main__.py enters
    ita/ui/                           what the screens share
    ita/web/                          the server around the pages: requests, sign-in, sessions, uploads
    ita/reports/  ita/integrity/      the narrative report and the brief; every rule of the stored data
    ita/planning/  ita/handbook/      the plan of the year to come; the handbook
    ita/exports/  ita/documents/      tables as files; documents as one value, drawn as PDF, DOCX, HTML
    ita/imports/                      files read, validated, compared and saved
    ita/scores/  ita/measures/        totals, levels, trends, claims; quarterly completion
    ita/auth/                         users, permissions, accounts, sessions, the audit log
    ita/store/  ita/reference/        the database; what the authority changes each year
    ita/charts/                       charts as values, drawn for screen and paper
    ita/workers/                      heavy work on files, in a process of its own under limits
    ita/formatting.py                 values as text: scores, years, quarters, days
    ita/i18n.py  ita/theme.py         Thai and English; colours and fonts
    ita/tables/                       tables as CSV and XLSX in which no cell runs as a formula
    ita/logs.py                       what happened, for whoever runs the machine
    ita/domain.py  ita/config.py
"""

__version__ = "0.1.0"
