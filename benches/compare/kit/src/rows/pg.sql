INSERT INTO "users" ("id", "name", "email", "age", "nickname")
SELECT i, 'User number ' || i, 'user' || i || '@example.org', i % 100, CASE WHEN i % 3 = 0 THEN NULL ELSE 'nick ' || i END FROM generate_series(1, 10000) AS i;
INSERT INTO "posts" ("id", "title", "author_id", "views")
SELECT i, 'Post number ' || i, (i - 1) / 5 + 1, i % 1000 FROM generate_series(1, 50000) AS i;
INSERT INTO "events" ("name", "amount", "note", "active")
SELECT 'event ' || i, i, 'a note of some length', true FROM generate_series(1, 1000) AS i;
INSERT INTO "counters" ("name", "hits")
SELECT 'counter ' || i, i FROM generate_series(1, 1000) AS i;
VACUUM (ANALYZE);
