package localpg

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// installers are the package managers we know, each with what it takes to
// install PostgreSQL. They are tried in this order.
var installers = []struct {
	program string
	root    bool // must run as root
	steps   [][]string
}{
	{"apt-get", true, [][]string{
		{"apt-get", "update"},
		// Debian's package creates and starts a cluster of its own unless told
		// not to. An administrator's own wish, in that file, is left alone.
		{
			"sh", "-c", "f=/etc/postgresql-common/createcluster.conf; " +
				"test -e $f || { mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' > $f; }",
		},
		{"env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "--no-install-recommends", "postgresql"},
	}},
	{"dnf", true, [][]string{{"dnf", "install", "-y", "postgresql-server", "postgresql-contrib"}}},
	{"apk", true, [][]string{{"apk", "add", "postgresql", "postgresql-client"}}},
	{"pacman", true, [][]string{{"pacman", "-S", "--noconfirm", "postgresql"}}},
	{"zypper", true, [][]string{{"zypper", "--non-interactive", "install", "postgresql-server"}}},
	{"brew", false, [][]string{{"brew", "install", "postgresql@17"}}},
	{"winget", false, [][]string{{"winget", "install", "-e", "--id", "PostgreSQL.PostgreSQL.17"}}},
}

// InstallCommand is the command that a person types to install PostgreSQL on
// this machine. Where the package manager is unknown it is the address to
// fetch it from.
func InstallCommand() string {
	steps := installSteps()
	if len(steps) == 0 {
		return "https://www.postgresql.org/download/"
	}
	last := steps[len(steps)-1]
	return strings.Replace(strings.Join(last, " "), "env DEBIAN_FRONTEND=noninteractive ", "", 1)
}

// Install installs PostgreSQL through the system's package manager, with sudo
// when we are not root, and prints each command to out before it runs it. It
// does nothing when one is already there.
func Install(ctx context.Context, out io.Writer) error {
	if b, err := Find(); err == nil {
		fmt.Fprintf(out, "PostgreSQL %d: %s\n", b.Major, b.Dir)
		return nil
	}
	steps := installSteps()
	if len(steps) == 0 {
		return notInstalled()
	}
	for _, step := range steps {
		fmt.Fprintln(out, "+", strings.Join(step, " "))
		cmd := exec.CommandContext(ctx, step[0], step[1:]...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, out, out // sudo may ask for a password
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("localpg.Install: %s: %w", strings.Join(step, " "), err)
		}
	}
	_, err := Find()
	return err
}

func installSteps() [][]string {
	for _, in := range installers {
		if _, err := exec.LookPath(in.program); err != nil {
			continue
		}
		if !in.root || os.Geteuid() == 0 || runtime.GOOS == "windows" {
			return in.steps
		}
		var steps [][]string
		for _, step := range in.steps {
			steps = append(steps, append([]string{"sudo"}, step...))
		}
		return steps
	}
	return nil
}
