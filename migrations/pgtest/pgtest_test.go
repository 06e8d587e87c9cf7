package pgtest_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/migrations/localpg"
	"fund/migrations/pgtest"
)

func TestDatabasesAreMigratedAndApart(t *testing.T) {
	t.Parallel()
	one, two := pgtest.DB(t), pgtest.DB(t)
	one.Owner.MustExec(`CREATE TABLE mark (x int)`)
	if got := query[bool](t, two.Owner, `SELECT to_regclass('public.mark') IS NULL`); !got {
		t.Error("a table made in one database is in the other")
	}
	if got := query[int](t, two.Owner, `SELECT count(*) FROM pg_namespace WHERE nspname = 'ledger'`); got != 1 {
		t.Error("the database has no schema ledger")
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	const who = `SELECT current_user || ' ' || rolsuper FROM pg_roles WHERE rolname = current_user`
	if got := query[string](t, db.App, who); got != localpg.AppRole+" false" {
		t.Errorf("App is %q", got)
	}
	if got := query[string](t, db.Owner, who); got != localpg.OwnerRole+" true" {
		t.Errorf("Owner is %q", got)
	}
	if _, err := db.App.Exec(`CREATE TABLE public.mark (x int)`); err == nil {
		t.Error("the application's role may create tables")
	}
}

func TestDatabaseIsDroppedWithItsTest(t *testing.T) {
	t.Parallel()
	keeper := pgtest.DB(t)
	var name string
	t.Run("inner", func(t *testing.T) {
		name = query[string](t, pgtest.DB(t).Owner, `SELECT current_database()`)
	})
	if got := query[int](t, keeper.Owner, `SELECT count(*) FROM pg_database WHERE datname = '`+name+`'`); got != 0 {
		t.Errorf("database %s is still there", name)
	}
}

func TestURLServesPsqlToo(t *testing.T) {
	t.Parallel()
	psql, err := exec.LookPath("psql")
	if err != nil {
		t.Skip("psql is not installed")
	}
	out, err := exec.Command(psql, "-XAtc", "SELECT current_user", pgtest.DB(t).AppURL).CombinedOutput()
	if err != nil || string(out) != localpg.AppRole+"\n" {
		t.Errorf("psql said %q, %v", out, err)
	}
}

// A test process is killed while it has a database. The next one takes over its
// directory, and trips over nothing in it. This test runs itself as both.
func TestKilledProcessSpoilsNothing(t *testing.T) {
	if os.Getenv("PGTEST_DIE") != "" {
		pgtest.DB(t)
		os.Stdout.WriteString("had a database\n")
		self, _ := os.FindProcess(os.Getpid())
		_ = self.Kill()
		select {}
	}
	t.Parallel()
	for range 2 {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), "PGTEST_DIE=1")
		if out, err := cmd.Output(); err == nil || string(out) != "had a database\n" {
			t.Errorf("the process said %q, %v", out, err)
		}
	}
}

func BenchmarkDB(b *testing.B) {
	pgtest.DB(b) // starts the server
	for b.Loop() {
		pgtest.DB(b)
	}
}

func query[T any](t testing.TB, db *sqlx.DB, sql string) (v T) {
	t.Helper()
	if err := db.Get(&v, sql); err != nil {
		t.Fatal(err)
	}
	return v
}
