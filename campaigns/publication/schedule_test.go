package publication_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/disclosure"
	"fund/campaigns/outbox"
	"fund/campaigns/publication"
	"fund/ledger"
)

// post remembers which letters were sent.
type post struct {
	sync.Mutex
	asked, told []string
}

func (o *office) following(p *post, now func() time.Time) publication.Following {
	note := func(list *[]string, said string) error {
		p.Lock()
		defer p.Unlock()
		*list = append(*list, said)
		return nil
	}
	return publication.Following{
		DB: o.App, Now: now,
		Fill: func(ctx context.Context, _ ledger.Community, r publication.Report, _ time.Time) (publication.Draft, error) {
			return o.draft(ctx, o.App, r)
		},
		Ask: func(_ context.Context, _ ledger.Community, s publication.Subscriber, _ uuid.UUID) error {
			return note(&p.asked, s.Email)
		},
		Tell: func(_ context.Context, _ ledger.Community, d disclosure.Document, s publication.Subscriber, _ uuid.UUID) error {
			return note(&p.told, s.Email+" "+d.Serial())
		},
	}
}

// work runs the outbox with so many servers until nothing is left to do.
func (o *office) work(t testing.TB, p *post, servers int, now time.Time) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for range servers {
		all.Go(func() {
			handlers := publication.Handlers(o.following(p, func() time.Time { return now }))
			if err := outbox.Run(ctx, o.App, outbox.Lane{Handlers: handlers, Options: outbox.Options{Poll: 5 * time.Millisecond, Backoff: func(int) time.Duration { return 0 }}}); err != nil {
				t.Error(err)
			}
		})
	}
	for {
		var left int
		if err := o.App.Get(&left, `SELECT count(*) FROM outbox.message WHERE done_at IS NULL AND dead_at IS NULL`); err != nil || left == 0 {
			if err != nil {
				t.Error(err)
			}
			break
		}
	}
	cancel()
	all.Wait()
}

func (o *office) schedule(t testing.TB, span publication.Span, days int) {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) error {
		return publication.SetSchedule(t.Context(), tx, o.ID, publication.Schedule{Kind: publication.Fund, Span: span, Days: days, SetBy: "user:1", SetAt: time.Now().Add(-time.Hour)})
	})
}

func (o *office) plan(t testing.TB, now time.Time) {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) error { return publication.Plan(t.Context(), tx, o.Community, now) })
}

func (o *office) serials(t testing.TB) string {
	t.Helper()
	list, err := disclosure.Published(t.Context(), o.App, o.ID)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, d := range list {
		all = append(all, d.DutyKey)
	}
	return strings.Join(all, " ")
}

func TestScheduledReportsAreIssuedOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.schedule(t, publication.Month, 3)
	o.schedule(t, publication.Quarter, 0)
	p := &post{}
	for _, email := range []string{"zhou@example.org", "li@example.org", "nobody@example.org"} {
		o.subscribe(t, email)
	}
	o.confirm(t, "zhou@example.org")
	o.confirm(t, "li@example.org")

	today := time.Now()
	for range 3 { // three servers look, each more than once
		o.plan(t, today)
		o.plan(t, today)
	}
	o.work(t, p, 2, today)
	if got := o.serials(t); got != "fund.2026-01.2026-03" { // the months' three days are not over
		t.Errorf("issued: %s", got)
	}
	later := today.AddDate(0, 0, 3)
	var planning sync.WaitGroup
	for range 2 {
		planning.Go(func() { o.plan(t, later) })
	}
	planning.Wait()
	o.work(t, p, 2, later)
	if got := o.serials(t); len(strings.Fields(got)) != 4 || !strings.Contains(got, "fund.2026-02.2026-02") || strings.Contains(got, "2026-04") {
		t.Errorf("issued: %s", got)
	}
	if len(p.told) != 2*4 || len(p.asked) != 1 { // each reader once for each report; who confirmed before the letter went needs none
		t.Errorf("told %v, asked %v", p.told, p.asked)
	}
	o.plan(t, later.AddDate(0, 0, 1))
	o.work(t, p, 2, later)
	if n := len(p.told); n != 8 {
		t.Errorf("told %d times", n)
	}
}

// Two servers that hold the same work issue one report: the second finds it issued.
func TestTwoServersIssueOneReport(t *testing.T) {
	t.Parallel()
	o := open(t)
	m := outbox.Message{CommunityID: o.ID, ID: uuid.New(), Payload: json.RawMessage(`{"kind": "fund", "from": "2026-01", "to": "2026-01"}`)}
	issue := publication.Handlers(o.following(&post{}, time.Now))["report_due"]
	errs := make([]error, 8)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { errs[i] = issue(t.Context(), m) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	if got := o.serials(t); got != "fund.2026-01.2026-01" {
		t.Errorf("issued: %s", got)
	}
}

func TestAMonthOpenedAgainIsIssuedAfterItsNextClosing(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.schedule(t, publication.Month, 0)
	if _, err := o.issue("2026-01", publication.Note{}, noon(4, 20)); err != nil {
		t.Fatal(err)
	}
	if _, err := o.issue("2026-02", publication.Note{}, noon(4, 20)); err != nil {
		t.Fatal(err)
	}
	o.plan(t, time.Now()) // March waits in the outbox …
	o.Do(t, func(tx *sqlx.Tx) error {
		id, err := ledger.AskReopening(t.Context(), tx, o.ID, ledger.Day(2026, 3, 1), "user:1", "treasurer", "漏了一笔")
		if err == nil {
			_, err = ledger.AgreeReopening(t.Context(), tx, o.ID, id, "user:2", "council_member")
		}
		return err
	})
	o.work(t, &post{}, 1, time.Now())
	if got := o.serials(t); strings.Contains(got, "2026-03") {
		t.Errorf("an open month was issued: %s", got)
	}
	o.sell(t, noon(3, 30), "7")
	o.close(t, time.March)
	o.plan(t, time.Now())
	o.work(t, &post{}, 1, time.Now())
	list, err := disclosure.Published(t.Context(), o.App, o.ID)
	if err != nil || len(list) != 3 || list[0].DutyKey != "fund.2026-03.2026-03" || list[0].Content.Figures.OtherSum().String() != "107.00" {
		t.Errorf("%s: %v", o.serials(t), err)
	}
}

func TestAScheduleLeavesWhatWasClosedBeforeItAlone(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.Do(t, func(tx *sqlx.Tx) error {
		return publication.SetSchedule(t.Context(), tx, o.ID, publication.Schedule{Kind: publication.Fund, Span: publication.Month, SetBy: "user:1", SetAt: time.Now()})
	})
	due := func() int {
		list, err := publication.Due(t.Context(), o.App, o.Community, time.Now().AddDate(0, 0, 1))
		if err != nil {
			t.Error(err)
		}
		return len(list)
	}
	if n := due(); n != 0 {
		t.Errorf("%d of the months before", n)
	}
	o.close(t, time.April)
	if n := due(); n != 1 {
		t.Errorf("%d of April", n)
	}
	o.Do(t, func(tx *sqlx.Tx) error {
		return publication.EndSchedule(t.Context(), tx, o.ID, publication.Fund, publication.Month)
	})
	if n := due(); n != 0 {
		t.Errorf("%d by a schedule that ended", n)
	}
}
