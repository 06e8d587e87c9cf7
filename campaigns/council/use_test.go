package council_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"fund/campaigns/council"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
)

func TestAMotionUnlocksItsMoneyAndNoMore(t *testing.T) {
	t.Parallel()
	h, ctx := open(t, usual), t.Context()
	bare := func(amount string) error {
		return council.Explain(h.Try(func(tx *sqlx.Tx) error {
			_, err := project.Allot(ctx, tx, h.ID, h.Project, money.MustParse(amount), monday, uuid.New(), "user:9")
			return err
		}))
	}
	m := h.opened(t, "1000")
	if err := bare("10"); !errors.Is(err, council.ErrUnvoted) {
		t.Errorf("money for a project while its motion is voted on: %v", err)
	}
	if _, err := h.allot(m, money.MustParse("10")); !errors.Is(err, council.ErrNotPassed) {
		t.Errorf("money of an open motion: %v", err)
	}
	m = h.passed(t, "1000")
	first, err := h.allot(m, money.MustParse("600"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.allot(m, money.MustParse("400.01")); !errors.Is(err, council.ErrOverVoted) {
		t.Errorf("one fen too much: %v", err)
	}
	back, err := h.allot(m, money.MustParse("-200"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.allot(m, money.MustParse("600")); err != nil {
		t.Fatal(err)
	}
	reverse := func(seq int64) error {
		return council.Explain(h.Try(func(tx *sqlx.Tx) error {
			_, err := ledger.Reverse(ctx, tx, h.ID, seq, monday, "记错了", "user:9")
			return err
		}))
	}
	if err := reverse(back.Seq); !errors.Is(err, council.ErrOverVoted) {
		t.Errorf("undoing what was given back, after it was used again: %v", err)
	}
	if err := reverse(first.Seq); err != nil {
		t.Errorf("undoing an allotment: %v", err)
	}
	if left := h.left(t, m); left.String() != "600.00" {
		t.Errorf("%s is left", left)
	}
	if err := bare("10"); !errors.Is(err, council.ErrUnvoted) {
		t.Errorf("money past the motion: %v", err)
	}
	h.sound(t)
}

func TestRestrictedMoneyMovesByMotionOnceThereIsACouncil(t *testing.T) {
	t.Parallel()
	h, ctx := open(t, usual), t.Context()
	var soup ledger.Fund
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		if soup, err = ledger.AddFund(ctx, tx, h.ID, ledger.Fund{Code: "soup", NameZH: "绿豆汤", Kind: ledger.CampaignFund, Restricted: true}); err != nil {
			return err
		}
		accounts, err := ledger.ListAccounts(ctx, tx, h.ID)
		if err != nil {
			return err
		}
		income, _ := accounts.By(ledger.DonationIncome)
		_, err = ledger.Post(ctx, tx, h.ID, ledger.Entry{
			Date: monday, Kind: "manual", Source: "gift:1", Memo: "捐款", PostedBy: "user:9",
			Postings: []ledger.Posting{ledger.Debit(h.Bank, soup.ID, *yuan("300")), ledger.Credit(income.ID, soup.ID, *yuan("300"))},
		})
		return err
	})
	general := ledger.GeneralFundID
	var m council.Motion
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		m, err = council.Propose(ctx, tx, h.Community, council.Motion{CouncilID: h.Of.ID, Kind: council.Transfer, TitleZH: "余款转通用", Amount: yuan("300"), FromFund: &soup.ID, ToFund: &general}, "user:1", h.noon(0))
		if err == nil {
			_, err = council.Open(ctx, tx, h.Community, m.ID, monday, "user:1", h.noon(0))
		}
		for n := range 3 {
			if err == nil {
				_, err = council.Vote(ctx, tx, h.Community, m.ID, n+1, council.For, "", h.noon(0))
			}
		}
		if err == nil {
			_, err = council.Close(ctx, tx, h.Community, m.ID, "user:1", h.noon(0))
		}
		return err
	})
	move := func(amount string, voted bool) error {
		return council.Explain(h.Try(func(tx *sqlx.Tx) error {
			post := func() (ledger.Posted, error) {
				return ledger.TransferBetweenFunds(ctx, tx, h.Community, ledger.Transfer{
					ID: uuid.New(), From: soup.ID, To: general, Account: h.Bank, Amount: money.MustParse(amount), On: monday, Why: "议定", Motion: m.Serial(), By: "user:9",
				})
			}
			if !voted {
				_, err := post()
				return err
			}
			_, err := council.Use(ctx, tx, h.ID, m.ID, post)
			return err
		}))
	}
	if err := move("100", false); !errors.Is(err, council.ErrUnvoted) {
		t.Errorf("with a motion in words only: %v", err)
	}
	if err := move("100", true); err != nil || h.left(t, m).String() != "200.00" {
		t.Errorf("by the motion: %v, %s left", err, h.left(t, m))
	}
}

// Whatever is allotted, given back, reversed, in whatever order, by whichever motion: no motion's money is overspent, and what
// stands in the project's fund came through the motions.
func TestNoSequenceOverspendsAVotedLine(t *testing.T) {
	t.Parallel()
	h, ctx := open(t, usual), t.Context()
	rapid.Check(t, func(r *rapid.T) {
		motions := []council.Motion{h.passed(r, "30"), h.passed(r, "50")}
		before, err := ledger.FundHolds(ctx, h.App, h.ID, h.Project.FundID, h.Bank)
		if err != nil {
			r.Fatal(err)
		}
		used, done := map[uuid.UUID]money.Amount{}, map[int64]func(){}
		for range rapid.IntRange(1, 10).Draw(r, "steps") {
			m := rapid.SampledFrom(motions).Draw(r, "motion")
			amount := money.FromFen(int64(rapid.IntRange(-3000, 4000).Draw(r, "fen")))
			switch rapid.IntRange(0, 5).Draw(r, "what") {
			case 0: // past the motions
				if err := h.Try(func(tx *sqlx.Tx) error {
					_, err := project.Allot(ctx, tx, h.ID, h.Project, money.MustParse("5"), monday, uuid.New(), "user:9")
					return err
				}); !errors.Is(council.Explain(err), council.ErrUnvoted) {
					r.Fatalf("an allotment without a motion: %v", err)
				}
			case 1: // undo one
				for seq, undo := range done {
					if err := h.Try(func(tx *sqlx.Tx) error {
						_, err := ledger.Reverse(ctx, tx, h.ID, seq, monday, "记错了", "user:9")
						return err
					}); err == nil {
						undo()
						delete(done, seq)
					}
					break
				}
			default:
				posted, err := h.allot(m, amount)
				if err == nil {
					used[m.ID] = used[m.ID].Add(amount)
					done[posted.Seq] = func() { used[m.ID] = used[m.ID].Sub(amount) }
				} else if fits := used[m.ID].Add(amount); fits.Sign() >= 0 && fits.Cmp(*m.Amount) <= 0 && !amount.IsZero() {
					r.Fatalf("%s of %s, %s used: %v", amount, m.Amount, used[m.ID], err)
				}
			}
			for _, m := range motions {
				if left := h.left(r, m); left.Sign() < 0 || left.Cmp(*m.Amount) > 0 || left.Cmp(m.Amount.Sub(used[m.ID])) != 0 {
					r.Fatalf("of %s, %s used, %s left", m.Amount, used[m.ID], left)
				}
			}
		}
		after, err := ledger.FundHolds(ctx, h.App, h.ID, h.Project.FundID, h.Bank)
		if err != nil || after.Sub(before).Cmp(used[motions[0].ID].Add(used[motions[1].ID])) != 0 {
			r.Fatalf("the fund went from %s to %s, the motions' uses are %v, %v", before, after, used, err)
		}
	})
	h.sound(t)
}
