"""The page an office would write: pandas over the CSVs, kept in st.cache_data, drawn by plotly.express."""

from pathlib import Path

import pandas as pd
import plotly.express as px
import streamlit as st

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"


@st.cache_data
def scores() -> pd.DataFrame:
    files = [SAMPLES / "scores_published.csv", SAMPLES / "scores_fictional.csv"]
    return pd.concat([pd.read_csv(file) for file in files], ignore_index=True)


@st.cache_data
def agencies() -> pd.DataFrame:
    return pd.read_csv(SAMPLES / "agencies.csv")


st.title("ITA")
names = agencies().set_index("รหัสหน่วยงาน")["ชื่อหน่วยงาน"]
agency = st.selectbox("หน่วยงาน", names.index, format_func=names.__getitem__)
found = scores()
mine = found[found["หน่วยงาน"] == agency].sort_values("ปีงบประมาณ")
st.metric("คะแนนรวม", mine["คะแนนรวม"].iloc[-1])
st.plotly_chart(px.line(mine, x="ปีงบประมาณ", y="คะแนนรวม", markers=True))
st.dataframe(mine)
