CREATE TABLE `alias` (
	`kind` text NOT NULL,
	`slug` text NOT NULL,
	`id` text NOT NULL,
	PRIMARY KEY(`kind`, `slug`)
);

CREATE TABLE `area` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`version` integer NOT NULL
);

CREATE TABLE `area_role` (
	`slug` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`house` text,
	`areas` text NOT NULL
);

CREATE TABLE `audit` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`cause` text NOT NULL,
	`action` text NOT NULL,
	`object` text,
	`detail` text NOT NULL,
	`hash` text NOT NULL
);

CREATE TABLE `audit_chain` (
	`id` integer PRIMARY KEY NOT NULL,
	`start_seq` integer NOT NULL,
	`start_hash` text NOT NULL,
	`end_seq` integer NOT NULL,
	`end_hash` text NOT NULL
);

CREATE TABLE `ban` (
	`id` text PRIMARY KEY NOT NULL,
	`user` text,
	`client_id` text,
	`address` text,
	`until` integer,
	`who` text NOT NULL,
	`created_at` integer NOT NULL
);

CREATE TABLE `broker_delivery` (
	`session` integer NOT NULL,
	`seq` integer NOT NULL,
	`message` integer NOT NULL,
	`qos` integer NOT NULL,
	`retain` integer NOT NULL,
	`subscription_ids` text NOT NULL,
	`state` text NOT NULL,
	`packet_id` integer, `share` text,
	PRIMARY KEY(`session`, `seq`),
	FOREIGN KEY (`session`) REFERENCES `broker_session`(`key`) ON UPDATE no action ON DELETE cascade
);

CREATE TABLE `broker_inbound` (
	`session` integer NOT NULL,
	`packet_id` integer NOT NULL,
	PRIMARY KEY(`session`, `packet_id`),
	FOREIGN KEY (`session`) REFERENCES `broker_session`(`key`) ON UPDATE no action ON DELETE cascade
);

CREATE TABLE `broker_message` (
	`key` integer PRIMARY KEY NOT NULL,
	`topic` text NOT NULL,
	`payload` blob NOT NULL,
	`qos` integer NOT NULL,
	`retain` integer NOT NULL,
	`properties` text,
	`expires_at` integer,
	`user` text,
	`client_id` text,
	`at` integer NOT NULL
);

CREATE TABLE `broker_retained` (
	`topic` text PRIMARY KEY NOT NULL,
	`message` integer NOT NULL
);

CREATE TABLE `broker_session` (
	`key` integer PRIMARY KEY NOT NULL,
	`user` text NOT NULL,
	`client_id` text NOT NULL,
	`protocol` integer NOT NULL,
	`expiry` integer,
	`disconnected_at` integer
);

CREATE TABLE `broker_subscription` (
	`session` integer NOT NULL,
	`filter` text NOT NULL,
	`qos` integer NOT NULL,
	`no_local` integer NOT NULL,
	`retain_as_published` integer NOT NULL,
	`retain_handling` integer NOT NULL,
	`subscription_id` integer,
	PRIMARY KEY(`session`, `filter`),
	FOREIGN KEY (`session`) REFERENCES `broker_session`(`key`) ON UPDATE no action ON DELETE cascade
);

CREATE TABLE `broker_will` (
	`user` text NOT NULL,
	`client_id` text NOT NULL,
	`message` integer NOT NULL,
	`delay` integer NOT NULL,
	`due_at` integer, `message_expiry` integer,
	PRIMARY KEY(`user`, `client_id`)
);

CREATE TABLE `credential` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`username` text NOT NULL,
	`hash` text NOT NULL,
	`publish` text NOT NULL,
	`subscribe` text NOT NULL,
	`full` integer NOT NULL,
	`device` text,
	`created_at` integer NOT NULL
, `client_id` text, `origin` text DEFAULT 'issued' NOT NULL, `scram` text);

CREATE TABLE `device` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`area` text,
	`identifiers` text NOT NULL,
	`user` text,
	`adopted_at` integer NOT NULL,
	`version` integer NOT NULL
);

CREATE TABLE `device_announcement` (
	`topic` text PRIMARY KEY NOT NULL,
	`dialect` text NOT NULL,
	`payload` blob NOT NULL,
	`user` text,
	`client_id` text,
	`at` integer NOT NULL
);

CREATE TABLE `entity` (
	`id` text PRIMARY KEY NOT NULL,
	`device` text NOT NULL,
	`key` text NOT NULL,
	`slug` text NOT NULL,
	`name` text,
	`area` text
, `version` integer DEFAULT 1 NOT NULL);

CREATE TABLE `hub` (
	`id` integer PRIMARY KEY NOT NULL,
	`instance` text NOT NULL
);

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

CREATE TABLE `rule_deadline` (
	`rule` text NOT NULL,
	`trigger` text NOT NULL,
	`since` integer NOT NULL,
	`due_at` integer NOT NULL,
	PRIMARY KEY(`rule`, `trigger`)
);

CREATE TABLE `rule_file` (
	`slug` text PRIMARY KEY NOT NULL,
	`text` text NOT NULL,
	`version` integer NOT NULL,
	`enabled` integer NOT NULL,
	`changed_at` integer NOT NULL
);

CREATE TABLE `rule_moment` (
	`rule` text NOT NULL,
	`trigger` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`rule`, `trigger`)
);

CREATE TABLE `rule_run` (
	`id` text PRIMARY KEY NOT NULL,
	`rule` text NOT NULL,
	`file` text NOT NULL,
	`version` integer NOT NULL,
	`started_at` integer NOT NULL,
	`due_at` integer,
	`continuation` text NOT NULL,
	`cause` text NOT NULL
);

CREATE TABLE `second_factor` (
	`user` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`step` integer NOT NULL,
	`codes` text NOT NULL,
	`created_at` integer NOT NULL
);

CREATE TABLE `sequence` (
	`name` text PRIMARY KEY NOT NULL,
	`mark` integer NOT NULL
);

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

CREATE TABLE `settings` (
	`id` integer PRIMARY KEY NOT NULL,
	`settings` text NOT NULL,
	`version` integer NOT NULL
);

CREATE TABLE `token` (
	`id` text PRIMARY KEY NOT NULL,
	`user` text NOT NULL,
	`hash` text NOT NULL,
	`scopes` text NOT NULL,
	`areas` text,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`last_used_at` integer
);

CREATE TABLE `user` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`password` text NOT NULL,
	`created_at` integer NOT NULL,
	`disabled` integer NOT NULL
, `recovery` text, `area_role` text);

CREATE TABLE `version` (
	`kind` text NOT NULL,
	`object` text NOT NULL,
	`version` integer NOT NULL,
	`at` integer NOT NULL,
	`cause` text NOT NULL,
	`content` text,
	PRIMARY KEY(`kind`, `object`, `version`)
);

CREATE UNIQUE INDEX `area_slug_unique` ON `area` (`slug`);

CREATE INDEX `audit_action` ON `audit` (`action`,`seq`);

CREATE INDEX `broker_will_due` ON `broker_will` (`due_at`);

CREATE UNIQUE INDEX `credential_login` ON `credential` (`username`,`client_id`);

CREATE UNIQUE INDEX `credential_username` ON `credential` (`username`) WHERE "credential"."client_id" is null;

CREATE INDEX `device_area` ON `device` (`area`);

CREATE UNIQUE INDEX `device_slug_unique` ON `device` (`slug`);

CREATE INDEX `entity_device` ON `entity` (`device`);

CREATE UNIQUE INDEX `pass_hash_unique` ON `pass` (`hash`);

CREATE INDEX `rule_run_file` ON `rule_run` (`file`);

CREATE UNIQUE INDEX `session_hash_unique` ON `session` (`hash`);

CREATE UNIQUE INDEX `token_hash_unique` ON `token` (`hash`);

CREATE UNIQUE INDEX `user_name_unique` ON `user` (`name`);

CREATE INDEX `version_at` ON `version` (`at`);
