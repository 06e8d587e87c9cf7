package migrations

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed [0-9]*.sql
var files embed.FS

// Files holds the migrations, named 0001_ledger.sql and so on.
func Files() fs.FS { return files }

// Apply brings the database up to the newest migration and says how many it
// applied: 0 when there was nothing to do. The connection must be the OWNER's.
// Several processes may call it at once: one applies, the others wait for it.
func Apply(ctx context.Context, db *sql.DB) (applied int, err error) {
	p, err := provider(db)
	if err != nil {
		return 0, fmt.Errorf("migrations.Apply: %w", err)
	}
	results, err := p.Up(ctx)
	if err != nil {
		return 0, fmt.Errorf("migrations.Apply: %w", err)
	}
	return len(results), nil
}

// Pending says how many migrations the database still lacks.
func Pending(ctx context.Context, db *sql.DB) (int, error) {
	p, err := provider(db)
	if err != nil {
		return 0, fmt.Errorf("migrations.Pending: %w", err)
	}
	statuses, err := p.Status(ctx)
	if err != nil {
		return 0, fmt.Errorf("migrations.Pending: %w", err)
	}
	pending := 0
	for _, s := range statuses {
		if s.State == goose.StatePending {
			pending++
		}
	}
	return pending, nil
}

// Version is the number of the newest migration the database has: 0 for an
// empty one.
func Version(ctx context.Context, db *sql.DB) (int64, error) {
	p, err := provider(db)
	if err != nil {
		return 0, fmt.Errorf("migrations.Version: %w", err)
	}
	version, err := p.GetDBVersion(ctx)
	if err != nil {
		return 0, fmt.Errorf("migrations.Version: %w", err)
	}
	return version, nil
}

// Newest is the number of the newest migration that this program knows.
func Newest() (newest int64) {
	names, _ := fs.Glob(files, "*.sql")
	for _, name := range names {
		if n, err := goose.NumericComponent(name); err == nil {
			newest = max(newest, n)
		}
	}
	return newest
}

// MakeRole makes the application's role where the cluster has none, as the first migration does: before a database is
// restored that grants it rights.
func MakeRole(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, `
		DO $$ BEGIN
		  CREATE ROLE fund_app LOGIN;
		EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
		END $$`)
	if err != nil {
		return fmt.Errorf("migrations.MakeRole: %w", err)
	}
	return nil
}

func provider(db *sql.DB) (*goose.Provider, error) {
	// Polled every second for a minute: two servers that start together on one
	// database both find it migrated.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithSessionLocker(locker),
		goose.WithDisableGlobalRegistry(true))
}
