// Package bench measures the server as its users meet it: over HTTP, against a
// scratch PostgreSQL with durable settings, compared in the same run with a
// yardstick on the same PostgreSQL. Crash kills both under load and proves that
// nothing is lost. It never touches a database that exists.
//
//	err := bench.Donations(ctx, os.Stdout, bench.DonationOptions{Clients: 256, Seconds: 10, Rounds: 3})
package bench
