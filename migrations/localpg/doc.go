// Package localpg finds the PostgreSQL that is installed on this machine and
// runs a private one from it: one cluster in a data directory of ours, durable,
// reachable through a Unix socket that nobody else may open, gone when the
// process that started it is gone. It is what `fund` uses when DATABASE_URL is
// unset.
//
// It never listens on the network, never touches a cluster of the system's and
// never knows what is in the database: the schema is package migrations'.
//
//	pg, err := localpg.Start(ctx, localpg.Options{DataDir: localpg.DefaultDataDir()})
//	if err != nil {
//		return err
//	}
//	defer pg.Stop()
//	owner, err := sqlx.Open("postgres", pg.OwnerURL(localpg.Database))
//
// A data directory looks like this:
//
//	lock          held by the process that runs the server; its pid is inside
//	pg15/         the cluster, named by PostgreSQL's major version
//	postgres.log  what the server said
//	socket/       the Unix socket, 0700
//
// As root, PostgreSQL refuses to run: the server then runs as the account
// postgres (or nobody), which must be able to reach the data directory.
package localpg
