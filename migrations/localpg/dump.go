package localpg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"github.com/lib/pq"
)

// ErrNotOwner means that a whole database was to be read or written by a role that may not.
var ErrNotOwner = errors.New("permission denied")

// Dump writes the database that conninfo names, in pg_dump's custom format, as it was when snapshot was exported
// (pg_export_snapshot). It needs a pg_dump that is no older than the server.
func (b Binaries) Dump(ctx context.Context, conninfo, snapshot string, w io.Writer) error {
	return b.run(ctx, "pg_dump", conninfo, nil, w, "--format=custom", "--no-owner", "--snapshot="+snapshot)
}

// Restore reads what Dump wrote into the empty database that conninfo names: all of it or nothing. The roles that the dump
// names must be there. It collects no statistics: run ANALYZE after it.
func (b Binaries) Restore(ctx context.Context, conninfo string, dump io.Reader) error {
	return b.run(ctx, "pg_restore", conninfo, dump, nil, "--no-owner", "--exit-on-error", "--single-transaction")
}

func (b Binaries) run(ctx context.Context, program, conninfo string, in io.Reader, out io.Writer, args ...string) error {
	shown, password, err := withoutPassword(conninfo)
	if err != nil {
		return err
	}
	var says bytes.Buffer
	cmd := exec.CommandContext(ctx, b.Path(program), append(args, "--no-password", "--dbname="+shown)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = in, out, &says, os.Environ()
	if password != "" {
		cmd.Env = append(cmd.Env, "PGPASSWORD="+password)
	}
	if err := cmd.Run(); err != nil && strings.Contains(says.String(), "permission denied") {
		return fmt.Errorf("%s: %w: %s", program, ErrNotOwner, strings.TrimSpace(says.String()))
	} else if err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, strings.TrimSpace(says.String()))
	}
	return nil
}

var passwordPair = regexp.MustCompile(`\bpassword\s*=\s*('(?:[^'\\]|\\.)*'|\S+)`)

// withoutPassword takes the password out of a connection string, for everybody on the machine can read a program's arguments.
func withoutPassword(conninfo string) (shown, password string, err error) {
	config, err := pq.NewConfig(conninfo)
	if err != nil {
		return "", "", err
	}
	if u, err := url.Parse(conninfo); err == nil && u.User != nil {
		u.User = url.User(u.User.Username())
		return u.String(), config.Password, nil
	}
	return passwordPair.ReplaceAllString(conninfo, ""), config.Password, nil
}
