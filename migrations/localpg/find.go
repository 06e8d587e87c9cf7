package localpg

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
)

// MajorMin is the oldest PostgreSQL that fund runs on.
const MajorMin = 15

// ErrNotInstalled means that no PostgreSQL of MajorMin or newer was found. Its
// text, in Chinese and English, names the command that installs one.
var ErrNotInstalled = errors.New("没有找到 PostgreSQL / PostgreSQL was not found")

// Binaries is one installed PostgreSQL: the folder of its programs and its
// major version.
type Binaries struct {
	Dir   string
	Major int
}

// Path is the path of one of its programs: Path("pg_dump").
func (b Binaries) Path(program string) string {
	return filepath.Join(b.Dir, program+exeSuffix)
}

// Find returns the newest PostgreSQL on this machine, looking in FUND_PG_BIN
// (and then nowhere else), the PATH and the folders where the packages of
// Debian, Fedora, Alpine, Homebrew and Windows put it. The error is
// ErrNotInstalled.
func Find() (Binaries, error) {
	found, err := findAll()
	if err != nil {
		return Binaries{}, err
	}
	return found[0], nil
}

// findAll returns every usable PostgreSQL, the newest first, never none.
func findAll() ([]Binaries, error) {
	var found []Binaries
	seen := map[string]bool{}
	for _, dir := range candidates() {
		if real, err := filepath.EvalSymlinks(dir); err == nil && filepath.IsAbs(real) && !seen[real] {
			seen[real] = true
			if b, ok := inspect(real); ok {
				found = append(found, b)
			}
		}
	}
	if len(found) == 0 {
		return nil, notInstalled()
	}
	slices.SortStableFunc(found, func(a, b Binaries) int { return cmp.Compare(b.Major, a.Major) })
	return found, nil
}

func notInstalled() error {
	if dir := os.Getenv("FUND_PG_BIN"); dir != "" {
		return fmt.Errorf("%w\nFUND_PG_BIN=%s 里没有 %d 或更新版本的 initdb 和 postgres。\n"+
			"FUND_PG_BIN=%s has no initdb and postgres of version %d or newer",
			ErrNotInstalled, dir, MajorMin, dir, MajorMin)
	}
	command := InstallCommand()
	return fmt.Errorf("%w\n需要 %d 或更新版本。安装：%s\n或者在 DATABASE_URL 里写上已有的数据库。\n"+
		"fund needs version %d or newer. Install it: %s\nor name a database of yours in DATABASE_URL",
		ErrNotInstalled, MajorMin, command, MajorMin, command)
}

func candidates() []string {
	if dir := os.Getenv("FUND_PG_BIN"); dir != "" {
		dir, _ = filepath.Abs(dir)
		return []string{dir}
	}
	dirs := filepath.SplitList(os.Getenv("PATH"))
	for _, program := range []string{"initdb", "postgres"} {
		if path, err := exec.LookPath(program); err == nil {
			// A link in /usr/local/bin leads to the folder with all of them.
			if real, err := filepath.EvalSymlinks(path); err == nil {
				dirs = append(dirs, filepath.Dir(real))
			}
		}
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",     // Debian, Ubuntu
		"/usr/pgsql-*/bin",              // PostgreSQL's packages for Fedora and RHEL
		"/usr/libexec/postgresql*",      // Alpine
		"/usr/lib/postgresql[0-9]*/bin", // openSUSE
		"/opt/homebrew/opt/postgresql*/bin",
		"/usr/local/opt/postgresql*/bin",
		"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
		`C:\Program Files\PostgreSQL\*\bin`,
	} {
		matches, _ := filepath.Glob(pattern)
		dirs = append(dirs, matches...)
	}
	return dirs
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// inspect accepts a folder that holds both programs themselves. Links to them
// do not count: the folder that they lead to is a candidate of its own, and has
// the other programs too.
func inspect(dir string) (Binaries, bool) {
	b := Binaries{Dir: dir}
	for _, program := range []string{"initdb", "postgres"} {
		real, err := filepath.EvalSymlinks(b.Path(program))
		if err != nil || filepath.Dir(real) != dir {
			return Binaries{}, false
		}
	}
	out, err := exec.Command(b.Path("postgres"), "--version").Output()
	if err != nil {
		return Binaries{}, false
	}
	match := versionPattern.FindSubmatch(out)
	if match == nil {
		return Binaries{}, false
	}
	b.Major, _ = strconv.Atoi(string(match[1]))
	return b, b.Major >= MajorMin
}

var exeSuffix = map[bool]string{true: ".exe"}[runtime.GOOS == "windows"]
