package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"

	"fund/ledger/money"
	"fund/migrations/localpg"
)

type demoCmd struct {
	Install bool   `help:"Install PostgreSQL first if this machine has none."`
	Fresh   bool   `help:"Throw the demo's data away and start over."`
	Addr    string `placeholder:"HOST:PORT" help:"Where to listen; default: 127.0.0.1:8080, or the next port that is free."`
	Data    string `default:"${demo_data}" placeholder:"DIR" help:"Directory of the demo's own data; default: ${default}."`
}

// demoLogName signs the demo's checkpoints.
const demoLogName = "demo.fund.local"

// demoDir is beside the real data, never the same.
func demoDir() string { return filepath.Join(localpg.DefaultDataDir(), "demo") }

// Run serves the sample community until Ctrl-C.
func (d *demoCmd) Run(ctx context.Context, out io.Writer) error {
	if err := d.ensurePostgreSQL(ctx, out); err != nil {
		return err
	}
	listener, err := d.listen()
	if err != nil {
		return err
	}
	defer listener.Close()
	if d.Fresh {
		if err := removeDemo(ctx, d.Data); err != nil {
			return err
		}
	}
	if err := claimDemo(d.Data); err != nil {
		return err
	}
	e, err := databaseFlags{Data: d.Data}.open(ctx, quiet(), opening{alone: true, create: true})
	if err != nil {
		return err
	}
	return errors.Join(d.serve(ctx, e, listener, out), e.Close())
}

func (d *demoCmd) serve(ctx context.Context, e *env, listener net.Listener, out io.Writer) error {
	base := "http://" + listener.Addr().String()
	loaded, err := loadSample(ctx, e, base)
	if err != nil {
		return err
	}
	options := siteOptions{baseURL: base, logName: demoLogName, sandbox: true, demo: true, largeGift: money.MustParse(defaultLargeGift)}
	err = e.serve(ctx, listener, options, func() { fmt.Fprint(out, welcome(base, loaded)) })
	if err == nil {
		fmt.Fprintln(out, "Stopped; the data stays for the next time. 已停止，数据留着下次用。")
	}
	return err
}

func (d *demoCmd) ensurePostgreSQL(ctx context.Context, out io.Writer) error {
	_, err := localpg.Find()
	if !errors.Is(err, localpg.ErrNotInstalled) || os.Getenv("FUND_PG_BIN") != "" {
		return err
	}
	if d.Install {
		return localpg.Install(ctx, out)
	}
	return failed(
		fmt.Sprintf("PostgreSQL %d or newer is not on this machine. Run: fund demo --install\nor install it yourself: %s", localpg.MajorMin, localpg.InstallCommand()),
		fmt.Sprintf("本机没有 PostgreSQL %d 或更新版本。运行 fund demo --install，或自己安装。", localpg.MajorMin))
}

const (
	demoHost    = "127.0.0.1"
	demoPort    = 8080
	demoPortMax = 8099
)

// listen takes the address that was asked for, or the first free port.
func (d *demoCmd) listen() (net.Listener, error) {
	if d.Addr != "" {
		listener, err := net.Listen("tcp", d.Addr)
		if err != nil {
			return nil, notListening(d.Addr, err)
		}
		return listener, nil
	}
	for port := demoPort; ; port++ {
		addr := fmt.Sprintf("%s:%d", demoHost, port)
		listener, err := net.Listen("tcp", addr)
		if err == nil {
			return listener, nil
		}
		if port == demoPortMax {
			return nil, notListening(addr, err)
		}
	}
}

// demoMark is the file by which a directory is known to be a demo's.
const demoMark = "fund-demo"

// claimDemo marks a new or empty directory as the demo's, and refuses one that holds something else.
func claimDemo(dir string) error {
	mode := os.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711 // the account of PostgreSQL passes through
	}
	if err := os.MkdirAll(dir, mode); err != nil {
		return unwritable(dir, err)
	}
	if isDemo(dir) {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return unwritable(dir, err)
	}
	if len(entries) > 0 {
		return failed(dir+" holds something else than a demo. Choose another directory: --data.", dir+" 里放的不是演示数据。换一个目录：--data")
	}
	text := "The data of fund demo, made up. fund demo --fresh removes this directory.\n"
	if err := os.WriteFile(filepath.Join(dir, demoMark), []byte(text), 0o600); err != nil {
		return unwritable(dir, err)
	}
	return nil
}

// removeDemo removes a demo's directory that nobody runs, and no other: claimDemo tells of those.
func removeDemo(ctx context.Context, dir string) error {
	if !isDemo(dir) {
		return nil
	}
	pg, err := localpg.Start(ctx, localpg.Options{DataDir: dir}) // takes the lock, if anybody else has it this tells who
	switch {
	case errors.Is(err, localpg.ErrInUse):
		return err
	case err == nil:
		if err := pg.Stop(); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		return unwritable(dir, err)
	}
	return nil
}

func isDemo(dir string) bool {
	info, err := os.Lstat(filepath.Join(dir, demoMark))
	return err == nil && info.Mode().IsRegular()
}

// welcome is the box that tells where to look and who may log in.
func welcome(base string, s sample) string {
	var lines []string
	for _, p := range s.pages {
		lines = append(lines, pad(p.zh, 14)+pad(p.en, 16)+base+p.path)
	}
	lines = append(lines, pad("工作人员登录", 14)+pad("Staff log-in", 16)+base+"/login")
	if g := s.giver; g.number != "" {
		lines = append(lines, "", "一位捐赠人的页面 A giver’s own page (半小时内 for half an hour)", base+g.path,
			"收据 Receipt "+g.number+"，校验码 check code "+g.code)
	}
	if len(s.logins) > 0 {
		lines = append(lines, "", "登录名 Log-in，密码 Password")
	}
	for _, l := range s.logins {
		lines = append(lines, pad(l.roleZH, 14)+pad(l.roleEN, 16)+pad(l.login, 16)+l.password)
	}
	lines = append(lines, "", "演示数据都是编的，钱也是假的。 Made-up data, pretend money.", "按 Ctrl-C 停止。 Ctrl-C stops it.")
	return boxed("fund 演示 demo", lines) + "\n"
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(width-columns(s), 1))
}
