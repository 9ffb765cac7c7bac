-- SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
-- Joins, JSON, index builds, transactions, window functions and full text
-- over generated rows. Every query orders its result, so that the output says
-- the same on each run.
.headers on
.mode list
PRAGMA journal_mode = WAL;
PRAGMA cache_size = 200;

CREATE TABLE customer(id INTEGER PRIMARY KEY, name TEXT, city TEXT, extra TEXT);
CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customer,
                    day INTEGER, amount REAL, note TEXT);
CREATE TABLE item(orders INTEGER, sku TEXT, quantity INTEGER,
                  PRIMARY KEY(orders, sku)) WITHOUT ROWID;

BEGIN;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
INSERT INTO customer
  SELECT i, printf('customer-%05d', i),
         CASE i % 7 WHEN 0 THEN 'Oslo' WHEN 1 THEN 'Lima' WHEN 2 THEN 'Kyoto'
                    WHEN 3 THEN 'Accra' WHEN 4 THEN 'Turin' WHEN 5 THEN 'Perth'
                    ELSE 'Quito' END,
         json_object('level', i % 5, 'tags', json_array(i % 3, 'tag' || i % 11),
                     'address', json_object('zip', printf('%05d', i * 37 % 99999)))
    FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
INSERT INTO orders
  SELECT i, 1 + i * 7919 % 3000, i * 31 % 365, (i * 104729 % 100000) / 100.0,
         substr('the quick brown fox jumps over the lazy dog', 1 + i % 20, 5 + i % 19)
    FROM n;
INSERT INTO item
  SELECT id, 'sku' || (id * 13 % 97), 1 + id % 9 FROM orders
  UNION ALL
  SELECT id, 'sku' || (100 + id * 17 % 89), 1 + id % 4 FROM orders WHERE id % 2;
COMMIT;

CREATE INDEX orders_by_customer ON orders(customer, day);
CREATE INDEX orders_by_note ON orders(note COLLATE NOCASE, amount DESC);
CREATE INDEX customer_by_zip ON customer(json_extract(extra, '$.address.zip'));
CREATE UNIQUE INDEX customer_by_name ON customer(name);
ANALYZE;

SELECT city, count(*) AS orders, round(sum(amount), 2) AS amount,
       sum(quantity) AS pieces
  FROM customer JOIN orders ON orders.customer = customer.id
                JOIN item ON item.orders = orders.id
 GROUP BY city ORDER BY city;

SELECT c.name, count(o.id) AS n
  FROM customer c LEFT JOIN orders o ON o.customer = c.id AND o.amount > 950
 GROUP BY c.id ORDER BY n DESC, c.name LIMIT 8;

SELECT json_extract(extra, '$.level') AS level, count(*) AS n,
       json_group_array(DISTINCT json_extract(extra, '$.tags[1]')) AS tags
  FROM customer WHERE id <= 200 GROUP BY level ORDER BY level;
SELECT id, json_set(extra, '$.level', 9, '$.new', json('[1,{"a":2}]')) AS changed
  FROM customer WHERE json_extract(extra, '$.address.zip') BETWEEN '00100' AND '00300'
 ORDER BY id LIMIT 6;
SELECT key, type, count(*) AS n FROM customer, json_tree(customer.extra)
 WHERE customer.id <= 400 GROUP BY key, type ORDER BY key, type;
UPDATE customer SET extra = json_patch(extra, json_object('seen', id % 2)) WHERE id % 3 = 0;
SELECT sum(length(extra)) AS bytes, sum(json_valid(extra)) AS valid FROM customer;

SELECT city, day, amount, total, rank FROM (
  SELECT city, day, amount,
         sum(amount) OVER (PARTITION BY city ORDER BY day, o.id
                           ROWS BETWEEN 20 PRECEDING AND CURRENT ROW) AS total,
         rank() OVER (PARTITION BY city ORDER BY amount DESC, o.id) AS rank
    FROM orders o JOIN customer c ON c.id = o.customer WHERE o.id <= 15000)
 WHERE rank <= 3 ORDER BY city, rank;
SELECT day, n, lag(n, 1, 0) OVER w AS before, ntile(4) OVER w AS quarter,
       group_concat(n, ',') OVER (ORDER BY day ROWS 3 PRECEDING) AS recent
  FROM (SELECT day, count(*) AS n FROM orders GROUP BY day)
 WINDOW w AS (ORDER BY day) ORDER BY day LIMIT 12;

BEGIN;
DELETE FROM item WHERE quantity = 3;
SAVEPOINT halfway;
UPDATE orders SET note = upper(note) || hex(note) WHERE id % 4 = 0;
ROLLBACK TO halfway;
UPDATE orders SET note = replace(note, 'fox', 'wolf') WHERE note LIKE '%fox%';
COMMIT;
BEGIN;
DELETE FROM orders;
ROLLBACK;
SELECT count(*) AS orders, sum(note LIKE '%wolf%') AS wolves,
       (SELECT count(*) FROM item) AS items FROM orders;

CREATE VIRTUAL TABLE notes USING fts5(body, tokenize = 'porter');
INSERT INTO notes(rowid, body) SELECT id, note FROM orders WHERE id <= 8000;
SELECT count(*) AS hits FROM notes WHERE notes MATCH 'quick OR lazi*';
SELECT rowid, highlight(notes, 0, '[', ']') AS body FROM notes
 WHERE notes MATCH 'brown NOT fox' ORDER BY rowid LIMIT 5;

CREATE VIRTUAL TABLE box USING rtree(id, x0, x1, y0, y1);
INSERT INTO box SELECT id, id % 100, id % 100 + 3, id / 100, id / 100 + 2
  FROM orders WHERE id <= 5000;
SELECT count(*) AS boxes FROM box WHERE x1 >= 10 AND x0 <= 20 AND y1 >= 5 AND y0 <= 9;

WITH RECURSIVE chain(id, depth, path) AS (
  SELECT 1, 0, '1'
  UNION ALL
  SELECT id * 3 % 1009, depth + 1, path || '>' || (id * 3 % 1009) FROM chain WHERE depth < 400)
SELECT count(*) AS steps, length(max(path)) AS longest FROM chain;

CREATE TRIGGER keep_log AFTER UPDATE OF amount ON orders BEGIN
  UPDATE customer SET extra = json_set(extra, '$.last', new.amount) WHERE id = new.customer;
END;
UPDATE orders SET amount = amount + 1 WHERE id % 10 = 0;
SELECT round(sum(json_extract(extra, '$.last')), 2) AS last FROM customer;

DROP INDEX orders_by_note;
VACUUM;
PRAGMA integrity_check;
SELECT name, type FROM sqlite_schema ORDER BY type, name;
