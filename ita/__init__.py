"""ITA Trends: measures, quarterly completion, yearly scores and the narrative report together.

The map of the house; imports point down this list only, never sideways:

    app.py, pages/, ita/__main__.py   screens and the command line
    ita/ui/                           what the screens share; Streamlit stands here and above only
    ita/report/  ita/importing/       the narrative report; files taken in and given out
    ita/scores/  ita/measures/        totals, levels, trends, claims; quarterly completion
    ita/store/  ita/reference.py      the database; what the authority changes each year
    ita/wording.py  ita/style.py      how a value is said; how it looks
    ita/vocabulary.py  ita/settings.py
"""

__version__ = "0.1.0"
