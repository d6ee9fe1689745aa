"""The least that Streamlit needs to draw another agency's line: one box and one chart of constants."""

import plotly.graph_objects as go
import streamlit as st

YEARS = [str(year) for year in range(2558, 2568)]
LINES = {
    "0000001": [79.69, 83.73, 91.35, 85.2, 88.1, 90.4, 92.0, 93.5, 94.1, 95.3],
    "0000002": [61.2, 64.8, 70.1, 72.5, 75.0, 79.9, 83.4, 85.6, 88.8, 90.1],
}

agency = st.selectbox("หน่วยงาน", list(LINES))
st.plotly_chart(go.Figure(go.Scatter(x=YEARS, y=LINES[agency], mode="lines+markers")), key="line")
