"""A page of constants: as many elements of each kind as the address asks for, and nothing behind them.

`?plotly_chart=2&metric=4` draws two charts and four metrics; the names are Streamlit's own. Kinds that
are not in DRAW are left out, which the benchmark says beside its figures.
"""

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

YEARS = [str(year) for year in range(2558, 2568)]
SCORES = [79.69, 83.73, 91.35, 85.2, 88.1, 90.4, 92.0, 93.5, 94.1, 95.3]
ROWS = pd.DataFrame({"year": YEARS, "score": SCORES, "level": ["A"] * len(YEARS)})


def chart(number: int) -> None:
    figure = go.Figure()
    for name in ("IIT", "EIT", "OIT"):
        figure.add_scatter(x=YEARS, y=SCORES, name=name, mode="lines+markers+text", text=SCORES)
    figure.update_layout(yaxis_range=[0, 100], xaxis_type="category")
    st.plotly_chart(figure, key=f"chart {number}")


def selection(number: int) -> None:
    st.selectbox("หน่วยงาน", YEARS, key=f"selection {number}")


def button_group(number: int) -> None:
    st.segmented_control("ภาษา", ["ไทย", "English"], key=f"group {number}")


DRAW: dict[str, Callable[[int], object]] = {
    "plotly_chart": chart,
    "metric": lambda number: st.metric("คะแนนรวม", SCORES[0], delta=1.5),
    "dataframe": lambda number: st.dataframe(ROWS, key=f"rows {number}"),
    "table": lambda number: st.table(ROWS),
    "markdown": lambda number: st.markdown("คะแนนมาจากแหล่งที่ระบุในแต่ละแถว"),
    "html": lambda number: st.html("<p>คะแนนมาจากแหล่งที่ระบุในแต่ละแถว</p>"),
    "heading": lambda number: st.subheader("คะแนนรายปี"),
    "alert": lambda number: st.info("ข้อมูลตัวอย่าง"),
    "text": lambda number: st.text("คะแนนรายปี"),
    "button": lambda number: st.button("ลองอีกครั้ง", key=f"button {number}"),
    "download_button": lambda number: st.download_button("CSV", "score", key=f"file {number}"),
    "page_link": lambda number: st.page_link("https://example.org", label="แนวโน้ม"),
    "slider": lambda number: st.select_slider("ปี", YEARS, key=f"years {number}"),
    "selectbox": selection,
    "button_group": button_group,
}

for kind, count in st.query_params.items():
    for number in range(int(count) if kind in DRAW else 0):
        DRAW[kind](number)
