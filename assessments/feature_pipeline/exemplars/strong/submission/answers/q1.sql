WITH stepped AS (
    SELECT customer, at, at - LAG(at) OVER (PARTITION BY customer ORDER BY at) AS gap
    FROM actions
),
numbered AS (
    SELECT customer, at, SUM(gap IS NULL OR gap > 1800) OVER (PARTITION BY customer ORDER BY at ROWS UNBOUNDED PRECEDING) AS visit
    FROM stepped
),
visits AS (
    SELECT customer, visit, MAX(at) - MIN(at) AS length
    FROM numbered
    GROUP BY customer, visit
)
SELECT customer, COUNT(*) AS sessions, MAX(length) AS longest_s
FROM visits
GROUP BY customer
