package migrations_test

import (
	"context"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"fund/migrations"
	"fund/migrations/localpg"
	"fund/migrations/pgtest"
)

var update = flag.Bool("update", false, "rewrite schema.sql")

func TestApplyTwiceDoesNothing(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.DB(t).Owner.DB
	applied, err := migrations.Apply(ctx, db)
	if err != nil || applied != 0 {
		t.Errorf("Apply on a migrated database: %d, %v", applied, err)
	}
	if pending, err := migrations.Pending(ctx, db); err != nil || pending != 0 {
		t.Errorf("Pending: %d, %v", pending, err)
	}
}

// Two servers that start together on one new database: one migrates it, both
// go on.
func TestApplyFromTwoProcesses(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	all, err := fs.Glob(migrations.Files(), "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	empty := emptyDatabase(t)
	if pending, err := migrations.Pending(ctx, empty.DB); err != nil || pending != len(all) {
		t.Errorf("Pending on an empty database: %d, %v; there are %d", pending, err, len(all))
	}
	if version, err := migrations.Version(ctx, empty.DB); err != nil || version != 0 {
		t.Errorf("Version of an empty database: %d, %v", version, err)
	}

	var wg sync.WaitGroup
	applied := make([]int, 2)
	for i := range applied {
		wg.Go(func() {
			n, err := migrations.Apply(ctx, empty.DB)
			if err != nil {
				t.Error(err)
			}
			applied[i] = n
		})
	}
	wg.Wait()
	if applied[0]+applied[1] != len(all) {
		t.Errorf("applied %v, together not %d", applied, len(all))
	}
	if version, err := migrations.Version(ctx, empty.DB); err != nil || version < 1 {
		t.Errorf("Version: %d, %v", version, err)
	}
}

func TestSchemaSnapshot(t *testing.T) {
	t.Parallel()
	bin, err := localpg.Find()
	if err != nil {
		t.Fatal(err)
	}
	if bin.Major != localpg.MajorMin {
		t.Skipf("the snapshot is PostgreSQL %d's, each version words its own", localpg.MajorMin)
	}
	out, err := exec.Command(bin.Path("pg_dump"), "--schema-only", "--no-owner",
		"--exclude-table=public.goose_db_version*", "-d", pgtest.DB(t).OwnerURL).Output()
	if err != nil {
		t.Fatal(err)
	}
	got := clean(string(out))
	if *update {
		if err := os.WriteFile("schema.sql", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("schema.sql is not what the migrations make; go test ./migrations -run Snapshot -update:\n%s", diff)
	}
}

var noise = regexp.MustCompile(`(?m)^(--( .*)?|\\(un)?restrict .*|SET .*|SELECT pg_catalog\.set_config.*)\n`)

// clean leaves the statements: no version, no random \restrict word, no
// heading over each.
func clean(dump string) string {
	dump = noise.ReplaceAllString(dump, "")
	return strings.TrimSpace(regexp.MustCompile(`\n{3,}`).ReplaceAllString(dump, "\n\n")) + "\n"
}

// emptyDatabase is one without the schema, on the server of pgtest.
func emptyDatabase(t *testing.T) *sqlx.DB {
	t.Helper()
	neighbour := pgtest.DB(t)
	neighbour.Owner.MustExec(`CREATE DATABASE empty`)
	db := sqlx.MustOpen("postgres", strings.Replace(neighbour.OwnerURL, "dbname='t", "dbname='empty' fallback_application_name='t", 1))
	t.Cleanup(func() {
		db.Close()
		neighbour.Owner.MustExec(`DROP DATABASE empty WITH (FORCE)`)
	})
	return db
}
