WITH weeks AS (
    SELECT customer, SUM(cents) OVER (PARTITION BY customer ORDER BY at RANGE BETWEEN 604799 PRECEDING AND CURRENT ROW) AS week_cents
    FROM actions
    WHERE kind = 'purchase'
)
SELECT customer, MAX(week_cents) AS best_week_cents
FROM weeks
GROUP BY customer
