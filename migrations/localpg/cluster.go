package localpg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"
)

// ErrVersion means that the cluster in the data directory belongs to a major
// version of PostgreSQL that is not installed.
var ErrVersion = errors.New("PostgreSQL 版本不符 / PostgreSQL version mismatch")

// tuning goes to the end of postgresql.conf when a cluster is made, where an
// administrator may change it. It suits two cores and more memory than the
// books need.
const tuning = `
# fund
max_connections = 200
shared_buffers = 256MB
effective_cache_size = 2GB
work_mem = 8MB
maintenance_work_mem = 128MB
wal_buffers = 16MB
min_wal_size = 256MB
max_wal_size = 2GB
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
`

// settings are the words on the server's command line, which no file
// overrides: where it is reached, that a commit is on disk when it says so, and
// that no person's data reaches the log (an error's text and its statement can
// carry a name or a telephone number; the application reports its errors).
func (s *Server) settings() []string {
	settings := []string{
		"listen_addresses=",
		"port=" + port,
		"unix_socket_directories=" + s.socket,
		"unix_socket_permissions=0700",
		"log_destination=stderr",
		"logging_collector=off",
		"log_min_messages=log",
		"log_min_error_statement=panic",
		"log_statement=none",
		"log_error_verbosity=terse",
	}
	if s.options.UnsafeNoSync {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off",
			"wal_level=minimal", "max_wal_senders=0", "autovacuum=off", "shared_buffers=64MB")
	} else {
		settings = append(settings, "fsync=on", "synchronous_commit=on", "full_page_writes=on")
	}
	var args []string
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	return args
}

func clusterDir(dataDir string, major int) string {
	return filepath.Join(dataDir, fmt.Sprintf("pg%d", major))
}

// choose picks the installed PostgreSQL that fits the cluster in the data
// directory, or the newest for a new one.
func choose(dataDir string) (Binaries, error) {
	found, err := findAll()
	if err != nil {
		return Binaries{}, err
	}
	newest := 0
	clusters, _ := filepath.Glob(filepath.Join(dataDir, "pg[0-9]*", "PG_VERSION"))
	for _, path := range clusters {
		// A name that is no number, such as pg15.tmp, is a cluster half made.
		major, _ := strconv.Atoi(strings.TrimPrefix(filepath.Base(filepath.Dir(path)), "pg"))
		newest = max(newest, major)
	}
	if newest == 0 {
		return found[0], nil
	}
	for _, b := range found {
		if b.Major == newest {
			return b, nil
		}
	}
	return Binaries{}, fmt.Errorf("%w\n%s 是 PostgreSQL %d 的数据，本机只有版本 %d。请装回版本 %d，先 fund backup 再升级。\n"+
		"%s was made by PostgreSQL %d, but version %d is what is installed. Install version %d again, and make a backup before the upgrade",
		ErrVersion, dataDir, newest, found[0].Major, newest, dataDir, newest, found[0].Major, newest)
}

// initdb makes the cluster unless it is there. It is made under another name,
// so that one half made is never taken for one.
func (s *Server) initdb(ctx context.Context) (fresh bool, err error) {
	if _, err := os.Stat(s.cluster()); err == nil {
		return false, nil
	}
	tmp := s.cluster() + ".tmp"
	if err := os.RemoveAll(tmp); err != nil {
		return false, err
	}
	if err := s.account.mkdir(tmp); err != nil {
		return false, err
	}
	args := []string{
		"-D", tmp, "-U", OwnerRole, "--auth=trust", "--encoding=UTF8", "--locale=" + locale,
		"--data-checksums",
	}
	if s.options.UnsafeNoSync {
		args = append(args, "--no-sync")
	}
	s.options.Log.Info("postgresql is being set up", "data_dir", s.DataDir, "version", s.Binaries.Major)
	if out, err := s.command("initdb", args...).CombinedOutput(); err != nil {
		return false, fmt.Errorf("localpg: initdb: %w\n%s", err, out)
	}
	conf, err := os.OpenFile(filepath.Join(tmp, "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return false, err
	}
	_, err = conf.WriteString(tuning)
	if err = errors.Join(err, conf.Sync(), conf.Close()); err != nil {
		return false, err
	}
	if err := ctx.Err(); err != nil {
		return false, err
	}
	return true, os.Rename(tmp, s.cluster())
}

// dismissOrphan ends a server that outlived its process, which holds our
// socket while our lock is free. Mostly it is on its way out already.
func (s *Server) dismissOrphan(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stopPatience)
	defer cancel()
	asked := false
	for {
		c, err := net.Dial("unix", filepath.Join(s.socket, ".s.PGSQL."+port))
		if err != nil {
			return nil // nobody answers; a stale postmaster.pid is PostgreSQL's to judge
		}
		c.Close()
		if !asked {
			// Somebody answers on the socket of this cluster, so the pid is alive.
			if pid, ok := readPID(filepath.Join(s.cluster(), "postmaster.pid")); ok {
				s.options.Log.Warn("stopping a postgresql that was left behind", "pid", pid)
				if p, err := os.FindProcess(pid); err == nil {
					_ = p.Signal(os.Interrupt)
				}
				asked = true
			}
		}
		if !pause(ctx, 10*time.Millisecond) {
			return fmt.Errorf("%w: %s", ErrInUse, s.DataDir)
		}
	}
}

// CreateDatabase creates an empty database of the owner's.
func (s *Server) CreateDatabase(ctx context.Context, name string) error {
	return s.maintain(ctx, func(db *sql.DB) error {
		_, err := db.ExecContext(ctx, `CREATE DATABASE `+pq.QuoteIdentifier(name))
		return err
	})
}

func (s *Server) ensureDatabase(ctx context.Context) error {
	var exists bool
	err := s.maintain(ctx, func(db *sql.DB) error {
		return db.QueryRowContext(ctx,
			`SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, Database).Scan(&exists)
	})
	if err != nil || exists {
		return err
	}
	return s.CreateDatabase(ctx, Database)
}

// maintain lends a connection to the database that every cluster has.
func (s *Server) maintain(ctx context.Context, use func(*sql.DB) error) error {
	db, err := sql.Open("postgres", s.OwnerURL("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	return use(db)
}

func ping(ctx context.Context, url string) error {
	db, err := sql.Open("postgres", url)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.PingContext(ctx)
}

// readPID reads the number on the first line of a file.
func readPID(path string) (int, bool) {
	b, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	first, _, _ := strings.Cut(string(b), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	return pid, err == nil && pid > 0
}

const logSizeMax = 4 << 20 // bytes

// openLog opens the server's log for appending, and sets a long one aside.
func openLog(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > logSizeMax {
		if err := os.Rename(path, path+".old"); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
}

// tail is what a log file says from an offset on.
func tail(path string, from int64) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	b, _ := io.ReadAll(io.NewSectionReader(f, from, 16<<10))
	return strings.TrimSpace(string(b))
}
