CREATE TABLE `batch` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`changes` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `chunk` (
	`id` integer PRIMARY KEY NOT NULL,
	`since` integer NOT NULL,
	`until` integer NOT NULL,
	`changes` integer NOT NULL,
	`samples` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `series` (
	`id` integer PRIMARY KEY NOT NULL,
	`entity` text NOT NULL,
	`value` text NOT NULL,
	`class` text NOT NULL,
	`last` text,
	`last_at` integer DEFAULT 0 NOT NULL,
	`is_gap` integer DEFAULT false NOT NULL,
	`since` integer DEFAULT 0 NOT NULL,
	`until` integer DEFAULT 0 NOT NULL,
	`chunks` integer DEFAULT 0 NOT NULL,
	`changes` integer DEFAULT 0 NOT NULL,
	`bytes` integer DEFAULT 0 NOT NULL,
	`summarised_until` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `series_value` ON `series` (`entity`,`value`);--> statement-breakpoint
CREATE TABLE `summary` (
	`id` integer PRIMARY KEY NOT NULL,
	`hours` blob NOT NULL,
	`fives` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `usage` (
	`day` integer PRIMARY KEY NOT NULL,
	`used` integer NOT NULL
);
--> statement-breakpoint
INSERT INTO `series` (`entity`, `value`, `class`, `last`, `last_at`) SELECT `entity`, `name`, '', `value`, `changed_at` FROM `last_value`;
