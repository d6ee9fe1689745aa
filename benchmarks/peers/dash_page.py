"""What an office would write with Dash: one page of scores from CSVs, and an upload that keeps rows.

Run as: python dash_page.py PORT FOLDER; FOLDER holds agencies.csv and figures.csv, whose
rows are one score each.
"""

import base64
import io
import sqlite3
import sys
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
from dash import Dash, Input, Output, State, callback, dash_table, dcc, html

port, folder = int(sys.argv[1]), Path(sys.argv[2])
scores = pd.read_csv(folder / "figures.csv", dtype={"หน่วยงาน": str})
agencies = pd.read_csv(folder / "agencies.csv", dtype=str)
by_agency = dict(tuple(scores.groupby("หน่วยงาน")))

app = Dash(__name__)
app.layout = html.Div(
    [
        html.H1("ITA"),
        dcc.Dropdown(
            id="agency",
            options=dict(zip(agencies["รหัสหน่วยงาน"], agencies["ชื่อหน่วยงาน"], strict=True)),
            value=agencies["รหัสหน่วยงาน"].iloc[0],
        ),
        html.H2(id="total"),
        dcc.Graph(id="trend"),
        dcc.Upload(html.Button("Upload"), id="file"),
        html.Div(id="uploaded"),
    ]
)


@callback(Output("total", "children"), Output("trend", "figure"), Input("agency", "value"))
def show(agency: str) -> tuple[str, go.Figure]:
    mine = by_agency[agency].sort_values("ปีงบประมาณ")
    mine = mine[mine["ส่วน"] == "คะแนนรวม"]
    figure = go.Figure(go.Scatter(x=mine["ปีงบประมาณ"], y=mine["คะแนน"], mode="lines+markers"))
    return f"{mine['คะแนน'].iloc[-1]:.2f}", figure


@callback(
    Output("uploaded", "children"),
    Input("file", "contents"),
    State("file", "filename"),
    prevent_initial_call=True,
)
def keep(contents: str, name: str) -> list[object]:
    found = pd.read_csv(io.BytesIO(base64.b64decode(contents.partition(",")[2])))
    with sqlite3.connect(folder / "dash.sqlite") as store:
        found.to_sql("progress", store, if_exists="append", index=False)
    return [
        html.P(f"{len(found)} rows of {name} saved"),
        dash_table.DataTable(found.head(50).to_dict("records")),
    ]


app.run(port=port, debug=False)
