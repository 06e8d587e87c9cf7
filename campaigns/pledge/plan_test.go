package pledge_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/pledge"
	"fund/ledger"
)

func TestTheDayAtTheEndOfAMonth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		month string
		day   int
		want  string
	}{
		{"2026-01", 31, "2026-01-31"},
		{"2026-02", 31, "2026-02-28"},
		{"2028-02", 31, "2028-02-29"},
		{"2028-02", 29, "2028-02-29"},
		{"2026-02", 29, "2026-02-28"},
		{"2026-04", 31, "2026-04-30"},
		{"2026-02", 1, "2026-02-01"},
		{"2026-12", 31, "2026-12-31"},
	} {
		month, err := time.Parse("2006-01", c.month)
		if err != nil {
			t.Fatal(err)
		}
		if got := pledge.DueIn(month, c.day).Format(time.DateOnly); got != c.want {
			t.Errorf("the %d of %s is %s, not %s", c.day, c.month, got, c.want)
		}
	}
}

// everyDay runs the worker each day of some months, as servers that never stop do.
func (h *house) everyDay(t *testing.T, from time.Time, months int) {
	t.Helper()
	for day := from; day.Before(from.AddDate(0, months, 0)); day = day.AddDate(0, 0, 1) {
		h.run(t, h.Clock(day, 8))
	}
}

func TestAPlanOfThe31stIsAskedForOnceAMonth(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.monthly(t, "dinner", "50", h.at(2026, 1, 31, 20))
	if p.Day != 31 || p.Phase(ledger.Day(2026, 2, 1)) != pledge.Running {
		t.Fatalf("%+v", p)
	}
	h.run(t, h.at(2026, 1, 31, 21))
	h.everyDay(t, ledger.Day(2026, 2, 1), 3)
	want := []string{"2026-02 2026-02-28 09:00", "2026-03 2026-03-31 09:00", "2026-04 2026-04-30 09:00"}
	if diff := cmp.Diff(want, h.reminders(t, p.ID)); diff != "" {
		t.Errorf("reminders (-want +got):\n%s", diff)
	}
	if next := h.plan(t, p.ID).Next(ledger.Day(2026, 4, 30)); !next.Equal(ledger.Day(2026, 5, 31)) {
		t.Errorf("next on %s", next)
	}
}

func TestDaysAreTheCommunitys(t *testing.T) {
	t.Parallel()
	for zone, c := range map[string]struct{ begun, day, sent string }{ // all at one moment: 31 January, 16:30 UTC
		"Asia/Shanghai":      {"2026-02-01", "2026-03-01", "2026-03-01T01:00:00Z"},
		"America/New_York":   {"2026-01-31", "2026-02-28", "2026-02-28T14:00:00Z"},
		"Pacific/Kiritimati": {"2026-02-01", "2026-03-01", "2026-02-28T19:00:00Z"},
	} {
		h := openIn(t, zone)
		at := time.Date(2026, 1, 31, 16, 30, 0, 0, time.UTC)
		p := h.monthly(t, "dinner", "50", at)
		if got := p.MadeOn.Format(time.DateOnly); got != c.begun {
			t.Errorf("%s: begun on %s, not %s", zone, got, c.begun)
		}
		for now := at; now.Before(at.AddDate(0, 0, 35)); now = now.Add(12 * time.Hour) {
			h.run(t, now)
		}
		var first time.Time
		if err := h.Owner.Get(&first, `SELECT min(send_at) FROM pledge.reminder WHERE community_id = $1 AND promise_id = $2`, h.ID, p.ID); err != nil {
			t.Fatal(err)
		}
		if got := first.UTC().Format(time.RFC3339); got != c.sent {
			t.Errorf("%s: the first letter goes at %s, not %s", zone, got, c.sent)
		}
	}
}

func TestAPaidMonthIsNotAskedForAndAMissedOneIsMissed(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.monthly(t, "dinner", "50", h.at(2026, 1, 10, 9))
	if month, due := p.Turn(ledger.Day(2026, 1, 20)); due {
		t.Errorf("%s is due in the month of the first gift", month)
	}
	to, err := p.Takes(t.Context(), h.App, ledger.Day(2026, 2, 9))
	if err != nil {
		t.Fatal(err)
	}
	h.run(t, h.at(2026, 2, 9, 9))
	h.give(t, p.Gift(to, ledger.Day(2026, 2, 1), h.at(2026, 2, 9, 12))) // before the letter's morning
	if sent := h.post(t, h.at(2026, 2, 10, 9)); len(sent) != 0 {
		t.Errorf("sent %+v", sent)
	}
	h.everyDay(t, ledger.Day(2026, 2, 10), 3) // nobody pays in March and April
	want := []string{"2026-02 2026-02-10 09:00", "2026-03 2026-03-10 09:00", "2026-04 2026-04-10 09:00", "2026-05 2026-05-10 09:00"}
	if diff := cmp.Diff(want, h.reminders(t, p.ID)); diff != "" {
		t.Errorf("reminders (-want +got):\n%s", diff)
	}
	if month, due := p.Turn(ledger.Day(2026, 4, 9)); !due || month.Month() != time.March {
		t.Errorf("on 9 April a gift is for %s, %v", month, due)
	}
	if sent := h.post(t, h.at(2026, 4, 10, 9)); len(sent) != 2 {
		t.Errorf("%d letters", len(sent))
	}
	if p = h.plan(t, p.ID); p.Gifts != 2 || !p.Given.Equal(yuan("100")) {
		t.Errorf("%d gifts, %s", p.Gifts, p.Given)
	}
}

func TestPauseResumeChangeAndStop(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.monthly(t, "dinner", "50", h.at(2026, 1, 10, 9))
	today := ledger.Day(2026, 1, 15)
	for until, want := range map[time.Time]error{today: pledge.ErrPause, today.AddDate(1, 0, 1): pledge.ErrPause, ledger.Day(2026, 3, 11): nil} {
		if err := h.Try(func(tx *sqlx.Tx) error { return pledge.Pause(t.Context(), tx, p, until, today) }); !errors.Is(err, want) {
			t.Errorf("until %s: %v", until, err)
		}
	}
	p = h.plan(t, p.ID)
	if p.Phase(ledger.Day(2026, 3, 10)) != pledge.Paused || p.Phase(ledger.Day(2026, 3, 11)) != pledge.Running || !p.Next(today).Equal(ledger.Day(2026, 4, 10)) {
		t.Errorf("%s, %s, next on %s", p.Phase(ledger.Day(2026, 3, 10)), p.Phase(ledger.Day(2026, 3, 11)), p.Next(today))
	}
	for month, want := range map[time.Month]int{time.March: 0, time.April: 1} {
		if e, err := pledge.ExpectedIn(t.Context(), h.App, h.ID, ledger.Day(2026, month, 1)); err != nil || e.Givers != want {
			t.Errorf("in %s: %+v, %v", month, e, err)
		}
	}
	h.everyDay(t, ledger.Day(2026, 1, 20), 3)
	if diff := cmp.Diff([]string{"2026-04 2026-04-10 09:00"}, h.reminders(t, p.ID)); diff != "" {
		t.Errorf("reminders (-want +got):\n%s", diff)
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		return pledge.Pause(t.Context(), tx, p, ledger.Day(2027, 4, 1), ledger.Day(2026, 4, 20))
	})
	h.Do(t, func(tx *sqlx.Tx) error { return pledge.Resume(t.Context(), tx, p) })
	for amount, want := range map[string]error{"4": campaigns.ErrBelowMinimum, "200000.01": campaigns.ErrAboveMaximum, "66.60": nil} {
		if err := h.Try(func(tx *sqlx.Tx) error { return pledge.Change(t.Context(), tx, p, yuan(amount), 12) }); !errors.Is(err, want) {
			t.Errorf("%s a month: %v", amount, err)
		}
	}
	h.everyDay(t, ledger.Day(2026, 5, 1), 1)
	if got := h.reminders(t, p.ID); len(got) != 2 || got[1] != "2026-05 2026-05-12 09:00" {
		t.Errorf("resumed, on another day: %q", got)
	}
	for range 2 {
		h.Do(t, func(tx *sqlx.Tx) error { return pledge.Stop(t.Context(), tx, p, "", h.at(2026, 6, 1, 9)) })
	}
	h.everyDay(t, ledger.Day(2026, 6, 1), 2)
	p = h.plan(t, p.ID)
	if got := h.reminders(t, p.ID); len(got) != 2 || p.Phase(ledger.Day(2026, 7, 1)) != pledge.Stopped || !p.Amount.Equal(yuan("66.60")) {
		t.Errorf("stopped: %q, %+v", got, p)
	}
	to, err := p.Takes(t.Context(), h.App, ledger.Day(2026, 7, 1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.start(t, p.Gift(to, ledger.Day(2026, 7, 1), h.at(2026, 7, 1, 9))); !errors.Is(err, campaigns.ErrState) {
		t.Errorf("a stopped plan takes gifts: %v", err)
	}
	if err := h.Try(func(tx *sqlx.Tx) error { return pledge.Resume(t.Context(), tx, p) }); !errors.Is(err, campaigns.ErrState) {
		t.Errorf("a stopped plan resumes: %v", err)
	}
}

func TestNobodyIsAskedWhoNeverGave(t *testing.T) {
	t.Parallel()
	h := open(t)
	at := h.at(2026, 1, 10, 9)
	d, err := h.start(t, campaigns.Start{Campaign: "dinner", Amount: yuan("50"), Email: "somebody@else.example", At: at, With: pledge.Monthly(h.Community, at)})
	if err != nil {
		t.Fatal(err)
	}
	h.everyDay(t, ledger.Day(2026, 2, 1), 1)
	var n int
	if err := h.Owner.Get(&n, `SELECT count(*) FROM pledge.reminder`); err != nil || n != 0 {
		t.Errorf("%d letters to an address that nobody has shown to be theirs, %v", n, err)
	}
	if list, err := pledge.ListPlans(t.Context(), h.App, h.ID); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := h.start(t, campaigns.Start{Campaign: "dinner", Amount: yuan("50"), At: at, With: pledge.Monthly(h.Community, at)}); !errors.Is(err, pledge.ErrNoOne) {
		t.Errorf("a plan of nobody: %v", err)
	}
	if err := h.Try(func(tx *sqlx.Tx) error { // somebody else, with the same gift
		other, err := campaigns.AddDonor(t.Context(), tx, h.ID, "", "other@else.example", "en")
		if err != nil {
			return err
		}
		_, err = pledge.Begin(t.Context(), tx, h.Community, d, other.ID, at)
		return err
	}); !errors.Is(err, pledge.ErrKept) {
		t.Errorf("a gift begins two plans: %v", err)
	}
}

func TestAnErasedDonorsPlanHasStopped(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.monthly(t, "dinner", "50", h.at(2026, 1, 10, 9))
	h.Do(t, func(tx *sqlx.Tx) error {
		return campaigns.EraseDonor(t.Context(), tx, h.ID, p.DonorID, h.at(2026, 1, 20, 9))
	})
	h.everyDay(t, ledger.Day(2026, 2, 1), 1)
	e, err := pledge.ExpectedIn(t.Context(), h.App, h.ID, ledger.Day(2026, 2, 1))
	if p = h.plan(t, p.ID); err != nil || e.Givers != 0 || p.Phase(ledger.Day(2026, 2, 1)) != pledge.Stopped || len(h.reminders(t, p.ID)) != 0 {
		t.Errorf("%+v, expected %+v, %v", p, e, err)
	}
}

func TestWhenTheCampaignIsOver(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "short", 0, ledger.Day(2026, 2, 9))
	h.publish(t, "small", ledger.GeneralFundID, ledger.Day(2026, 2, 9))
	own, general := h.monthly(t, "short", "50", h.at(2026, 1, 10, 9)), h.monthly(t, "small", "20", h.at(2026, 1, 10, 9))
	h.everyDay(t, ledger.Day(2026, 2, 1), 3)
	if diff := cmp.Diff([]string{"over 2026-02-10 09:00"}, h.reminders(t, own.ID)); diff != "" {
		t.Errorf("its own fund (-want +got):\n%s", diff)
	}
	if phase := h.plan(t, own.ID).Phase(ledger.Day(2026, 2, 11)); phase != pledge.Over {
		t.Errorf("its own fund: %s", phase)
	}
	if got := h.reminders(t, general.ID); len(got) != 3 {
		t.Errorf("the general fund: %q", got)
	}
	if to, err := general.Takes(t.Context(), h.App, ledger.Day(2026, 3, 1)); err != nil || to.Slug != "everyday" {
		t.Errorf("the general fund's gift goes to %s, %v", to.Slug, err)
	}
	if sent := h.post(t, h.at(2026, 2, 10, 10)); len(sent) != 2 {
		t.Errorf("%d letters", len(sent))
	}
}

func TestManyServersWriteEachLetterOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	var promises []uuid.UUID
	for range 12 {
		promises = append(promises, h.monthly(t, "dinner", "50", h.at(2026, 4, 10, 9)).ID, h.promise(t, "80", ledger.Day(2026, 5, 13), h.at(2026, 4, 10, 9)).ID)
	}
	var servers sync.WaitGroup
	errs := make([]error, 6)
	for i := range errs {
		servers.Go(func() {
			for hour := range 4 {
				errs[i] = errors.Join(errs[i], pledge.RunDue(t.Context(), h.App, h.Community, h.at(2026, 5, 9, 20+hour)))
			}
		})
	}
	servers.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	var letters int
	err := h.Owner.Get(&letters, `SELECT count(*) FROM outbox.message WHERE kind LIKE '%reminder'`)
	if err != nil || letters != len(promises) {
		t.Errorf("%d letters about %d promises, %v", letters, len(promises), err)
	}
	for _, id := range promises {
		if got := h.reminders(t, id); len(got) != 1 {
			t.Errorf("%s: %q", id, fmt.Sprint(got))
		}
	}
}

func TestAGiftInThePlaceOfAnotherKeepsTheSame(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.monthly(t, "dinner", "50", h.at(2026, 1, 10, 9))
	to, err := p.Takes(t.Context(), h.App, ledger.Day(2026, 2, 10))
	if err != nil {
		t.Fatal(err)
	}
	first, err := h.start(t, p.Gift(to, ledger.Day(2026, 2, 1), h.at(2026, 2, 10, 9)))
	if err != nil {
		t.Fatal(err)
	}
	h.Do(t, func(tx *sqlx.Tx) error { return campaigns.FailDonation(t.Context(), tx, h.ID, first.ID) })
	for of, want := range map[uuid.UUID]uuid.UUID{first.ID: p.ID, uuid.New(): uuid.Nil} {
		d := h.give(t, campaigns.Start{Campaign: "dinner", Amount: yuan("50"), Donor: p.DonorID, At: h.at(2026, 2, 10, 12), With: pledge.Instead(h.ID, of)})
		if keeps, err := pledge.Keeps(t.Context(), h.App, h.ID, d.ID); err != nil || keeps != want {
			t.Errorf("keeps %s and not %s, %v", keeps, want, err)
		}
	}
	if p = h.plan(t, p.ID); p.Gifts != 2 {
		t.Errorf("%d gifts", p.Gifts)
	}
}

func TestAPaidMonthIsNotAskedForAgainOnAnotherDay(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.monthly(t, "dinner", "50", h.at(2026, 1, 5, 9)) // February is missed
	to, err := p.Takes(t.Context(), h.App, ledger.Day(2026, 3, 6))
	if err != nil {
		t.Fatal(err)
	}
	h.give(t, p.Gift(to, ledger.Day(2026, 3, 1), h.at(2026, 3, 6, 9)))
	h.Do(t, func(tx *sqlx.Tx) error { return pledge.Change(t.Context(), tx, p, yuan("50"), 20) })
	p = h.plan(t, p.ID)
	history, err := p.History(t.Context(), h.App)
	if err != nil {
		t.Fatal(err)
	}
	for today, want := range map[time.Time]bool{ledger.Day(2026, 3, 10): false, ledger.Day(2026, 3, 20): false, ledger.Day(2026, 4, 19): false, ledger.Day(2026, 4, 20): true} {
		if month, asks := p.Asks(history, today); asks != want {
			t.Errorf("on %s asked for %s: %v", today.Format(time.DateOnly), month.Format("2006-01"), asks)
		}
	}
	if next := p.NextLetter(history, ledger.Day(2026, 3, 10)); !next.Equal(ledger.Day(2026, 4, 20)) {
		t.Errorf("the next letter on %s", next.Format(time.DateOnly))
	}
	h.everyDay(t, ledger.Day(2026, 3, 10), 1)
	if got := h.reminders(t, p.ID); len(got) != 0 {
		t.Errorf("reminders %q", got)
	}
}
