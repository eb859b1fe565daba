CREATE TABLE `activity` (
	`id` integer PRIMARY KEY NOT NULL,
	`since` integer NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`entity` text,
	`device` text,
	`entry` text NOT NULL
);
