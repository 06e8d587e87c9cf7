package giver_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/giver"
	"fund/ledger"
	"fund/ledger/money"
)

// What a campaign's rule allows, day by day, and as the money is spent.
func TestJudge(t *testing.T) {
	t.Parallel()
	c := ledger.Community{Timezone: "Asia/Shanghai"}
	late := time.Date(2026, 5, 20, 23, 30, 0, 0, shanghai) // the day ends at midnight in the community
	gift := giver.Gift{Amount: yuan("50"), PaidAt: late}
	held, back, part := gift, gift, gift
	held.Kind, back.Refunded, part.Refunded = campaigns.AllOrNothing, yuan("50"), yuan("20")
	met := held
	met.Result = campaigns.GoalMet
	day := func(n int) time.Time { return late.AddDate(0, 0, n) }
	for _, test := range []struct {
		name  string
		rule  giver.Rule
		gift  giver.Gift
		used  string
		at    time.Time
		word  giver.Word
		gives string
	}{
		{"the same day", giver.DefaultRule, gift, "0", day(0), giver.WithinDay, "50.00"},
		{"the seventh day", giver.DefaultRule, gift, "50", day(7), giver.WithinDay, "50.00"},
		{"the eighth day", giver.DefaultRule, gift, "0", day(8), giver.TooLate, "0.00"},
		{"what is left", giver.DefaultRule, part, "0", day(1), giver.WithinDay, "30.00"},
		{"nothing spent", giver.Rule{Kind: giver.Unspent}, gift, "0", day(300), giver.NotSpent, "50.00"},
		{"some spent", giver.Rule{Kind: giver.Unspent}, gift, "12.34", day(300), giver.NotSpent, "37.66"},
		{"all spent", giver.Rule{Kind: giver.Unspent}, gift, "50", day(0), giver.AllSpent, "0.00"},
		{"never", giver.Rule{Kind: giver.NoRefund}, gift, "0", day(0), giver.ByRule, "0.00"},
		{"never, but held", giver.Rule{Kind: giver.NoRefund}, held, "0", day(300), giver.Always, "50.00"},
		{"held no longer", giver.Rule{Kind: giver.NoRefund}, met, "0", day(0), giver.ByRule, "0.00"},
		{"gone back", giver.DefaultRule, back, "0", day(0), giver.GoneBack, "0.00"},
	} {
		v := giver.Judge(test.rule, c, test.gift, yuan(test.used), test.at)
		if v.Word != test.word || v.Amount.String() != test.gives || v.May() != (v.Amount.Sign() > 0) {
			t.Errorf("%s: %s %s, want %s %s", test.name, v.Word, v.Amount, test.word, test.gives)
		}
	}
}

func TestARequestIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	gift := h.give(t, campaigns.Start{Amount: yuan("50"), Email: "zhou@example.cn"})
	g, err := giver.ByMail(t.Context(), h.App, h.ID, "zhou@example.cn")
	if err != nil {
		t.Fatal(err)
	}
	v := giver.Verdict{Word: giver.WithinDay, Amount: yuan("50")}
	ask := func(id uuid.UUID, v giver.Verdict, g giver.Giver) error {
		return h.Try(func(tx *sqlx.Tx) error { return giver.AskRefund(t.Context(), tx, g, gift, v, id, " 手滑了 ", noon) })
	}
	id := uuid.New()
	if err := errors.Join(ask(id, v, g), ask(id, v, g)); err != nil { // the button was pressed twice
		t.Fatal(err)
	}
	if err := ask(uuid.New(), v, g); !errors.Is(err, giver.ErrAsked) {
		t.Errorf("asked again: %v", err)
	}
	if err := ask(uuid.New(), giver.Verdict{Word: giver.ByRule}, g); !errors.Is(err, giver.ErrNoRefund) {
		t.Errorf("against the rule: %v", err)
	}
	if err := ask(uuid.New(), v, giver.Giver{Community: h.ID, Donation: gift.ID, Addressed: true}); !errors.Is(err, giver.ErrHolder) {
		t.Errorf("with a found receipt: %v", err)
	}
	if n, err := giver.Waiting(t.Context(), h.App, h.ID); n != 1 || err != nil {
		t.Errorf("%d wait, %v", n, err)
	}
	decline := func(why string) error {
		return h.Try(func(tx *sqlx.Tx) error {
			_, err := giver.Decline(t.Context(), tx, h.Community, id, why, "treasurer", noon)
			return err
		})
	}
	approve := func() error {
		return h.Try(func(tx *sqlx.Tx) error {
			_, _, err := giver.Approve(t.Context(), tx, h.Community, id, "treasurer", noon)
			return err
		})
	}
	if err := decline("  "); !errors.Is(err, giver.ErrNoReason) {
		t.Errorf("declined without a reason: %v", err)
	}
	if err := approve(); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{"approved": approve(), "declined": decline("太晚了")} {
		if !errors.Is(err, giver.ErrAnswered) {
			t.Errorf("%s after it was approved: %v", what, err)
		}
	}
	if left := h.gift(t, gift.ID).Left(); !left.Equal(money.Zero) {
		t.Errorf("%s is left of the gift", left)
	}
}

// Check finds what somebody wrote past the verbs.
func TestCheckOfGivers(t *testing.T) {
	t.Parallel()
	h := open(t)
	gift := h.give(t, campaigns.Start{Amount: yuan("50"), Email: "zhou@example.cn", Name: "周婆婆", ShowName: true})
	g, err := giver.ByMail(t.Context(), h.App, h.ID, "zhou@example.cn")
	if err != nil {
		t.Fatal(err)
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		return giver.SetConsent(t.Context(), tx, g, gift, giver.Consent{}, noon)
	})
	check := func() (codes []ledger.FindingCode) {
		found, err := giver.Check(t.Context(), h.App, h.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			codes = append(codes, f.Code)
		}
		return codes
	}
	if found := check(); len(found) > 0 {
		t.Errorf("found %v in order", found)
	}
	h.Owner.MustExec(`UPDATE campaigns.donation SET show_name = true`)
	if found := check(); len(found) != 1 || found[0] != giver.ShownUnwilling {
		t.Errorf("found %v of a name shown again", found)
	}
	h.Owner.MustExec(`INSERT INTO giver.refund_request (community_id, id, donation_id, amount, state, asked_at, answered_at) VALUES ($1, $2, $3, 50, 'approved', now(), now())`,
		h.ID, uuid.New(), gift.ID)
	if found := check(); len(found) != 2 || found[0] != giver.ApprovedNotBooked {
		t.Errorf("found %v of a request approved by nobody", found)
	}
	h.refund(t, gift, "50")
	h.Owner.MustExec(`INSERT INTO giver.refund_request (community_id, id, donation_id, amount, asked_at) SELECT $1, id, donation_id, 50, now() FROM campaigns.refund`, h.ID)
	if found := check(); len(found) != 3 || found[1] != giver.RefundNotApproved {
		t.Errorf("found %v of a refund that was only asked for", found)
	}
}
