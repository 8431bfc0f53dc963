SET SESSION max_recursive_iterations = 100000;
INSERT INTO `users` (`id`, `name`, `email`, `age`, `nickname`)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
SELECT i, CONCAT('User number ', i), CONCAT('user', i, '@example.org'), i % 100, CASE WHEN i % 3 = 0 THEN NULL ELSE CONCAT('nick ', i) END FROM n;
INSERT INTO `posts` (`id`, `title`, `author_id`, `views`)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
SELECT i, CONCAT('Post number ', i), (i - 1) DIV 5 + 1, i % 1000 FROM n;
INSERT INTO `events` (`name`, `amount`, `note`, `active`)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
SELECT CONCAT('event ', i), i, 'a note of some length', true FROM n;
INSERT INTO `counters` (`name`, `hits`)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
SELECT CONCAT('counter ', i), i FROM n;
INSERT INTO `members` (`id`, `name`, `email`)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
SELECT i, CONCAT('Member number ', i), CONCAT('member', i, '@example.org') FROM n;
INSERT INTO `topics` (`id`, `title`, `views`, `member_id`)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
SELECT i, CONCAT('Topic number ', i), i % 100, (i - 1) DIV 10 + 1 FROM n;
INSERT INTO `replies` (`id`, `text`, `topic_id`)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
SELECT i, CONCAT('This is reply number ', i), (i - 1) DIV 10 + 1 FROM n;
ANALYZE TABLE `users`, `posts`, `events`, `counters`, `members`, `topics`, `replies`;
