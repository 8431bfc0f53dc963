INSERT INTO "users" ("id", "name", "email", "age", "nickname")
SELECT i, 'User number ' || i, 'user' || i || '@example.org', i % 100, CASE WHEN i % 3 = 0 THEN NULL ELSE 'nick ' || i END FROM generate_series(1, 10000) AS i;
INSERT INTO "posts" ("id", "title", "author_id", "views")
SELECT i, 'Post number ' || i, (i - 1) / 5 + 1, i % 1000 FROM generate_series(1, 50000) AS i;
INSERT INTO "events" ("name", "amount", "note", "active")
SELECT 'event ' || i, i, 'a note of some length', true FROM generate_series(1, 1000) AS i;
INSERT INTO "counters" ("name", "hits")
SELECT 'counter ' || i, i FROM generate_series(1, 1000) AS i;
INSERT INTO "members" ("id", "name", "email")
SELECT i, 'Member number ' || i, 'member' || i || '@example.org' FROM generate_series(1, 100) AS i;
INSERT INTO "topics" ("id", "title", "views", "member_id")
SELECT i, 'Topic number ' || i, i % 100, (i - 1) / 10 + 1 FROM generate_series(1, 1000) AS i;
INSERT INTO "replies" ("id", "text", "topic_id")
SELECT i, 'This is reply number ' || i, (i - 1) / 10 + 1 FROM generate_series(1, 10000) AS i;
VACUUM (ANALYZE);
