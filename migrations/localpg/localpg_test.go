package localpg_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/migrations/localpg"
	"fund/migrations/pgtest"
)

func TestCommittedRowSurvivesKill(t *testing.T) {
	t.Parallel()
	began := time.Now()
	pg := pgtest.Server(t)
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("the first start took %v", took)
	}
	db := open(t, pg)
	db.MustExec(`CREATE TABLE kept (x int)`)
	db.MustExec(`INSERT INTO kept VALUES (1)`)
	pg.Kill()
	<-pg.Done()
	if db.Ping() == nil {
		t.Fatal("the server answers after Kill")
	}

	again := start(t, localpg.Options{DataDir: pg.DataDir})
	var kept int
	if err := open(t, again).Get(&kept, `SELECT count(*) FROM kept`); err != nil || kept != 1 {
		t.Errorf("after recovery there are %d rows, %v", kept, err)
	}
}

func TestDurableAndPrivate(t *testing.T) {
	t.Parallel()
	pg := start(t, localpg.Options{DataDir: pgtest.Dir(t)})
	db := open(t, pg)
	for setting, want := range map[string]string{
		"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on",
		"listen_addresses": "", "server_encoding": "UTF8", "max_connections": "200",
	} {
		var got string
		if err := db.Get(&got, `SELECT current_setting($1)`, setting); err != nil || got != want {
			t.Errorf("%s is %q, %v; not %q", setting, got, err, want)
		}
	}
	var names []string
	const pinyin = `SELECT name FROM (VALUES ('重庆'), ('北京'), ('阿姨')) v (name) ORDER BY name COLLATE "zh-x-icu"`
	if err := db.Select(&names, pinyin); err != nil || strings.Join(names, " ") != "阿姨 北京 重庆" {
		t.Errorf("in pinyin order: %v, %v", names, err)
	}
	for _, private := range []string{"socket", "pg" + strconv.Itoa(pg.Binaries.Major)} {
		info, err := os.Stat(filepath.Join(pg.DataDir, private))
		if err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", private, info.Mode(), err)
		}
	}
}

// What an application's error carries is not for the server's log.
func TestLogHasNoData(t *testing.T) {
	t.Parallel()
	pg := start(t, localpg.Options{DataDir: pgtest.Dir(t), UnsafeNoSync: true})
	if _, err := open(t, pg).Exec(`SELECT '王芳'::int`); err == nil {
		t.Fatal("a name was taken for a number")
	}
	log, err := os.ReadFile(filepath.Join(pg.DataDir, "postgres.log"))
	if err != nil || len(log) == 0 || strings.Contains(string(log), "王芳") {
		t.Errorf("the log says %s, %v", log, err)
	}
}

func TestSecondStartSaysWhoHasIt(t *testing.T) {
	t.Parallel()
	pg := start(t, localpg.Options{DataDir: pgtest.Dir(t), UnsafeNoSync: true})
	_, err := localpg.Start(context.Background(), localpg.Options{DataDir: pg.DataDir})
	if !errors.Is(err, localpg.ErrInUse) || !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) {
		t.Errorf("the second Start: %v", err)
	}
	if err := open(t, pg).Ping(); err != nil {
		t.Errorf("the first server suffered: %v", err)
	}
}

func TestStopIsCleanAndStartsAgain(t *testing.T) {
	t.Parallel()
	options := localpg.Options{DataDir: pgtest.Dir(t), UnsafeNoSync: true}
	pg := start(t, options)
	if err := open(t, pg).Ping(); err != nil { // an open connection does not hold it up
		t.Fatal(err)
	}
	for range 2 {
		if err := pg.Stop(); err != nil {
			t.Errorf("Stop: %v", err)
		}
	}
	if _, err := os.Stat(filepath.Join(pg.DataDir, "socket", ".s.PGSQL.5432")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket is still there: %v", err)
	}
	start(t, options)
	log, _ := os.ReadFile(filepath.Join(pg.DataDir, "postgres.log"))
	if strings.Contains(string(log), "recovery") {
		t.Errorf("the stop was not clean:\n%s", log)
	}
}

// The process that runs a server is killed: the server goes too. This test runs
// itself as that process.
func TestServerDiesWithItsProcess(t *testing.T) {
	if dir := os.Getenv("LOCALPG_DIE"); dir != "" {
		pg := start(t, localpg.Options{DataDir: dir, UnsafeNoSync: true})
		os.Stdout.Write(postmasterPID(pg))
		self, _ := os.FindProcess(os.Getpid())
		_ = self.Kill()
		select {}
	}
	t.Parallel()
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "LOCALPG_DIE="+pgtest.Dir(t))
	out, err := cmd.Output()
	pid, errPID := strconv.Atoi(strings.TrimSpace(string(out)))
	if err == nil || errPID != nil {
		t.Fatalf("the process said %q, %v", out, err)
	}
	deadline := time.Now().Add(20 * time.Second)
	for syscall.Kill(pid, 0) == nil {
		if time.Now().After(deadline) {
			t.Fatalf("PostgreSQL, pid %d, is still there", pid)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// A server that was left behind, as can happen where the kernel does not end it
// with its process, is stopped and not joined.
func TestServerLeftBehindIsStopped(t *testing.T) {
	t.Parallel()
	pg := start(t, localpg.Options{DataDir: pgtest.Dir(t), UnsafeNoSync: true})
	if err := pg.Stop(); err != nil {
		t.Fatal(err)
	}
	cluster := filepath.Join(pg.DataDir, "pg"+strconv.Itoa(pg.Binaries.Major))
	info, err := os.Stat(cluster)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(pg.Binaries.Path("pg_ctl"), "start", "-w", "-D", cluster, "-l", filepath.Join(cluster, "log"),
		"-o", "-c listen_addresses= -c unix_socket_directories="+filepath.Join(pg.DataDir, "socket"))
	if os.Geteuid() == 0 {
		owner := info.Sys().(*syscall.Stat_t)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}}
	}
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	orphan := string(postmasterPID(pg))

	again := start(t, localpg.Options{DataDir: pg.DataDir, UnsafeNoSync: true})
	if string(postmasterPID(again)) == orphan {
		t.Error("the server is the one that was left behind")
	}
	if err := open(t, again).Ping(); err != nil {
		t.Error(err)
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	dir := pgtest.Dir(t)
	if _, err := localpg.Join(context.Background(), dir); err == nil {
		t.Error("joined a server that does not run")
	}
	start(t, localpg.Options{DataDir: dir, UnsafeNoSync: true})
	joined, err := localpg.Join(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := joined.Stop(); err != nil {
		t.Errorf("Stop: %v", err)
	}
	if err := open(t, joined).Ping(); err != nil {
		t.Errorf("after Stop of the joined: %v", err)
	}
}

// A data directory too deep for a socket gets its socket elsewhere; one with a
// quote in its name is quoted.
func TestLongAndOddDataDir(t *testing.T) {
	t.Parallel()
	for _, name := range []string{strings.Repeat("长 long", 20), `it's \ ours`} {
		dir := filepath.Join(pgtest.Dir(t), name)
		pg := start(t, localpg.Options{DataDir: dir, UnsafeNoSync: true})
		if err := open(t, pg).Ping(); err != nil {
			t.Error(err)
		}
	}
}

func TestUnreachableDataDir(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("an ordinary user's server runs as that user")
	}
	closed := t.TempDir() // below a directory that is 0700 and root's
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := localpg.Start(context.Background(), localpg.Options{DataDir: filepath.Join(closed, "fund")})
	if !errors.Is(err, localpg.ErrUnreachable) || !strings.Contains(err.Error(), closed) {
		t.Errorf("Start: %v", err)
	}
}

func TestOtherVersionsClusterIsRefused(t *testing.T) {
	t.Parallel()
	dir := pgtest.Dir(t)
	old := filepath.Join(dir, "pg99")
	if err := errors.Join(os.Mkdir(old, 0o700), os.WriteFile(filepath.Join(old, "PG_VERSION"), []byte("99\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	_, err := localpg.Start(context.Background(), localpg.Options{DataDir: dir})
	if !errors.Is(err, localpg.ErrVersion) || !strings.Contains(err.Error(), "99") {
		t.Errorf("Start: %v", err)
	}
}

// A start that was cut off while it made the cluster is made good by the next.
func TestHalfMadeClusterIsMadeAgain(t *testing.T) {
	t.Parallel()
	bin, err := localpg.Find()
	if err != nil {
		t.Fatal(err)
	}
	dir := pgtest.Dir(t)
	half := filepath.Join(dir, "pg"+strconv.Itoa(bin.Major)+".tmp")
	if err := errors.Join(os.Mkdir(half, 0o700), os.WriteFile(filepath.Join(half, "PG_VERSION"), []byte("15\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	pg := start(t, localpg.Options{DataDir: dir, UnsafeNoSync: true})
	if err := open(t, pg).Ping(); err != nil {
		t.Error(err)
	}
}

func TestNotInstalledNamesTheRemedy(t *testing.T) {
	t.Setenv("FUND_PG_BIN", t.TempDir())
	_, err := localpg.Find()
	if !errors.Is(err, localpg.ErrNotInstalled) || !strings.Contains(err.Error(), os.Getenv("FUND_PG_BIN")) {
		t.Errorf("Find: %v", err)
	}
	if localpg.InstallCommand() == "" {
		t.Error("no command to install PostgreSQL")
	}
}

func TestFindPassesOverLinks(t *testing.T) {
	real, err := localpg.Find()
	if err != nil {
		t.Fatal(err)
	}
	links := t.TempDir()
	for _, program := range []string{"initdb", "postgres"} {
		if err := os.Symlink(real.Path(program), filepath.Join(links, program)); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", links)
	if got, err := localpg.Find(); err != nil || got != real {
		t.Errorf("Find: %v, %v; not %v", got, err, real)
	}
}

func start(t *testing.T, o localpg.Options) *localpg.Server {
	t.Helper()
	pg, err := localpg.Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pg.Stop(); err != nil {
			t.Errorf("Stop: %v", err)
		}
	})
	return pg
}

func open(t *testing.T, pg *localpg.Server) *sqlx.DB {
	t.Helper()
	db, err := sqlx.Open("postgres", pg.OwnerURL(localpg.Database))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// postmasterPID is the first line of the file that PostgreSQL keeps.
func postmasterPID(pg *localpg.Server) []byte {
	b, _ := os.ReadFile(filepath.Join(pg.DataDir, "pg"+strconv.Itoa(pg.Binaries.Major), "postmaster.pid"))
	line, _, _ := bytes.Cut(b, []byte("\n"))
	return line
}
