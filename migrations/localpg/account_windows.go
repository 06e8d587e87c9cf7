package localpg

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// ErrUnreachable is not met on Windows.
var ErrUnreachable = errors.New("the account of PostgreSQL cannot reach the data directory")

// DefaultDataDir is where the data lives unless told otherwise:
// %LOCALAPPDATA%\fund.
func DefaultDataDir() string { return filepath.Join(os.Getenv("LOCALAPPDATA"), "fund") }

// account is who PostgreSQL runs as: on Windows, always ourselves.
type account struct{}

func serverAccount() (account, error)    { return account{}, nil }
func (account) apply(*exec.Cmd)          {}
func (account) prepare(dir string) error { return os.MkdirAll(dir, 0o700) }
func (account) mkdir(dir string) error   { return os.MkdirAll(dir, 0o700) }
func (a account) socketDir(dataDir string) (string, error) {
	// lib/pq takes a host for a socket when it begins with a slash.
	dir := filepath.Join(dataDir, "socket")
	return filepath.ToSlash(dir[len(filepath.VolumeName(dir)):]), a.mkdir(dir)
}

func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	// The byte that is locked lies behind the pid, which stays readable.
	err = windows.LockFileEx(windows.Handle(f.Fd()),
		windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0,
		&windows.Overlapped{Offset: 1 << 10})
	if err != nil {
		f.Close()
		if pid, ok := readPID(path); ok {
			return nil, fmt.Errorf("%w (pid %d)", ErrInUse, pid)
		}
		return nil, ErrInUse
	}
	if err := f.Truncate(0); err != nil {
		f.Close()
		return nil, err
	}
	_, err = fmt.Fprintln(f, os.Getpid())
	return f, err
}

func stopFast(s *Server) error {
	return s.command("pg_ctl", "stop", "-D", s.cluster(), "-m", "fast", "-W").Run()
}

func stopImmediate(s *Server) error {
	return s.command("pg_ctl", "stop", "-D", s.cluster(), "-m", "immediate", "-W").Run()
}
