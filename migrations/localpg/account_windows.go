package localpg

import (
	"errors"
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

func socketDir(dataDir string) string {
	// lib/pq takes a host for a socket when it begins with a slash.
	dir := filepath.Join(dataDir, "socket")
	return filepath.ToSlash(dir[len(filepath.VolumeName(dir)):])
}

func tryLock(f *os.File) error {
	// The byte that is locked lies behind the pid, which stays readable.
	return windows.LockFileEx(windows.Handle(f.Fd()),
		windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0,
		&windows.Overlapped{Offset: 1 << 10})
}

func stopFast(s *Server) error {
	return s.command("pg_ctl", "stop", "-D", s.cluster(), "-m", "fast", "-W").Run()
}

func stopImmediate(s *Server) error {
	return s.command("pg_ctl", "stop", "-D", s.cluster(), "-m", "immediate", "-W").Run()
}
