-- Eight bytes make sixteen digits, which fill an object to its last byte.
CREATE TABLE file(name TEXT, head BLOB);
INSERT INTO file VALUES('picture', x'89504e470d0a1a0a');
SELECT name, hex(head) FROM file;
