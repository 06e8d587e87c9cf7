package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/migrations/localpg"
)

// Database is a test's own database.
type Database struct {
	// Owner is a pool of connections as the owner of the schema, a superuser.
	Owner *sqlx.DB
	// App is a pool of connections as fund_app, what the server connects as.
	App *sqlx.DB
	// OwnerURL and AppURL are the connection strings of the two, for lib/pq,
	// psql and pgbench alike.
	OwnerURL, AppURL string

	name string
}

var databases atomic.Int64

// DB creates a database with the whole schema and no rows. It is dropped when
// the test ends.
func DB(t testing.TB) *Database {
	t.Helper()
	s, err := scratch()
	if err != nil {
		t.Fatal(err)
	}
	return s.copy(t, template)
}

// Waiting tells whether somebody in the database waits for a lock. A test asks until it is so.
func (d *Database) Waiting(t testing.TB) (yes bool) {
	t.Helper()
	if err := d.Owner.Get(&yes, `SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`); err != nil {
		t.Fatal(err)
	}
	return yes
}

// filled are the databases that tests of this process copy, each filled once: name to func() (database string, err error).
var filled sync.Map

// From is a copy of a database that fill fills once in this process, for the first test that asks for its name.
func From(t testing.TB, name string, fill func(d *Database) error) *Database {
	t.Helper()
	s, err := scratch()
	if err != nil {
		t.Fatal(err)
	}
	once, _ := filled.LoadOrStore(name, sync.OnceValues(func() (string, error) {
		d, err := s.create(template)
		if err != nil {
			return "", err
		}
		err = fill(d)
		return d.name, errors.Join(err, d.Owner.Close(), d.App.Close())
	}))
	from, err := once.(func() (string, error))()
	if err != nil {
		t.Fatalf("pgtest.From(%s): %v", name, err)
	}
	return s.copy(t, from)
}

// copy is a copy of a database that nobody is connected to, until the test ends.
func (s *server) copy(t testing.TB, from string) *Database {
	t.Helper()
	db, err := s.create(from)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := errors.Join(db.Owner.Close(), db.App.Close())
		if _, dropErr := s.maintenance.Exec(`DROP DATABASE ` + db.name + ` WITH (FORCE)`); err != nil || dropErr != nil {
			t.Errorf("pgtest: cleaning up: %v", errors.Join(err, dropErr))
		}
	})
	return db
}

func (s *server) create(from string) (db *Database, err error) {
	db = &Database{name: fmt.Sprintf("t%d", databases.Add(1))}
	// Copying the files beats writing them to the log: 12 ms against 50.
	if _, err := s.maintenance.Exec(`CREATE DATABASE ` + db.name + ` TEMPLATE ` + from + ` STRATEGY file_copy`); err != nil {
		return nil, fmt.Errorf("pgtest: copy %s: %w", from, err)
	}
	db.OwnerURL, db.AppURL = s.OwnerURL(db.name), s.AppURL(db.name)
	if db.Owner, err = sqlx.Open("postgres", db.OwnerURL); err != nil {
		return nil, err
	}
	db.App, err = sqlx.Open("postgres", db.AppURL+" binary_parameters=yes") // as the server connects
	return db, err
}

// Try runs a verb in a database transaction as fund_app, and undoes it if it fails.
func (d *Database) Try(verb func(tx *sqlx.Tx) error) error {
	tx, err := d.App.Beginx()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := verb(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// Do is Try for verbs that must succeed.
func (d *Database) Do(t testing.TB, verb func(tx *sqlx.Tx) error) {
	t.Helper()
	if err := d.Try(verb); err != nil {
		t.Fatal(err)
	}
}

// Server starts a durable server of the test's own, with an empty database
// localpg.Database, and stops it when the test ends. It takes a second or two.
// After Kill, localpg.Start with the same DataDir brings it back; that server
// is the test's to stop.
func Server(t testing.TB) *localpg.Server {
	t.Helper()
	s, err := localpg.Start(context.Background(), localpg.Options{DataDir: Dir(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Errorf("pgtest: stopping the server: %v", err)
		}
	})
	return s
}

// Dir is an empty directory that the account of PostgreSQL can reach, which
// t.TempDir's is not when the test runs as root. It is removed when the test
// ends.
func Dir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "fund-pg-")
	if err == nil {
		err = os.Chmod(dir, 0o711)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	return dir
}
