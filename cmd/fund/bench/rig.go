package bench

import (
	"bufio"
	"context"
	"embed"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations"
	"fund/migrations/localpg"
)

//go:embed yardstick.sql yardstick.pgbench
var files embed.FS

// rig is a scratch PostgreSQL with one community and one campaign, and the
// server under test as a process of its own.
type rig struct {
	dir       string
	pg        *localpg.Server
	owner     *sqlx.DB
	community ledger.Community
	campaign  campaigns.Campaign
	keys      payment.SandboxKeys
	program   string // fund itself
	settings  string // of PostgreSQL, for the server's connections
	server    *exec.Cmd
	address   string // of the server, the same after a restart
	url       string
}

// build makes everything but the server, which will be a process of the program, or of this one where that is empty.
func build(ctx context.Context, program string) (_ *rig, err error) {
	if program == "" {
		if program, err = os.Executable(); err != nil {
			return nil, err
		}
	}
	r := &rig{program: program}
	if r.dir, err = os.MkdirTemp("/var/tmp", "fund-bench-"); err != nil {
		return nil, err
	}
	if err = os.Chmod(r.dir, 0o755); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			r.close()
		}
	}()
	if err = r.startPostgres(ctx); err != nil {
		return nil, err
	}
	if _, err = migrations.Apply(ctx, r.owner.DB); err != nil {
		return nil, err
	}
	if r.keys, err = payment.LoadSandboxKeys(filepath.Join(r.dir, "keys")); err != nil {
		return nil, err
	}
	return r, r.seed(ctx)
}

// startPostgres starts it, at first and after it was killed.
func (r *rig) startPostgres(ctx context.Context) (err error) {
	if r.pg, err = localpg.Start(ctx, localpg.Options{DataDir: filepath.Join(r.dir, "data")}); err != nil {
		return err
	}
	if r.owner != nil {
		r.owner.Close()
	}
	r.owner, err = sqlx.Open("postgres", r.pg.OwnerURL(localpg.Database))
	return err
}

func (r *rig) seed(ctx context.Context) error {
	return r.inTx(ctx, func(tx *sqlx.Tx) error { return r.seedIn(ctx, tx) })
}

func (r *rig) inTx(ctx context.Context, write func(*sqlx.Tx) error) error {
	return ledger.InTx(ctx, r.owner, write)
}

func (r *rig) seedIn(ctx context.Context, tx *sqlx.Tx) (err error) {
	r.community, err = ledger.AddCommunity(ctx, tx, ledger.Community{
		Slug: "bench", NameZH: "测速社区", NameEN: "Bench", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
	})
	if err != nil {
		return err
	}
	today := r.community.Day(time.Now())
	r.campaign, err = campaigns.DraftCampaign(ctx, tx, r.community.ID, campaigns.Campaign{
		Slug: "dinner", TitleZH: "除夕暖心饭", TitleEN: "New Year's Eve dinner", Goal: money.MustParse("18000"), Basis: campaigns.TargetedBasis,
		StartsOn: today, EndsOn: today.AddDate(0, 1, 0), CreatedBy: "system",
	})
	if err != nil {
		return err
	}
	return campaigns.Publish(ctx, tx, r.community.ID, r.campaign.ID, time.Now())
}

// serve starts the server under test and waits until it is ready.
func (r *rig) serve(ctx context.Context) error {
	if r.address == "" {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		r.address = listener.Addr().String()
		r.url = "http://" + r.address
		listener.Close()
	}
	log, err := os.OpenFile(filepath.Join(r.dir, "server.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	r.server = exec.Command(r.program, "serve", "--addr", r.address)
	r.server.Env = append(os.Environ(), "DATABASE_URL="+r.pg.AppURL(localpg.Database)+" "+r.settings, "DATABASE_OWNER_URL="+r.pg.OwnerURL(localpg.Database),
		"DATABASE_READ_URL=", "FUND_KEYS="+filepath.Join(r.dir, "keys"), "FUND_SANDBOX=true", "FUND_BASE_URL="+r.url, "FUND_PROXIES=")
	r.server.Stdout, r.server.Stderr = log, log
	if err := r.server.Start(); err != nil {
		r.server = nil
		return err
	}
	return r.ready(ctx)
}

// ready waits until the server answers and reaches its database.
func (r *rig) ready(ctx context.Context) error {
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline) && ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		if answer, err := http.Get(r.url + "/readyz"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
	said, _ := os.ReadFile(filepath.Join(r.dir, "server.log"))
	return errors.Join(ctx.Err(), fmt.Errorf("bench: the server did not come up: %s", said[max(0, len(said)-4000):]))
}

// stop ends the server as an operator would.
func (r *rig) stop() error {
	if r.server == nil {
		return nil
	}
	defer func() { r.server = nil }()
	if err := r.server.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return r.server.Wait()
}

// kill ends the server as a power failure would.
func (r *rig) kill() {
	_ = r.server.Process.Kill()
	_ = r.server.Wait() // it says that it was killed
	r.server = nil
}

func (r *rig) close() error {
	err := r.stop()
	if r.owner != nil {
		err = errors.Join(err, r.owner.Close())
	}
	if r.pg != nil {
		err = errors.Join(err, r.pg.Stop())
	}
	return errors.Join(err, os.RemoveAll(r.dir))
}

// peakMemory is the most memory the server has held so far, in MB (Linux only, else 0).
func (r *rig) peakMemory() int { return peakOf(r.server.Process.Pid) }

// peakOf is the most memory a process has held so far, in MB (Linux only, else 0).
func peakOf(pid int) int {
	status, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	defer status.Close()
	for lines := bufio.NewScanner(status); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); len(fields) > 1 && fields[0] == "VmHWM:" {
			kilobytes, _ := strconv.Atoi(fields[1])
			return kilobytes / 1024
		}
	}
	return 0
}

var tps = regexp.MustCompile(`tps = ([0-9.]+)`)

// yardstick runs pgbench with 32 clients for so many seconds and returns L, in
// entries a second.
func (r *rig) yardstick(ctx context.Context, seconds int) (float64, error) {
	script := filepath.Join(r.dir, "yardstick.pgbench")
	if _, err := os.Stat(script); err != nil {
		text, _ := files.ReadFile("yardstick.pgbench")
		if err := os.WriteFile(script, text, 0o644); err != nil {
			return 0, err
		}
		schema, _ := files.ReadFile("yardstick.sql")
		if _, err := r.owner.ExecContext(ctx, string(schema)); err != nil {
			return 0, err
		}
	}
	out, err := exec.CommandContext(ctx, r.pg.Binaries.Path("pgbench"), "-n", "-M", "prepared", "-c", "32", "-j", "2",
		"-T", strconv.Itoa(seconds), "-f", script, r.pg.OwnerURL(localpg.Database)).CombinedOutput()
	found := tps.FindSubmatch(out)
	if err != nil || found == nil {
		return 0, fmt.Errorf("bench: pgbench: %w: %s", err, out)
	}
	return strconv.ParseFloat(string(found[1]), 64)
}
