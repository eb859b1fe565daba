CREATE TABLE `session` (
	`id` text PRIMARY KEY NOT NULL,
	`user` text NOT NULL,
	`hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`address` text NOT NULL,
	`user_agent` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `session_hash_unique` ON `session` (`hash`);--> statement-breakpoint
CREATE TABLE `hub` (
	`id` integer PRIMARY KEY NOT NULL,
	`instance` text NOT NULL
);
--> statement-breakpoint
DROP INDEX `credential_username_unique`;--> statement-breakpoint
ALTER TABLE `credential` ADD `client_id` text;--> statement-breakpoint
ALTER TABLE `credential` ADD `origin` text DEFAULT 'issued' NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `credential_login` ON `credential` (`username`,`client_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `credential_username` ON `credential` (`username`) WHERE "credential"."client_id" is null;--> statement-breakpoint
ALTER TABLE `user` ADD `recovery` text;