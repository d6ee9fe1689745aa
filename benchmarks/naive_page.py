"""The page an office would write: pandas over the CSVs, kept in st.cache_data, drawn by plotly.express.

ITA_BENCH_CSV: the folder with agencies.csv and figures.csv, whose rows are one score each.
"""

import os
from pathlib import Path

import pandas as pd
import plotly.express as px
import streamlit as st

FILES = Path(os.environ["ITA_BENCH_CSV"])


@st.cache_data
def scores() -> pd.DataFrame:
    return pd.read_csv(FILES / "figures.csv", dtype={"หน่วยงาน": str})


@st.cache_data
def agencies() -> pd.DataFrame:
    return pd.read_csv(FILES / "agencies.csv", dtype=str)


st.title("ITA")
names = agencies().set_index("รหัสหน่วยงาน")["ชื่อหน่วยงาน"]
agency = st.selectbox("หน่วยงาน", names.index, format_func=names.__getitem__)
found = scores()
mine = found[found["หน่วยงาน"] == agency].sort_values("ปีงบประมาณ")
totals = mine[mine["ส่วน"] == "คะแนนรวม"]
st.metric("คะแนนรวม", f"{totals['คะแนน'].iloc[-1]:.2f}")
st.plotly_chart(px.line(totals, x="ปีงบประมาณ", y="คะแนน", markers=True))
st.dataframe(mine)
