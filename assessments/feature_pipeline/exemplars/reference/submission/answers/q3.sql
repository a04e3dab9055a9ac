WITH arrived AS (
    SELECT customer, event_id, status, cents,
           MIN(received_at) OVER (PARTITION BY event_id) AS first_received,
           ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY revision DESC, received_at) AS place
    FROM deliveries
)
SELECT customer,
       SUM(CASE WHEN first_received <= 1749859200 THEN cents ELSE 0 END) AS known_cents,
       SUM(cents) AS final_cents
FROM (SELECT customer, first_received, CASE status WHEN 'ok' THEN cents ELSE 0 END AS cents FROM arrived WHERE place = 1)
GROUP BY customer
HAVING MIN(first_received) <= 1749859200
