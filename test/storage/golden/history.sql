CREATE TABLE `activity` (
	`id` integer PRIMARY KEY NOT NULL,
	`since` integer NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`entity` text,
	`device` text,
	`entry` text NOT NULL
);

CREATE TABLE `batch` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`changes` blob NOT NULL
, `round` integer DEFAULT 0 NOT NULL);

CREATE TABLE `chunk` (
	`id` integer PRIMARY KEY NOT NULL,
	`since` integer NOT NULL,
	`until` integer NOT NULL,
	`changes` integer NOT NULL,
	`samples` blob NOT NULL
);

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

CREATE TABLE `summary` (
	`id` integer PRIMARY KEY NOT NULL,
	`hours` blob NOT NULL,
	`fives` blob NOT NULL
);

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

CREATE TABLE `usage` (
	`day` integer PRIMARY KEY NOT NULL,
	`used` integer NOT NULL
);

CREATE UNIQUE INDEX `series_value` ON `series` (`entity`,`value`);

CREATE INDEX `trace_file` ON `trace` (`file`,`id`);

CREATE INDEX `trace_rule` ON `trace` (`rule`,`id`);
