-- Dropping a table takes its name out of the schema's hash table.
CREATE TABLE supplier(id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE part(id INTEGER PRIMARY KEY, supplier INTEGER, price REAL);
CREATE TABLE stock(part INTEGER, amount INTEGER);
INSERT INTO supplier VALUES(1, 'north'), (2, 'south');
INSERT INTO part VALUES(10, 1, 2.5), (11, 2, 4.0), (12, 1, 8.25);
SELECT name, sum(price) FROM part JOIN supplier ON supplier.id = part.supplier
 GROUP BY name ORDER BY name;
DROP TABLE part;
SELECT name FROM sqlite_schema ORDER BY name;
