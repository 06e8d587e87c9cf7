package pledge_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/pledge"
	"fund/ledger"
)

func TestAPledgeIsKeptInParts(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.promise(t, "500", ledger.Day(2026, 5, 31), h.at(2026, 5, 1, 10))
	if p.State != pledge.Open || !p.Left().Equal(yuan("500")) || len(p.Token) != 26 {
		t.Fatalf("%+v", p)
	}
	h.give(t, p.Gift(yuan("200"), h.at(2026, 5, 10, 10)))
	if _, err := h.start(t, p.Gift(yuan("300"), h.at(2026, 5, 10, 11))); err != nil { // started is not paid
		t.Fatal(err)
	}
	if p = h.pledge(t, p.ID); p.State != pledge.Open || !p.Left().Equal(yuan("300")) {
		t.Errorf("after a part: %s, %s left", p.State, p.Left())
	}
	h.Do(t, func(tx *sqlx.Tx) error { // the rest at the desk
		_, err := campaigns.EnterCash(t.Context(), tx, h.Community, p.Gift(yuan("300"), h.at(2026, 5, 20, 10)))
		return err
	})
	if p = h.pledge(t, p.ID); p.State != pledge.Fulfilled || !p.Left().IsZero() {
		t.Errorf("after the rest: %s, %s left", p.State, p.Left())
	}
	if err := h.Try(func(tx *sqlx.Tx) error { return pledge.Cancel(t.Context(), tx, h.ID, p.ID, "", h.at(2026, 5, 21, 10)) }); !errors.Is(err, campaigns.ErrState) {
		t.Errorf("a fulfilled pledge was cancelled: %v", err)
	}
	h.run(t, h.at(2026, 5, 29, 10))
	h.run(t, h.at(2026, 8, 1, 10))
	if p = h.pledge(t, p.ID); p.State != pledge.Fulfilled || p.EndedAt != nil || len(h.reminders(t, p.ID)) > 0 {
		t.Errorf("a fulfilled pledge was reminded of or lapsed: %+v, %q", p, h.reminders(t, p.ID))
	}
	var entries int
	if err := h.Owner.Get(&entries, `SELECT count(*) FROM ledger.journal_entry`); err != nil || entries != 2 {
		t.Errorf("%d entries of two gifts, %v", entries, err)
	}
	if findings, err := pledge.Check(t.Context(), h.App, h.ID); err != nil || len(findings) > 0 {
		t.Errorf("%v, %v", findings, err)
	}
}

func TestWhatAPledgeRefuses(t *testing.T) {
	t.Parallel()
	h := open(t)
	now, may := h.at(2026, 5, 1, 10), ledger.Day(2026, 5, 31)
	good := pledge.Promise{Campaign: "dinner", Amount: yuan("500"), DueOn: may, Name: "周婆婆", At: now}
	for what, c := range map[string]struct {
		change func(*pledge.Promise)
		want   error
	}{
		"unknown campaign":   {func(s *pledge.Promise) { s.Campaign = "nowhere" }, campaigns.ErrNotFound},
		"below the minimum":  {func(s *pledge.Promise) { s.Amount = yuan("4.99") }, campaigns.ErrBelowMinimum},
		"a day that is past": {func(s *pledge.Promise) { s.DueOn = ledger.Day(2026, 4, 30) }, pledge.ErrDay},
		"after the end":      {func(s *pledge.Promise) { s.DueOn = ledger.Day(2027, 1, 1) }, pledge.ErrDay},
		"nobody":             {func(s *pledge.Promise) { s.Name = "" }, pledge.ErrNoOne},
		"when it is over":    {func(s *pledge.Promise) { s.At = h.at(2027, 1, 1, 0) }, campaigns.ErrNotOpen},
	} {
		s := good
		c.change(&s)
		if err := h.Try(func(tx *sqlx.Tx) error { _, err := pledge.Make(t.Context(), tx, h.Community, s); return err }); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	good.ID = uuid.Must(uuid.NewV7())
	for range 2 { // a doubled click
		h.Do(t, func(tx *sqlx.Tx) error { _, err := pledge.Make(t.Context(), tx, h.Community, good); return err })
	}
	if of, _, err := pledge.Counts(t.Context(), h.App, h.ID, may); err != nil || of[pledge.Open] != 1 {
		t.Errorf("%v, %v", of, err)
	}
	for i := range 6 { // somebody's address is not to be filled with letters
		flood := good
		flood.ID, flood.Email = uuid.Nil, "zhou@example.cn"
		err := h.Try(func(tx *sqlx.Tx) error { _, err := pledge.Make(t.Context(), tx, h.Community, flood); return err })
		if (i == 5) != errors.Is(err, pledge.ErrFull) {
			t.Errorf("open pledge %d of an address: %v", i+1, err)
		}
	}
	if _, err := pledge.ByToken(t.Context(), h.App, h.ID, strings.Repeat("a", 26)); !errors.Is(err, campaigns.ErrNotFound) {
		t.Errorf("a token of nobody: %v", err)
	}
}

func TestACancelledPledgeTakesNothingMore(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.promise(t, "500", ledger.Day(2026, 5, 31), h.at(2026, 5, 1, 10))
	late, err := h.start(t, p.Gift(yuan("500"), h.at(2026, 5, 2, 10)))
	if err != nil {
		t.Fatal(err)
	}
	h.Do(t, func(tx *sqlx.Tx) error { return pledge.Cancel(t.Context(), tx, h.ID, p.ID, "", h.at(2026, 5, 3, 10)) })
	if _, err := h.start(t, p.Gift(yuan("500"), h.at(2026, 5, 4, 10))); !errors.Is(err, campaigns.ErrState) {
		t.Errorf("a cancelled pledge was paid: %v", err)
	}
	h.run(t, h.at(2026, 5, 28, 10))
	if p = h.pledge(t, p.ID); p.State != pledge.Cancelled || len(h.reminders(t, p.ID)) > 0 {
		t.Errorf("%s, reminders %q", p.State, h.reminders(t, p.ID))
	}
	h.pay(t, late) // it was under way: what is paid is paid
	if p = h.pledge(t, p.ID); p.State != pledge.Fulfilled {
		t.Errorf("paid after all: %s", p.State)
	}
}

func TestLettersOfAPledge(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.promise(t, "500", ledger.Day(2026, 5, 31), h.at(2026, 5, 1, 10))
	soon := h.promise(t, "50", ledger.Day(2026, 5, 3), h.at(2026, 5, 1, 10))
	today := h.promise(t, "60", ledger.Day(2026, 5, 1), h.at(2026, 5, 1, 10))
	h.run(t, h.at(2026, 5, 1, 11))
	h.run(t, h.at(2026, 5, 26, 23))
	if got := h.reminders(t, p.ID); len(got) != 0 {
		t.Errorf("too early: %q", got)
	}
	for day := 27; day <= 31; day++ {
		h.run(t, h.at(2026, 5, day, 9))
	}
	if sent := h.post(t, h.at(2026, 5, 28, 9)); len(sent) != 1 || sent[0].Pledge.ID != p.ID || sent[0].Occasion != pledge.Before || !strings.HasSuffix(sent[0].To.Email, "@example.cn") {
		t.Errorf("sent %+v", sent)
	}
	for day := 1; day <= 29; day++ {
		h.run(t, h.at(2026, 6, day, 9))
	}
	if sent := h.post(t, h.at(2026, 6, 3, 9)); len(sent) != 1 || sent[0].Occasion != pledge.After {
		t.Errorf("sent %+v", sent)
	}
	h.run(t, h.at(2026, 7, 30, 9))
	for id, want := range map[uuid.UUID][]string{
		p.ID:     {"before 2026-05-28 09:00", "after 2026-06-03 09:00"},
		soon.ID:  {"before 2026-05-02 09:00"}, // no server ran from the 2nd of May to the 26th: it is not told weeks later
		today.ID: nil,
	} {
		if diff := cmp.Diff(want, h.reminders(t, id)); diff != "" {
			t.Errorf("reminders (-want +got):\n%s", diff)
		}
		if state := h.pledge(t, id).State; state != pledge.Lapsed {
			t.Errorf("after all: %s", state)
		}
	}
	h.give(t, p.Gift(yuan("500"), h.at(2026, 8, 1, 9))) // late, and welcome
	if p = h.pledge(t, p.ID); p.State != pledge.Fulfilled {
		t.Errorf("paid late: %s", p.State)
	}
}

func TestALetterWaitingInTheOutboxIsNotSentInVain(t *testing.T) {
	t.Parallel()
	h := open(t)
	kept := h.promise(t, "500", ledger.Day(2026, 5, 31), h.at(2026, 5, 1, 10))
	gone := h.promise(t, "500", ledger.Day(2026, 5, 31), h.at(2026, 5, 1, 10))
	erased := h.promise(t, "500", ledger.Day(2026, 5, 31), h.at(2026, 5, 1, 10))
	h.run(t, h.at(2026, 5, 27, 12))
	h.give(t, kept.Gift(yuan("500"), h.at(2026, 5, 27, 13)))
	h.Do(t, func(tx *sqlx.Tx) error {
		return errors.Join(pledge.Cancel(t.Context(), tx, h.ID, gone.ID, "", h.at(2026, 5, 27, 14)),
			campaigns.EraseDonor(t.Context(), tx, h.ID, erased.DonorID, h.at(2026, 5, 27, 15)))
	})
	if sent := h.post(t, h.at(2026, 5, 28, 9)); len(sent) != 0 {
		t.Errorf("sent %+v", sent)
	}
	if state := h.pledge(t, erased.ID).State; state != pledge.Cancelled {
		t.Errorf("an erased donor's pledge is %s", state)
	}
}

func TestOnlyWhatStaffWroteDownIsShownAsPromised(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.promise(t, "99999", ledger.Day(2026, 5, 31), h.at(2026, 5, 1, 10)) // anybody can type this
	var p pledge.Pledge
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		p, err = pledge.Make(t.Context(), tx, h.Community, pledge.Promise{
			Campaign: "dinner", Amount: yuan("500"), DueOn: ledger.Day(2026, 5, 31), Name: "茶坊", EnteredBy: "user:1", At: h.at(2026, 5, 1, 10),
		})
		return err
	})
	h.give(t, p.Gift(yuan("120"), h.at(2026, 5, 2, 10)))
	for day, want := range map[int]pledge.Promised{31: {Pledges: 1, Left: yuan("380")}, 32: {}} {
		got, err := pledge.PromisedTo(t.Context(), h.App, h.ID, p.CampaignID, ledger.Day(2026, 5, day))
		if err != nil || got.Pledges != want.Pledges || !got.Left.Equal(want.Left) {
			t.Errorf("on May %d: %+v, %v", day, got, err)
		}
	}
}
