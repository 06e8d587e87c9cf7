package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"fund/ledger/transparency"
)

// CrashOptions say what is killed, and how often.
type CrashOptions struct {
	Rounds  int
	Clients int    // connections, each with one notification under way
	Victim  string // one of Victims
	Unsafe  bool   // let PostgreSQL acknowledge before it has written: the control run, which has to lose donations
	Program string // the fund to run; empty is this program
}

// Victims are whom SIGKILL may hit. Mixed takes turns.
var Victims = []string{"app", "postgres", "both", "mixed"}

// crash is a campaign of kills.
type crash struct {
	CrashOptions
	*rig
	diary   *diary
	waiting []uuid.UUID // donations that nobody has paid yet
	lost    int         // acknowledged donations that the database did not have, with Unsafe
	losses  int         // rounds that lost some
}

// Crash kills the server, PostgreSQL, or both under a load of signed
// notifications, as a power failure would, again and again. After each kill it
// sends once more what had no answer, as a payment company does, and proves
// that every donation is stored exactly once and the books are whole. A round
// in which the kill hit no traffic is played again.
func Crash(ctx context.Context, out io.Writer, o CrashOptions) (err error) {
	r, err := build(ctx, o.Program)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	if o.Unsafe {
		r.settings = "synchronous_commit=off"
	}
	c := &crash{CrashOptions: o, rig: r}
	if err := c.stretchCommits(ctx); err != nil {
		return err
	}
	if c.diary, err = openDiary(filepath.Join(r.dir, "diary")); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.diary.close()) }()
	if err := r.serve(ctx); err != nil {
		return err
	}
	var all round
	for n := range o.Rounds {
		got, err := c.play(ctx, c.victim(n))
		if err != nil {
			return fmt.Errorf("round %d (%s): %w", n+1, c.victim(n), err)
		}
		fmt.Fprintf(out, "round %d: %v\n", n+1, got)
		all.add(got)
	}
	if err := c.finish(ctx); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d rounds: %d donations acknowledged before a kill; %d without an answer, of which %d were booked already\n",
		o.Rounds, all.acked, all.unanswered, all.booked)
	if o.Unsafe {
		return c.seen(out)
	}
	fmt.Fprintf(out, "every one of %d donations is stored exactly once; receipts 1 to %d and entries without a gap; postings sum to zero; the signed log is whole\n",
		all.acked+all.unanswered, all.acked+all.unanswered)
	return nil
}

// stretchCommits makes a commit last 10 ms longer, so that kills hit the moment
// at which a donation is booked and its payer not yet told. A quick disk has
// hardly any.
func (c *crash) stretchCommits(ctx context.Context) error {
	for _, set := range []string{
		`ALTER SYSTEM SET commit_delay = 10000`, `ALTER SYSTEM SET commit_siblings = 0`,
		`ALTER SYSTEM SET wal_writer_delay = 2000`, // matters to the control run alone
		`SELECT pg_reload_conf()`,
	} {
		if _, err := c.owner.ExecContext(ctx, set); err != nil {
			return err
		}
	}
	return nil
}

// seen tells whether the harness found what it must find.
func (c *crash) seen(out io.Writer) error {
	if c.lost == 0 {
		return errors.New("bench: PostgreSQL acknowledged before it wrote, was killed, and nothing was missed: this harness sees no loss")
	}
	fmt.Fprintf(out, "%d acknowledged donations were lost in %d of %d rounds: the harness can see a loss\n", c.lost, c.losses, c.Rounds)
	return nil
}

func (c *crash) victim(n int) string {
	if c.Victim == "mixed" {
		return Victims[n%3]
	}
	return c.Victim
}

// round is what one kill did.
type round struct {
	victim                          string
	acked, unanswered, booked, lost int
	back                            time.Duration // from the kill until the server answered again
}

func (r *round) add(other round) {
	r.acked, r.unanswered, r.booked = r.acked+other.acked, r.unanswered+other.unanswered, r.booked+other.booked
}

func (r round) String() string {
	lost := ""
	if r.lost > 0 {
		lost = fmt.Sprintf("; %d acknowledged are LOST", r.lost)
	}
	return fmt.Sprintf("%-8s killed after %4d acknowledged, %3d without an answer (%d of them booked), back in %v%s",
		r.victim, r.acked, r.unanswered, r.booked, r.back.Round(10*time.Millisecond), lost)
}

// misses is how many kills in a row may hit no traffic.
const misses = 20

func (c *crash) play(ctx context.Context, victim string) (got round, err error) {
	for range misses {
		before, err := c.diary.read(acked)
		if err != nil {
			return got, err
		}
		if err := c.strike(ctx, victim); err != nil {
			return got, err
		}
		tried, err := c.diary.read(sent)
		if err != nil {
			return got, err
		}
		answered, err := c.diary.read(acked)
		if err != nil {
			return got, err
		}
		unanswered := without(tried, answered)
		answered = answered[len(before):]
		got = round{victim: victim, acked: len(answered), unanswered: len(unanswered)}
		began := time.Now()
		if err := c.restart(ctx); err != nil {
			return got, err
		}
		got.back = time.Since(began)
		if err := c.settle(ctx, &got, answered, unanswered); err != nil {
			return got, err
		}
		if got.acked > 0 && got.unanswered > 0 {
			return got, nil
		}
	}
	return got, fmt.Errorf("bench: %d kills hit no traffic", misses)
}

// settle sees what the kill left, sends again what had no answer, and proves all of it.
func (c *crash) settle(ctx context.Context, got *round, answered, unanswered []uuid.UUID) error {
	left, err := c.look(ctx, unanswered)
	if err != nil {
		return err
	}
	for _, s := range left {
		if s.once() {
			got.booked++
		} else if s.State == "paid" || s.Entries+s.Receipts+s.Letters > 0 {
			return fmt.Errorf("bench: a donation without an answer is stored in part: %+v", s)
		}
	}
	kept, err := c.look(ctx, answered)
	if err != nil {
		return err
	}
	for _, s := range kept {
		switch {
		case s.once():
		case c.Unsafe && s.State == "pending":
			got.lost++
			unanswered = append(unanswered, s.ID)
		default:
			return fmt.Errorf("bench: an acknowledged donation is not stored exactly once: %+v", s)
		}
	}
	if c.lost += got.lost; got.lost > 0 {
		c.losses++
	}
	if err := c.resend(ctx, unanswered); err != nil {
		return err
	}
	return c.whole(ctx)
}

// whole proves everything that the diary says was acknowledged since the start.
func (c *crash) whole(ctx context.Context) error {
	ids, err := c.diary.read(acked)
	if err != nil {
		return err
	}
	if err := c.prove(ctx, ids); err != nil {
		return err
	}
	by, err := c.verifier()
	if err != nil {
		return err
	}
	return c.check(ctx, by)
}

// finish stops the server in order, which seals the log to its end, and looks once more.
func (c *crash) finish(ctx context.Context) error {
	if err := c.stop(); err != nil {
		return err
	}
	waiting, err := transparency.Unsealed(ctx, c.owner, []int{c.community.ID})
	if err != nil {
		return err
	}
	if len(waiting) > 0 {
		return errors.New("bench: the server left entries without a checkpoint")
	}
	return c.whole(ctx)
}

func (c *crash) verifier() (note.Verifier, error) {
	public, err := os.ReadFile(filepath.Join(c.dir, "keys", "log.pub"))
	if err != nil {
		return nil, err
	}
	return transparency.ParseVerifier(string(public))
}

// hit kills the victim, of both a random one first.
func (c *crash) hit(victim string) {
	kills := map[string][]func(){"app": {c.kill}, "postgres": {c.pg.Kill}, "both": {c.kill, c.pg.Kill}}[victim]
	rand.Shuffle(len(kills), func(i, j int) { kills[i], kills[j] = kills[j], kills[i] })
	for _, kill := range kills {
		kill()
	}
}

// restart brings back what was killed, on the same directory and the same address.
func (c *crash) restart(ctx context.Context) error {
	select {
	case <-c.pg.Done():
		if err := c.startPostgres(ctx); err != nil {
			return err
		}
	default:
	}
	if c.server == nil {
		return c.serve(ctx)
	}
	return c.ready(ctx)
}
