package localpg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

const (
	// Database is the database that Start makes sure exists.
	Database = "fund"
	// OwnerRole is the superuser that owns the schema and runs migrations.
	OwnerRole = "fund"
	// AppRole is the role that the application connects as. The first migration
	// creates it, not this package.
	AppRole = "fund_app"

	port          = "5432" // part of the socket's name, nothing listens on it
	startPatience = 2 * time.Minute
	stopPatience  = time.Minute
)

// ErrInUse means that another process, or another Server of this one, runs the
// data directory. Its text names the process.
var ErrInUse = errors.New("数据目录正在使用 / the data directory is in use")

// Options say where and how to run.
type Options struct {
	// DataDir holds everything; it is made when missing. Empty means
	// DefaultDataDir().
	DataDir string
	// Log hears of a first start, a recovery and a stop. nil means silence.
	Log *slog.Logger
	// UnsafeNoSync trades durability for speed: a crash of the machine loses the
	// cluster. For tests alone.
	UnsafeNoSync bool
}

// Server is a running private PostgreSQL.
type Server struct {
	// DataDir is the absolute path of the data directory.
	DataDir string
	// Binaries is the PostgreSQL that it runs: pg_dump and psql of the right
	// version are in there, if they are installed.
	Binaries Binaries

	options Options
	account account
	socket  string
	lock    *os.File
	process *os.Process
	done    chan struct{} // closed when the process is gone
	exit    error         // readable once done is closed
	stop    sync.Once
}

// Start runs the PostgreSQL of the data directory and returns when it answers:
// in a second for a directory that it has to make, in a tenth of one after a
// clean stop, in a few seconds after a crash. ctx bounds the start alone; the
// server lives until Stop, or until this process is gone.
//
// The error is ErrNotInstalled, ErrInUse, ErrUnreachable or ErrVersion, or says
// what PostgreSQL said.
func Start(ctx context.Context, o Options) (_ *Server, err error) {
	began := time.Now()
	s, err := find(o)
	if err != nil {
		return nil, err
	}
	if err := s.account.prepare(s.DataDir); err != nil {
		return nil, err
	}
	if err := s.takeLock(); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.lock.Close()
		}
	}()
	if err := s.account.mkdir(s.socket); err != nil {
		return nil, err
	}
	fresh, err := s.initdb(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.dismissOrphan(ctx); err != nil {
		return nil, err
	}
	if err := s.launch(ctx); err != nil {
		return nil, err
	}
	if err := s.ensureDatabase(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	s.options.Log.Info("postgresql started", "data_dir", s.DataDir, "version", s.Binaries.Major,
		"fresh", fresh, "took", time.Since(began).Round(time.Millisecond))
	return s, nil
}

// Join returns the server that another process runs on the data directory, for
// a command beside a running one: a backup, a check. Its Stop and Kill do
// nothing and its Done is never closed.
func Join(ctx context.Context, dataDir string) (*Server, error) {
	s, err := find(Options{DataDir: dataDir})
	if err != nil {
		return nil, err
	}
	if err := ping(ctx, s.OwnerURL(Database)); err != nil {
		return nil, fmt.Errorf("localpg.Join: %s: %w", s.DataDir, err)
	}
	return s, nil
}

// find settles what the data directory decides, without touching anything.
func find(o Options) (_ *Server, err error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.DataDir == "" {
		o.DataDir = DefaultDataDir()
	}
	s := &Server{options: o}
	if s.DataDir, err = filepath.Abs(o.DataDir); err != nil {
		return nil, err
	}
	if s.account, err = serverAccount(); err != nil {
		return nil, err
	}
	if s.Binaries, err = choose(s.DataDir); err != nil {
		return nil, err
	}
	s.socket = socketDir(s.DataDir)
	return s, nil
}

// takeLock makes the data directory ours. The kernel ends that when the file is
// closed or the process is gone.
func (s *Server) takeLock() error {
	path := filepath.Join(s.DataDir, "lock")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := tryLock(f); err != nil {
		f.Close()
		pid, _ := readPID(path)
		return fmt.Errorf("%w\n进程 %d 正在用 %s。先停掉它，或者换一个数据目录。\n"+
			"Process %d has %s. Stop it first, or choose another data directory",
			ErrInUse, pid, s.DataDir, pid, s.DataDir)
	}
	if err = f.Truncate(0); err == nil {
		_, err = fmt.Fprintln(f, os.Getpid())
	}
	if err != nil {
		f.Close()
		return err
	}
	s.lock = f
	return nil
}

// OwnerURL is the connection string of the owner (a superuser) for lib/pq, psql
// and pgbench alike.
func (s *Server) OwnerURL(dbname string) string { return s.url(OwnerRole, dbname) }

// AppURL is the connection string of the application's role.
func (s *Server) AppURL(dbname string) string { return s.url(AppRole, dbname) }

// url names the port and the sslmode, so that no PGPORT or PGSSLMODE of the
// environment has a say.
func (s *Server) url(user, dbname string) string {
	quote := strings.NewReplacer(`\`, `\\`, `'`, `\'`)
	return fmt.Sprintf("host='%s' port=%s user=%s dbname='%s' sslmode=disable",
		quote.Replace(s.socket), port, user, quote.Replace(dbname))
}

// Done is closed when the server is gone, whether it was stopped or died.
func (s *Server) Done() <-chan struct{} { return s.done }

// Stop ends every connection, writes everything to disk and returns when the
// server is gone. A second call does nothing.
func (s *Server) Stop() error {
	return s.end(s.shutdown)
}

// Kill ends the server as a power failure would, all of its processes at once:
// for tests of recovery. Start on the same data directory brings it back.
func (s *Server) Kill() {
	_ = s.end(func() error {
		killTree(s.process)
		<-s.done
		return nil
	})
}

func (s *Server) end(how func() error) error {
	if s.lock == nil {
		return nil
	}
	var err error
	s.stop.Do(func() {
		err = how()
		if filepath.Dir(s.socket) != s.DataDir {
			_ = os.Remove(s.socket) // a directory in /tmp, empty after a clean stop
		}
		s.lock.Close()
		s.options.Log.Info("postgresql stopped", "data_dir", s.DataDir)
	})
	return err
}

func (s *Server) shutdown() error {
	// Fast, then immediate, then killed: each leaves recovery more to do.
	for _, end := range []func(*Server) error{stopFast, stopImmediate, (*Server).kill} {
		_ = end(s) // an error means that it is gone already, or that the next is needed
		select {
		case <-s.done:
			return s.exit
		case <-time.After(stopPatience):
		}
	}
	return fmt.Errorf("localpg: PostgreSQL (pid %d) does not stop", s.process.Pid)
}

func (s *Server) kill() error { return s.process.Kill() }

// launch starts the server and waits until it answers. It tries again while
// the last children of a killed predecessor are still on their way out.
func (s *Server) launch(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for {
		logFrom, err := s.run()
		if err == nil {
			err = s.untilReady(ctx)
		}
		if err == nil {
			return nil
		}
		said := tail(s.logPath(), logFrom)
		if !strings.Contains(said, "pre-existing shared memory block") || !pause(ctx, 50*time.Millisecond) {
			return fmt.Errorf("localpg: PostgreSQL did not start: %w\n%s", err, said)
		}
	}
}

// run starts the process and returns where in the log file its words begin.
func (s *Server) run() (logFrom int64, err error) {
	log, err := openLog(s.logPath())
	if err != nil {
		return 0, err
	}
	defer log.Close()
	if logFrom, err = log.Seek(0, io.SeekEnd); err != nil {
		return 0, err
	}
	cmd := s.command("postgres", append([]string{"-D", s.cluster()}, s.settings()...)...)
	cmd.Stdout, cmd.Stderr = log, log
	dieWithParent(cmd)

	s.done = make(chan struct{})
	started := make(chan error)
	go func() {
		// The kernel takes the end of the thread that started the child for the
		// end of the parent: this one stays until the child is gone.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			s.exit = cmd.Wait()
			close(s.done)
		}
	}()
	if err := <-started; err != nil {
		return logFrom, err
	}
	s.process = cmd.Process
	return logFrom, nil
}

// untilReady waits for the first answer. On failure the process is gone.
func (s *Server) untilReady(ctx context.Context) error {
	for {
		err := ping(ctx, s.OwnerURL("postgres"))
		if err == nil {
			return nil
		}
		select {
		case <-s.done:
			return errors.Join(s.exit, err)
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err, s.shutdown())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// command is one of PostgreSQL's programs, run as the server's account and out
// of reach of the PG… variables of our environment.
func (s *Server) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(s.Binaries.Path(program), args...)
	cmd.Dir = s.DataDir
	cmd.Env = []string{"LC_ALL=C"}
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "PG") && !strings.HasPrefix(kv, "LC_") && !strings.HasPrefix(kv, "LANG") {
			cmd.Env = append(cmd.Env, kv)
		}
	}
	s.account.apply(cmd)
	return cmd
}

func (s *Server) cluster() string { return clusterDir(s.DataDir, s.Binaries.Major) }
func (s *Server) logPath() string { return filepath.Join(s.DataDir, "postgres.log") }

func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
