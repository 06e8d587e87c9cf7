// Package pgtest gives a test a fresh, migrated PostgreSQL database of its own
// in tens of milliseconds, and takes it away afterwards. No TestMain, no
// settings, no container: an installed PostgreSQL is all it needs.
//
//	func TestPostNeedsTwoPostings(t *testing.T) {
//		t.Parallel()
//		db := pgtest.DB(t)
//		_, err := db.App.Exec(`…`) // as the server's role, fund_app
//		_, err = db.Owner.Exec(`…`) // as the owner
//	}
//
// It never fills a table: fixtures belong to the packages that own the tables.
//
// Every test process runs one private server (package localpg), which the
// kernel stops when the process is gone, however it went. Its data directory
// stays, in memory where there is room and else in the folder for temporary
// files, with the migrated template in it, and the next process takes over any
// that is free: so a run of all packages makes as many directories as test
// processes run side by side, and later runs make none. The directories carry
// the hash of the migrations in their names; after a change the old ones are
// swept away within a quarter of an hour of use.
//
// These servers do not wait for the disk. A test of durability asks for
// [Server].
package pgtest
