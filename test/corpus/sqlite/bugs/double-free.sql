-- Every character is trimmed away.
CREATE TABLE line(body TEXT);
INSERT INTO line VALUES('----');
SELECT '[' || trim(body, '-= ') || ']' FROM line;
