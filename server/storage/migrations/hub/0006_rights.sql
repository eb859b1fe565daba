CREATE TABLE `area_role` (
	`slug` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`house` text,
	`areas` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `pass` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`entities` text NOT NULL,
	`may` text NOT NULL,
	`from` integer NOT NULL,
	`until` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `pass_hash_unique` ON `pass` (`hash`);--> statement-breakpoint
ALTER TABLE `user` ADD `area_role` text;