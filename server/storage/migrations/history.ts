// Generated from the SQL beside it: npm run db:generate
export const historyMigrations = [
  { name: "0000_first", statements: [
    "CREATE TABLE `trace` (\n\t`id` text PRIMARY KEY NOT NULL,\n\t`rule` text NOT NULL,\n\t`file` text NOT NULL,\n\t`version` integer NOT NULL,\n\t`started_at` integer NOT NULL,\n\t`ended_at` integer NOT NULL,\n\t`result` text NOT NULL,\n\t`trace` text NOT NULL,\n\t`cause` text NOT NULL\n);",
    "CREATE INDEX `trace_rule` ON `trace` (`rule`,`id`);",
    "CREATE INDEX `trace_file` ON `trace` (`file`,`id`);",
    "CREATE TABLE `last_value` (\n\t`entity` text NOT NULL,\n\t`name` text NOT NULL,\n\t`value` text NOT NULL,\n\t`at` integer NOT NULL,\n\t`changed_at` integer NOT NULL,\n\tPRIMARY KEY(`entity`, `name`)\n);",
  ] },
  { name: "0001_recorder", statements: [
    "CREATE TABLE `batch` (\n\t`id` integer PRIMARY KEY NOT NULL,\n\t`at` integer NOT NULL,\n\t`changes` blob NOT NULL\n);",
    "CREATE TABLE `chunk` (\n\t`id` integer PRIMARY KEY NOT NULL,\n\t`since` integer NOT NULL,\n\t`until` integer NOT NULL,\n\t`changes` integer NOT NULL,\n\t`samples` blob NOT NULL\n);",
    "CREATE TABLE `series` (\n\t`id` integer PRIMARY KEY NOT NULL,\n\t`entity` text NOT NULL,\n\t`value` text NOT NULL,\n\t`class` text NOT NULL,\n\t`last` text,\n\t`last_at` integer DEFAULT 0 NOT NULL,\n\t`is_gap` integer DEFAULT false NOT NULL,\n\t`since` integer DEFAULT 0 NOT NULL,\n\t`until` integer DEFAULT 0 NOT NULL,\n\t`chunks` integer DEFAULT 0 NOT NULL,\n\t`changes` integer DEFAULT 0 NOT NULL,\n\t`bytes` integer DEFAULT 0 NOT NULL,\n\t`summarised_until` integer DEFAULT 0 NOT NULL\n);",
    "CREATE UNIQUE INDEX `series_value` ON `series` (`entity`,`value`);",
    "CREATE TABLE `summary` (\n\t`id` integer PRIMARY KEY NOT NULL,\n\t`hours` blob NOT NULL,\n\t`fives` blob NOT NULL\n);",
    "CREATE TABLE `usage` (\n\t`day` integer PRIMARY KEY NOT NULL,\n\t`used` integer NOT NULL\n);",
    "INSERT INTO `series` (`entity`, `value`, `class`, `last`, `last_at`) SELECT `entity`, `name`, '', `value`, `changed_at` FROM `last_value`;",
  ] },
  { name: "0002_last_values", statements: [
    "DROP TABLE `last_value`;",
  ] },
  { name: "0003_slots", statements: [
    "ALTER TABLE `batch` ADD `round` integer DEFAULT 0 NOT NULL;",
    "DELETE FROM `batch`;",
  ] },
  { name: "0004_activity", statements: [
    "CREATE TABLE `activity` (\n\t`id` integer PRIMARY KEY NOT NULL,\n\t`since` integer NOT NULL,\n\t`at` integer NOT NULL,\n\t`kind` text NOT NULL,\n\t`entity` text,\n\t`device` text,\n\t`entry` text NOT NULL\n);",
  ] },
]
