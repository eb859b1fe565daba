ALTER TABLE `batch` ADD `round` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
DELETE FROM `batch`;
