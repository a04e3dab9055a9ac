WITH ranked AS (
    SELECT customer, event_id, status, cents, received_at,
           ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY revision DESC, received_at) AS final_rank,
           ROW_NUMBER() OVER (PARTITION BY event_id, received_at <= 1749859200 ORDER BY revision DESC, received_at) AS known_rank
    FROM deliveries
)
SELECT customer,
       SUM(CASE WHEN received_at <= 1749859200 AND known_rank = 1 AND status = 'ok' THEN cents ELSE 0 END) AS known_cents,
       SUM(CASE WHEN final_rank = 1 AND status = 'ok' THEN cents ELSE 0 END) AS final_cents
FROM ranked
GROUP BY customer
HAVING SUM(received_at <= 1749859200) > 0
