// Generated from the SQL beside it: npm run db:generate
export const historyMigrations = [
  { name: "0000_first", statements: [
    "CREATE TABLE `trace` (\n\t`id` text PRIMARY KEY NOT NULL,\n\t`rule` text NOT NULL,\n\t`file` text NOT NULL,\n\t`version` integer NOT NULL,\n\t`started_at` integer NOT NULL,\n\t`ended_at` integer NOT NULL,\n\t`result` text NOT NULL,\n\t`trace` text NOT NULL,\n\t`cause` text NOT NULL\n);",
    "CREATE INDEX `trace_rule` ON `trace` (`rule`,`id`);",
    "CREATE INDEX `trace_file` ON `trace` (`file`,`id`);",
    "CREATE TABLE `last_value` (\n\t`entity` text NOT NULL,\n\t`name` text NOT NULL,\n\t`value` text NOT NULL,\n\t`at` integer NOT NULL,\n\t`changed_at` integer NOT NULL,\n\tPRIMARY KEY(`entity`, `name`)\n);",
  ] },
]
