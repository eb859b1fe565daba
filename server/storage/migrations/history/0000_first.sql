CREATE TABLE `trace` (
	`id` text PRIMARY KEY NOT NULL,
	`rule` text NOT NULL,
	`file` text NOT NULL,
	`version` integer NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer NOT NULL,
	`result` text NOT NULL,
	`trace` text NOT NULL,
	`cause` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `trace_rule` ON `trace` (`rule`,`id`);--> statement-breakpoint
CREATE INDEX `trace_file` ON `trace` (`file`,`id`);--> statement-breakpoint
CREATE TABLE `last_value` (
	`entity` text NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL,
	`at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	PRIMARY KEY(`entity`, `name`)
);
