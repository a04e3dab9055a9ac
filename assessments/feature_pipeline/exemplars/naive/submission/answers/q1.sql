SELECT customer, SUM(before IS NULL OR at - before > 1800) AS sessions, MAX(at) - MIN(at) AS longest_s
FROM (SELECT a.customer, a.at, (SELECT MAX(b.at) FROM actions b WHERE b.customer = a.customer AND b.at < a.at) AS before FROM actions a)
GROUP BY customer
