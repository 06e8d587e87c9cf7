package organisation_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"fund/campaigns/organisation"
	"fund/ledger"
	"fund/ledger/money"
)

func TestFromASessionToItsSubsidy(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.agreement(t, "30")
	class, visit := session(a, 1, day(3, 2), 4), session(a, 2, day(3, 3), 1)
	var i organisation.Invoice
	var p organisation.Payment
	h.write(t, func(ctx context.Context, tx *sqlx.Tx) (err error) {
		if err = organisation.RecordSessions(ctx, tx, h.ID, class, visit, session(a, 1, day(3, 9), 1)); err != nil {
			return err
		}
		if err = organisation.RecordSessions(ctx, tx, h.ID, class); err != nil { // the form came twice
			return err
		}
		i, err = organisation.Issue(ctx, tx, h.Community, organisation.Invoice{
			ID: uuid.Must(uuid.NewV7()), AgreementID: a.ID, BilledTo: "3 号院业委会", IssuedOn: day(3, 10), DueOn: day(3, 31), IssuedBy: "lead", IssuedAt: noon(3, 10),
		}, []uuid.UUID{class.ID})
		if err != nil {
			return err
		}
		p = organisation.Payment{ID: uuid.Must(uuid.NewV7()), InvoiceID: i.ID, Amount: money.MustParse("30"), Way: organisation.Cash, PaidOn: day(3, 12), EnteredBy: "treasurer", EnteredAt: noon(3, 12)}
		for range 2 { // again changes nothing
			if p, err = organisation.Receive(ctx, tx, h.Community, p); err != nil {
				return err
			}
		}
		_, err = organisation.ReleaseSubsidy(ctx, tx, h.Community, organisation.Release{
			ID: uuid.Must(uuid.NewV7()), AgreementID: a.ID, Until: day(3, 5), Way: organisation.Bank, ReleasedOn: day(3, 20), ReleasedBy: "treasurer", ReleasedAt: noon(3, 20),
		})
		return err
	})
	if i.Serial() != "2026-0001" || i.Amount.String() != "80.00" {
		t.Errorf("invoice %s of %s", i.Serial(), i.Amount)
	}
	got, err := organisation.AgreementAt(t.Context(), h.App, h.ID, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	for what, pair := range map[string][2]string{
		"delivered": {got.Delivered.String(), "33.00"}, "released": {got.Released.String(), "28.00"}, "due": {got.Due().String(), "2.00"},
		"owed": {got.Owed().String(), "50.00"}, "unbilled": {got.Unbilled.String(), "20.00"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %s, want %s", what, pair[0], pair[1])
		}
	}
	fund, err := ledger.FundAt(t.Context(), h.App, h.ID, a.FundID)
	if err != nil || fund.NetAssets.String() != "58.00" {
		t.Errorf("the fund has %s, %v", fund.NetAssets, err)
	}
	accounts, _ := ledger.Balances(t.Context(), h.App, h.ID, day(3, 1), day(3, 31))
	earned := map[string]string{}
	chart, _ := ledger.ListAccounts(t.Context(), h.App, h.ID)
	for _, b := range accounts {
		if account, _ := chart.ID(b.AccountID); b.AccountType == ledger.Income {
			earned[account.Code] = b.Turnover().Neg().String()
		}
	}
	if earned["4301"] != "30.00" || earned["4401"] != "28.00" {
		t.Errorf("income %v", earned)
	}
	h.sound(t)
	h.write(t, func(ctx context.Context, tx *sqlx.Tx) error {
		return organisation.UndoPayment(ctx, tx, h.Community, p.ID, "登错了", "treasurer", noon(3, 21))
	})
	h.write(t, func(ctx context.Context, tx *sqlx.Tx) error {
		return organisation.VoidInvoice(ctx, tx, h.ID, i.ID, "抬头写错", "lead", noon(3, 22))
	})
	if left, _ := organisation.Unbilled(t.Context(), h.App, h.ID, a.ID); len(left) != 2 {
		t.Errorf("%d sessions to bill after the invoice is void, want 2", len(left))
	}
	h.sound(t)
}

// Once it is forgotten whom an invoice billed, nothing makes it owed again.
func TestAnErasedInvoiceStaysPaid(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.agreement(t, "30")
	class := session(a, 1, day(3, 2), 4)
	i := organisation.Invoice{ID: uuid.Must(uuid.NewV7()), AgreementID: a.ID, BilledTo: "3 号院", IssuedOn: day(3, 10), DueOn: day(3, 31), IssuedBy: "lead", IssuedAt: noon(3, 10)}
	paid := organisation.Payment{ID: uuid.Must(uuid.NewV7()), InvoiceID: i.ID, Amount: money.MustParse("80"), Way: organisation.Cash, PaidOn: day(3, 12), EnteredBy: "treasurer", EnteredAt: noon(3, 12)}
	h.write(t, func(ctx context.Context, tx *sqlx.Tx) (err error) {
		if err = organisation.RecordSessions(ctx, tx, h.ID, class); err != nil {
			return err
		}
		if i, err = organisation.Issue(ctx, tx, h.Community, i, []uuid.UUID{class.ID}); err != nil {
			return err
		}
		if _, err = organisation.Receive(ctx, tx, h.Community, paid); err != nil {
			return err
		}
		return organisation.EraseBilled(ctx, tx, h.ID, i.ID, noon(3, 13))
	})
	err := h.try(t, func(ctx context.Context, tx *sqlx.Tx) error {
		return organisation.UndoPayment(ctx, tx, h.Community, paid.ID, "登错了", "treasurer", noon(3, 14))
	})
	if !errors.Is(err, organisation.ErrErased) {
		t.Errorf("undone: %v", err)
	}
	if i, err = organisation.InvoiceAt(t.Context(), h.App, h.ID, i.ID); err != nil || !i.Owed().IsZero() || i.BilledTo != "" {
		t.Errorf("%+v, %v", i, err)
	}
	h.sound(t)
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.agreement(t, "30")
	class := session(a, 1, day(3, 2), 4)
	i := organisation.Invoice{ID: uuid.Must(uuid.NewV7()), AgreementID: a.ID, BilledTo: "3 号院", IssuedOn: day(3, 10), DueOn: day(3, 31), IssuedBy: "lead", IssuedAt: noon(3, 10)}
	paid := organisation.Payment{ID: uuid.Must(uuid.NewV7()), InvoiceID: i.ID, Amount: money.MustParse("80"), Way: organisation.Cash, PaidOn: day(3, 12), EnteredBy: "treasurer", EnteredAt: noon(3, 12)}
	h.write(t, func(ctx context.Context, tx *sqlx.Tx) (err error) {
		if err = organisation.RecordSessions(ctx, tx, h.ID, class); err != nil {
			return err
		}
		if i, err = organisation.Issue(ctx, tx, h.Community, i, []uuid.UUID{class.ID}); err != nil {
			return err
		}
		_, err = organisation.Receive(ctx, tx, h.Community, paid)
		return err
	})
	release := organisation.Release{AgreementID: a.ID, Until: day(3, 31), Way: organisation.Bank, ReleasedOn: day(3, 31), ReleasedBy: "treasurer", ReleasedAt: noon(3, 31)}
	for name, c := range map[string]struct {
		verb func(ctx context.Context, tx *sqlx.Tx) error
		want error
	}{
		"billed twice": {func(ctx context.Context, tx *sqlx.Tx) error {
			again := i
			again.ID = uuid.Must(uuid.NewV7())
			_, err := organisation.Issue(ctx, tx, h.Community, again, []uuid.UUID{class.ID})
			return err
		}, organisation.ErrState},
		"paid twice": {func(ctx context.Context, tx *sqlx.Tx) error {
			again := paid
			again.ID, again.Amount = uuid.Must(uuid.NewV7()), money.MustParse("0.01")
			_, err := organisation.Receive(ctx, tx, h.Community, again)
			return err
		}, organisation.ErrOverPaid},
		"void while paid": {func(ctx context.Context, tx *sqlx.Tx) error {
			return organisation.VoidInvoice(ctx, tx, h.ID, i.ID, "抬头写错", "lead", noon(3, 22))
		}, organisation.ErrPaid},
		"a billed session taken back": {func(ctx context.Context, tx *sqlx.Tx) error {
			return organisation.VoidSession(ctx, tx, h.ID, class.ID, "记错", "lead", noon(3, 22))
		}, organisation.ErrState},
		"a session before the agreement": {func(ctx context.Context, tx *sqlx.Tx) error {
			return organisation.RecordSessions(ctx, tx, h.ID, session(a, 1, day(1, 1).AddDate(0, 0, -1), 1))
		}, organisation.ErrDay},
		"a service that there is not": {func(ctx context.Context, tx *sqlx.Tx) error {
			return organisation.RecordSessions(ctx, tx, h.ID, session(a, 9, day(3, 2), 1))
		}, organisation.ErrNotFound},
		"nothing to release": {func(ctx context.Context, tx *sqlx.Tx) error {
			r := release
			r.ID, r.Until = uuid.Must(uuid.NewV7()), day(2, 1)
			_, err := organisation.ReleaseSubsidy(ctx, tx, h.Community, r)
			return err
		}, organisation.ErrNothingDue},
		"undone without a reason": {func(ctx context.Context, tx *sqlx.Tx) error {
			return organisation.UndoPayment(ctx, tx, h.Community, paid.ID, " ", "treasurer", noon(3, 22))
		}, organisation.ErrNoReason},
		"an invoice changed": {func(ctx context.Context, tx *sqlx.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE organisation.invoice SET amount = 1`)
			return ledger.Explain(err)
		}, ledger.ErrNotAllowed},
	} {
		if err := h.try(t, c.verb); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	// As the owner of the tables, past every verb.
	for name, c := range map[string]struct{ sql, state string }{
		"more than the agreement says": {`INSERT INTO organisation.release (community_id, id, agreement_id, amount, until, way, released_on, released_by, released_at, entry_seq)
			VALUES (1, gen_random_uuid(), 1, 30.01, '2026-03-31', 'bank', '2026-03-31', 'x', now(), 1)`, "FU080"},
		"more than was delivered": {`INSERT INTO organisation.release (community_id, id, agreement_id, amount, until, way, released_on, released_by, released_at, entry_seq)
			VALUES (1, gen_random_uuid(), 1, 20.01, '2026-03-31', 'bank', '2026-03-31', 'x', now(), 1)`, "FU080"},
		"more than the invoice": {`INSERT INTO organisation.payment (community_id, id, invoice_id, amount, way, paid_on, entered_by, entered_at, entry_seq)
			SELECT 1, gen_random_uuid(), id, 0.01, 'cash', '2026-03-31', 'x', now(), 1 FROM organisation.invoice`, "FU081"},
		"a posted payment changed": {`UPDATE organisation.payment SET amount = 1`, "FU002"},
		"a payment deleted":        {`DELETE FROM organisation.payment`, "FU002"},
		"an issued invoice":        {`UPDATE organisation.invoice SET amount = 1`, "FU002"},
		"a session's price":        {`UPDATE organisation.session SET amount = 1`, "FU084"},
		"a session unbilled":       {`UPDATE organisation.session SET invoice_id = NULL`, "FU084"},
	} {
		_, err := h.Owner.ExecContext(t.Context(), c.sql)
		if got := stateOf(err); got != c.state {
			t.Errorf("%s: %v, want %s", name, err, c.state)
		}
	}
	h.sound(t)
}

// Whatever is delivered, released and undone, the subsidy never exceeds the agreement, the verbs never post what is not
// delivered, and the fund's income is what stands.
func TestSubsidyStaysWithinTheAgreement(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.agreement(t, "64.50")
	rapid.Check(t, func(r *rapid.T) {
		if err := h.try(t, func(ctx context.Context, tx *sqlx.Tx) error {
			return errors.Join(h.deliverAtRandom(ctx, tx, r, a), errRolledBack)
		}); !errors.Is(err, errRolledBack) {
			r.Fatal(err)
		}
	})
}

var errRolledBack = errors.New("so that the next draw finds the books as they were")

func (h *house) deliverAtRandom(ctx context.Context, tx *sqlx.Tx, r *rapid.T, a organisation.Agreement) error {
	var free []uuid.UUID
	for range rapid.IntRange(1, 14).Draw(r, "steps") {
		switch at := day(3, rapid.IntRange(1, 28).Draw(r, "day")); rapid.IntRange(0, 3).Draw(r, "step") {
		case 0:
			s := session(a, rapid.IntRange(1, 2).Draw(r, "item"), at, rapid.IntRange(1, 6).Draw(r, "quantity"))
			if err := organisation.RecordSessions(ctx, tx, h.ID, s); err != nil {
				return err
			}
			free = append(free, s.ID)
		case 1:
			before, err := organisation.AgreementAt(ctx, tx, h.ID, a.ID)
			if err != nil {
				return err
			}
			got, err := organisation.ReleaseSubsidy(ctx, tx, h.Community, organisation.Release{
				ID: uuid.Must(uuid.NewV7()), AgreementID: a.ID, Until: at, Way: organisation.Bank, ReleasedOn: day(4, 1), ReleasedBy: "treasurer", ReleasedAt: noon(4, 1),
			})
			if errors.Is(err, organisation.ErrNothingDue) {
				continue
			}
			if err != nil {
				return err
			}
			if before.Due().Less(got.Amount) {
				r.Fatalf("%s was due, %s is released", before.Due(), got.Amount)
			}
		case 2:
			all, err := organisation.ListReleases(ctx, tx, h.ID, a.ID)
			if err != nil {
				return err
			}
			if len(all) == 0 || all[0].At != nil {
				continue
			}
			if err := organisation.UndoRelease(ctx, tx, h.Community, all[0].ID, "登错了", "treasurer", noon(4, 2)); err != nil {
				return err
			}
		case 3:
			if len(free) == 0 {
				continue
			}
			err := organisation.VoidSession(ctx, tx, h.ID, free[0], "记错", "lead", noon(4, 2))
			if free = free[1:]; err != nil && !errors.Is(err, organisation.ErrState) {
				return err
			}
		}
	}
	now, err := organisation.AgreementAt(ctx, tx, h.ID, a.ID)
	if err != nil {
		return err
	}
	if now.Subsidy.Less(now.Released) || now.Delivered.Less(now.Released) {
		r.Fatalf("%s released of %s, %s delivered", now.Released, now.Subsidy, now.Delivered)
	}
	if fund, err := ledger.FundAt(ctx, tx, h.ID, a.FundID); err != nil || !fund.NetAssets.Equal(now.Released) {
		r.Fatalf("the fund has %s, %s is released (%v)", fund.NetAssets, now.Released, err)
	}
	found, err := organisation.Check(ctx, tx, h.ID)
	if err != nil || len(found) > 0 {
		r.Fatal(found, err)
	}
	return nil
}

func TestAgeing(t *testing.T) {
	t.Parallel()
	invoice := func(late int) organisation.Invoice {
		return organisation.Invoice{Amount: money.MustParse("10"), DueOn: day(6, 30).AddDate(0, 0, -late)}
	}
	for late, want := range map[int]string{-3: "not_due", 0: "not_due", 1: "30", 30: "30", 31: "60", 60: "60", 61: "90", 90: "90", 91: "over", 400: "over"} {
		for _, age := range organisation.AgeingOf([]organisation.Invoice{invoice(late)}, day(6, 30)) {
			if (age.Count == 1) != (age.Label == want) {
				t.Errorf("%d days late is counted under %s, want %s", late, age.Label, want)
			}
		}
	}
}

func TestASessionRecordedDuringAReleaseWaitsForTheNext(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.agreement(t, "100")
	record := func(s organisation.Session) {
		h.write(t, func(ctx context.Context, tx *sqlx.Tx) error { return organisation.RecordSessions(ctx, tx, h.ID, s) })
	}
	release := func(r *organisation.Release) error {
		return h.try(t, func(ctx context.Context, tx *sqlx.Tx) (err error) {
			*r, err = organisation.ReleaseSubsidy(ctx, tx, h.Community, organisation.Release{
				ID: uuid.Must(uuid.NewV7()), AgreementID: a.ID, Until: day(3, 5), Way: organisation.Bank, ReleasedOn: day(3, 20), ReleasedBy: "treasurer", ReleasedAt: noon(3, 20),
			})
			return err
		})
	}
	record(session(a, 1, day(3, 2), 4))
	posting := h.Owner.MustBeginTx(t.Context(), nil) // somebody else posts: the release waits for the book
	defer posting.Rollback()                         //nolint:errcheck // done below
	posting.MustExec(`SELECT FROM ledger.book WHERE community_id = $1 FOR UPDATE`, h.ID)
	var first, next organisation.Release
	outcome := make(chan error)
	go func() { outcome <- release(&first) }()
	for !h.Waiting(t) {
	}
	record(session(a, 1, day(3, 3), 1))
	if err := posting.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := <-outcome; err != nil || first.Amount.String() != "20.00" {
		t.Errorf("released %s, %v", first.Amount, err)
	}
	if err := release(&next); err != nil || next.Amount.String() != "5.00" {
		t.Errorf("next time %s, %v", next.Amount, err)
	}
	h.sound(t)
}
