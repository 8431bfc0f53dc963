WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
INSERT INTO "users" ("id", "name", "email", "age", "nickname")
SELECT i, 'User number ' || i, 'user' || i || '@example.org', i % 100, CASE WHEN i % 3 = 0 THEN NULL ELSE 'nick ' || i END FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
INSERT INTO "posts" ("id", "title", "author_id", "views")
SELECT i, 'Post number ' || i, (i - 1) / 5 + 1, i % 1000 FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
INSERT INTO "events" ("name", "amount", "note", "active")
SELECT 'event ' || i, i, 'a note of some length', 1 FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
INSERT INTO "counters" ("name", "hits")
SELECT 'counter ' || i, i FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
INSERT INTO "members" ("id", "name", "email")
SELECT i, 'Member number ' || i, 'member' || i || '@example.org' FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
INSERT INTO "topics" ("id", "title", "views", "member_id")
SELECT i, 'Topic number ' || i, i % 100, (i - 1) / 10 + 1 FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
INSERT INTO "replies" ("id", "text", "topic_id")
SELECT i, 'This is reply number ' || i, (i - 1) / 10 + 1 FROM n;
