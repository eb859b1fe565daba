CREATE TABLE `second_factor` (
	`user` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`step` integer NOT NULL,
	`codes` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `audit` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`cause` text NOT NULL,
	`action` text NOT NULL,
	`object` text,
	`detail` text NOT NULL,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_action` ON `audit` (`action`,`seq`);--> statement-breakpoint
CREATE TABLE `audit_chain` (
	`id` integer PRIMARY KEY NOT NULL,
	`start_seq` integer NOT NULL,
	`start_hash` text NOT NULL,
	`end_seq` integer NOT NULL,
	`end_hash` text NOT NULL
);
