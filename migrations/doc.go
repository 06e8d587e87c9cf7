// Package migrations owns the schema of the database: the numbered SQL files
// beside this one, embedded in the binary, and the verb that applies them.
//
// It never touches a row of business data and it never runs as the
// application's role: [Apply] is called with a connection of the OWNER.
//
//	applied, err := migrations.Apply(ctx, owner)
//
// schema.sql is what pg_dump says of a migrated database: read it to see the
// schema in one sitting, and let a change of it in review say what a migration
// did. After a new migration, rewrite it:
//
//	go test ./migrations -run Snapshot -update
package migrations
