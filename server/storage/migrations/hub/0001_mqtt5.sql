ALTER TABLE `broker_delivery` ADD `share` text;--> statement-breakpoint
ALTER TABLE `broker_will` ADD `message_expiry` integer;