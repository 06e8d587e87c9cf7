//go:build unix

package localpg

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

const socketPathMax = 102 // bytes: the shortest limit of the systems we know, less the final NUL

// ErrUnreachable means that the account that PostgreSQL runs as cannot get to
// the data directory.
var ErrUnreachable = errors.New("PostgreSQL 的账户进不了数据目录 / the account of PostgreSQL cannot reach the data directory")

// DefaultDataDir is where the data lives unless told otherwise: /var/lib/fund
// for root, $XDG_DATA_HOME/fund for everybody else.
func DefaultDataDir() string {
	if os.Geteuid() == 0 {
		return "/var/lib/fund"
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "fund")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = "."
	}
	return filepath.Join(home, ".local", "share", "fund")
}

// account is who PostgreSQL runs as.
type account struct {
	name     string
	uid, gid uint32
	other    bool // than who we are
}

// serverAccount is ourselves; for root, whom PostgreSQL refuses to serve, it is
// postgres, else nobody.
func serverAccount() (account, error) {
	if os.Geteuid() != 0 {
		return account{uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
		if errors.Join(errUID, errGID) == nil {
			return account{name: name, uid: uint32(uid), gid: uint32(gid), other: true}, nil
		}
	}
	return account{}, errors.New("PostgreSQL 不能以 root 身份运行，本机又没有 postgres 或 nobody 账户。" +
		" / PostgreSQL does not run as root, and there is no account postgres or nobody")
}

// apply makes the command run as the account, in a process group of its own so
// that a Ctrl-C meant for us does not reach it too.
func (a account) apply(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if a.other {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
}

// prepare makes the data directory and sees that the account can pass through
// it. The directory stays ours: it holds more than the cluster.
func (a account) prepare(dir string) error {
	mode := os.FileMode(0o700)
	if a.other {
		mode = 0o711
	}
	if err := os.MkdirAll(dir, mode); err != nil {
		return err
	}
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return err
	}
	for a.other {
		info, err := os.Stat(real)
		if err != nil {
			return err
		}
		if !a.mayEnter(info) {
			return fmt.Errorf("%w\n账户 %s 进不了 %s，所以 %s 不能用。换一个地方，例如 %s。\n"+
				"The account %s may not enter %s, so %s cannot serve. Choose another place, such as %s",
				ErrUnreachable, a.name, real, dir, DefaultDataDir(), a.name, real, dir, DefaultDataDir())
		}
		if real == filepath.Dir(real) {
			break
		}
		real = filepath.Dir(real)
	}
	return nil
}

func (a account) mayEnter(info os.FileInfo) bool {
	st, mode := info.Sys().(*syscall.Stat_t), info.Mode().Perm()
	switch {
	case st.Uid == a.uid:
		return mode&0o100 != 0
	case st.Gid == a.gid:
		return mode&0o010 != 0
	}
	return mode&0o001 != 0
}

// mkdir makes a directory that only the account, and root, may enter.
func (a account) mkdir(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	owner := info.Sys().(*syscall.Stat_t).Uid
	if !info.IsDir() || owner != a.uid && owner != uint32(os.Geteuid()) {
		return fmt.Errorf("localpg: %s is not ours", dir)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return err
	}
	if a.other {
		return os.Chown(dir, int(a.uid), int(a.gid))
	}
	return nil
}

// socketDir is where the socket is: in the data directory, or, where that makes
// too long a path for a socket, in /tmp under a name of its own.
func socketDir(dataDir string) string {
	dir := filepath.Join(dataDir, "socket")
	if len(filepath.Join(dir, ".s.PGSQL."+port+".lock")) <= socketPathMax {
		return dir
	}
	return fmt.Sprintf("/tmp/fund-%d-%.8x", os.Geteuid(), sha256.Sum256([]byte(dataDir)))
}

// tryLock fails when another process, or another file of this one, has the lock.
func tryLock(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}

func stopFast(s *Server) error      { return s.process.Signal(syscall.SIGINT) }
func stopImmediate(s *Server) error { return s.process.Signal(syscall.SIGQUIT) }
