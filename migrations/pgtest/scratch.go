package pgtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq" // the driver

	"fund/migrations"
	"fund/migrations/localpg"
)

const template = "template_fund"

type server struct {
	*localpg.Server
	maintenance *sqlx.DB
}

// scratch is this process's server, started once. Nothing stops it but the end
// of the process.
var scratch = sync.OnceValues(func() (*server, error) {
	root, err := scratchRoot()
	if err != nil {
		return nil, err
	}
	key, err := schemaKey()
	if err != nil {
		return nil, err
	}
	sweep(root, key)
	for i := 0; ; i++ {
		s, err := startScratch(filepath.Join(root, fmt.Sprintf("%s-%d", key, i)))
		if !errors.Is(err, localpg.ErrInUse) { // by a test process beside us
			return s, err
		}
	}
})

func startScratch(dir string) (*server, error) {
	ctx := context.Background()
	options := localpg.Options{DataDir: dir, UnsafeNoSync: true}
	pg, err := localpg.Start(ctx, options)
	if err != nil && !errors.Is(err, localpg.ErrInUse) && os.RemoveAll(dir) == nil {
		pg, err = localpg.Start(ctx, options) // a crash of the machine spoilt what was there
	}
	if err != nil {
		return nil, err
	}
	s := &server{Server: pg}
	if s.maintenance, err = sqlx.Open("postgres", pg.OwnerURL("postgres")); err == nil {
		err = s.ensureTemplate(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, pg.Stop())
	}
	return s, nil
}

// ensureTemplate drops what a killed test process left, and migrates a database
// to copy from. It gets its name last: one half migrated is never copied.
func (s *server) ensureTemplate(ctx context.Context) error {
	var names []string
	const left = `SELECT datname FROM pg_database WHERE datname ~ '^t[0-9]+$' OR datname = 'template_new'`
	if err := s.maintenance.SelectContext(ctx, &names, left); err != nil {
		return err
	}
	for _, name := range names {
		if _, err := s.maintenance.ExecContext(ctx, `DROP DATABASE `+name); err != nil {
			return err
		}
	}
	var ready bool
	const exists = `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`
	if err := s.maintenance.GetContext(ctx, &ready, exists, template); err != nil || ready {
		return err
	}
	if err := s.CreateDatabase(ctx, "template_new"); err != nil {
		return err
	}
	db, err := sqlx.Open("postgres", s.OwnerURL("template_new"))
	if err != nil {
		return err
	}
	_, err = migrations.Apply(ctx, db.DB)
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	_, err = s.maintenance.ExecContext(ctx, `ALTER DATABASE template_new RENAME TO `+template)
	return err
}

// scratchRoot is a folder of ours in memory, or else under the system's for
// temporary files. Nobody else may write there, the account of PostgreSQL may
// pass.
func scratchRoot() (string, error) {
	parent := os.TempDir()
	if memoryHasRoom() {
		parent = "/dev/shm" // a copy of the template is three hundred files: 12 ms here, 70 and more on a disk
	}
	root := filepath.Join(parent, fmt.Sprintf("fund-pgtest-%d", os.Geteuid()))
	if err := os.Mkdir(root, 0o711); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	// Fails where the folder is somebody else's.
	return root, os.Chmod(root, 0o711)
}

// schemaKey names the schema by the contents of its migrations.
func schemaKey() (string, error) {
	h := sha256.New()
	err := fs.WalkDir(migrations.Files(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(migrations.Files(), path)
		fmt.Fprintf(h, "%s %d\n%s", path, len(b), b)
		return err
	})
	return fmt.Sprintf("%x", h.Sum(nil))[:12], err
}

// unusedMax is longer than go test lets a process live unless told otherwise.
const unusedMax = 15 * time.Minute

// sweep removes the servers of other schemas that started longer ago than a
// test process lives.
func sweep(root, key string) {
	locks, _ := filepath.Glob(filepath.Join(root, "*", "lock"))
	for _, lock := range locks {
		dir := filepath.Dir(lock)
		info, err := os.Stat(lock)
		if err == nil && !strings.HasPrefix(filepath.Base(dir), key) && time.Since(info.ModTime()) > unusedMax {
			_ = os.RemoveAll(dir)
		}
	}
}
