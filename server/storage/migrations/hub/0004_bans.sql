CREATE TABLE `ban` (
	`id` text PRIMARY KEY NOT NULL,
	`user` text,
	`client_id` text,
	`address` text,
	`until` integer,
	`who` text NOT NULL,
	`created_at` integer NOT NULL
);
