DROP TABLE quarter_sums;
CREATE TABLE quarter_sums (
    agency_id TEXT NOT NULL,
    fiscal_year INTEGER NOT NULL,
    quarter INTEGER NOT NULL,
    expected INTEGER NOT NULL,
    reported INTEGER NOT NULL,
    carried INTEGER NOT NULL,
    percents DECIMAL(18, 6) NOT NULL
);
INSERT INTO quarter_sums
WITH m AS (
    SELECT agency_id, fiscal_year, instrument, seq,
        CASE WHEN end_quarter IS NULL THEN 1 ELSE coalesce(start_quarter, 1) END AS first_quarter,
        CASE WHEN start_quarter IS NULL THEN 4 ELSE coalesce(end_quarter, 4) END AS last_quarter
    FROM measure
), c AS (
    SELECT agency_id, fiscal_year, instrument, seq,
        max(percent) FILTER (WHERE quarter = 1) AS q1,
        max(percent) FILTER (WHERE quarter = 2) AS q2,
        max(percent) FILTER (WHERE quarter = 3) AS q3,
        max(percent) FILTER (WHERE quarter = 4) AS q4
    FROM completion GROUP BY agency_id, fiscal_year, instrument, seq
), k AS (
    SELECT m.agency_id, m.fiscal_year, m.first_quarter, m.last_quarter, c.q1, c.q2, c.q3, c.q4,
        coalesce(c.q2, CASE WHEN c.q1 >= 100 THEN c.q1 END) AS known_2,
        coalesce(c.q3, CASE WHEN coalesce(c.q2, c.q1) >= 100 THEN coalesce(c.q2, c.q1) END)
            AS known_3,
        coalesce(c.q4, CASE WHEN coalesce(c.q3, c.q2, c.q1) >= 100
            THEN coalesce(c.q3, c.q2, c.q1) END) AS known_4
    FROM m LEFT JOIN c ON c.agency_id = m.agency_id AND c.fiscal_year = m.fiscal_year
        AND c.instrument = m.instrument AND c.seq = m.seq
), w AS (
    SELECT k.agency_id, k.fiscal_year, q.quarter,
        q.quarter BETWEEN k.first_quarter AND k.last_quarter AS works,
        CASE q.quarter WHEN 1 THEN k.q1 WHEN 2 THEN k.q2 WHEN 3 THEN k.q3 ELSE k.q4 END AS told,
        CASE q.quarter WHEN 1 THEN k.q1 WHEN 2 THEN k.known_2 WHEN 3 THEN k.known_3
            ELSE k.known_4 END AS known
    FROM k CROSS JOIN (VALUES (1), (2), (3), (4)) AS q (quarter)
)
SELECT agency_id, fiscal_year, quarter,
    count(*) FILTER (WHERE works), count(told) FILTER (WHERE works),
    count(known) FILTER (WHERE works AND told IS NULL),
    coalesce(sum(known) FILTER (WHERE works), 0)
FROM w GROUP BY agency_id, fiscal_year, quarter;
