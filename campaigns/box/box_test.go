package box_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
	"fund/campaigns/box"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

// ctx is for what several goroutines do at once.
var ctx = context.Background()

var shanghai = time.FixedZone("UTC+8", 8*60*60)

var morning = time.Date(2026, 5, 20, 9, 30, 0, 0, shanghai)

func yuan(s string) money.Amount { return money.MustParse(s) }

// house is a community with a campaign and a box for it.
type house struct {
	*pgtest.Database
	ledger.Community
	Campaign campaigns.Campaign
	Box      box.Box
}

func open(t testing.TB) *house {
	t.Helper()
	h := &house{Database: pgtest.DB(t)}
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		h.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{Slug: "angong", NameZH: "安公社区", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai"})
		return err
	})
	h.Campaign = h.publish(t, "dinner", campaigns.Flexible)
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		h.Box, err = box.Place(t.Context(), tx, h.Community, box.Box{Number: "3", PlaceZH: "公益茶坊", CampaignID: h.Campaign.ID}, "封 0412", "user:1", morning)
		return err
	})
	return h
}

func (h *house) publish(t testing.TB, slug string, kind campaigns.Kind) (c campaigns.Campaign) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		c, err = campaigns.DraftCampaign(t.Context(), tx, h.ID, campaigns.Campaign{
			Slug: slug, Kind: kind, TitleZH: "年夜饭", PurposeZH: "只用于年夜饭", StoryZH: "去年来了 96 位老人。", Goal: yuan("12000"), Minimum: yuan("5"),
			StartsOn: ledger.Day(2026, 5, 1), EndsOn: ledger.Day(2026, 12, 31), Basis: campaigns.TargetedBasis, CreatedBy: "user:1",
			Budget: []campaigns.BudgetLine{{NameZH: "食材", Amount: yuan("12000")}},
		})
		if err != nil {
			return err
		}
		return campaigns.Publish(t.Context(), tx, h.ID, c.ID, morning)
	})
	return c
}

func (h *house) collect(t testing.TB) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) error {
		return box.Collect(t.Context(), tx, h.ID, h.Box.ID, true, "", "user:1", morning)
	})
}

func (h *house) count(who string, pieces box.Pieces) (opened bool, err error) {
	err = h.Try(func(tx *sqlx.Tx) error {
		opened, err = box.Enter(ctx, tx, h.Community, h.Box.ID, box.Tally{Pieces: pieces, Counter: who, At: morning})
		return err
	})
	return opened, err
}

func (h *house) round(t testing.TB) box.Round {
	t.Helper()
	b, err := box.Find(t.Context(), h.App, h.ID, h.Box.ID)
	if err != nil {
		t.Fatal(err)
	}
	return b.Round
}

// balance is what an account has.
func (h *house) balance(t testing.TB, code string) string {
	t.Helper()
	var s string
	err := h.Owner.Get(&s, `SELECT coalesce(sum(p.amount), 0.00)::text FROM ledger.posting p JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
		WHERE p.community_id = $1 AND a.code = $2`, h.ID, code)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sound lets the checks look at everything.
func (h *house) sound(t testing.TB) {
	t.Helper()
	found, err := box.Check(t.Context(), h.App, h.ID)
	more, err2 := campaigns.Check(t.Context(), h.App, h.ID)
	if err = errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	for _, f := range append(found, more...) {
		t.Error(f.Text("en"))
	}
}

func wantErr(t testing.TB, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

var found = box.Pieces{0, 2, 5, 11, 8, 40, 3, 7} // ¥100 + ¥100 + ¥110 + ¥40 + ¥40 + ¥1.50 + ¥0.70

func TestTwoPeopleOpenABox(t *testing.T) {
	t.Parallel()
	h := open(t)
	_, err := h.count("user:1", found)
	wantErr(t, "before it is here", err, box.ErrState)
	h.collect(t)
	if opened, err := h.count("user:1", found); err != nil || opened {
		t.Fatalf("the first count: %t, %v", opened, err)
	}
	if opened, err := h.count("user:1", found); err != nil || opened {
		t.Errorf("the same person again: %t, %v", opened, err)
	}
	opened, err := h.count("user:2", found)
	if err != nil || !opened {
		t.Fatalf("the second person: %t, %v", opened, err)
	}
	r := h.round(t)
	if r.State() != box.Opened || r.Amount.String() != "392.20" || !r.Difference.IsZero() || r.DonationID == nil {
		t.Errorf("%+v", r)
	}
	if cash, income := h.balance(t, "1001"), h.balance(t, "410102"); cash != "392.20" || income != "-392.20" {
		t.Errorf("cash %s, income %s", cash, income)
	}
	_, err = h.count("user:2", found)
	wantErr(t, "counted once more", err, box.ErrState)
	h.sound(t)
}

func TestCountsThatDiffer(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.collect(t)
	less := found
	less[0], less[5] = 1, 39 // +100 −1
	if _, err := h.count("user:1", found); err != nil {
		t.Fatal(err)
	}
	if opened, err := h.count("user:2", less); err != nil || opened {
		t.Fatalf("%t, %v", opened, err)
	}
	_, err := h.count("user:3", found)
	wantErr(t, "a third person", err, box.ErrSameCounter)
	accept := func(who, reason string) error {
		return h.Try(func(tx *sqlx.Tx) error {
			return box.Accept(t.Context(), tx, h.Community, h.Box.ID, reason, who, morning)
		})
	}
	wantErr(t, "accepted by the first", accept("user:1", "数过了"), box.ErrState)
	wantErr(t, "without a word", accept("user:2", " "), box.ErrNoReason)
	if err := accept("user:2", "第一遍少数了一张一百的"); err != nil {
		t.Fatal(err)
	}
	r := h.round(t)
	if r.Amount.String() != "491.20" || r.Difference.String() != "99.00" || r.Given().String() != "392.20" {
		t.Errorf("%+v", r)
	}
	if cash, over := h.balance(t, "1001"), h.balance(t, "4901"); cash != "491.20" || over != "-99.00" {
		t.Errorf("cash %s, over %s", cash, over)
	}
	h.sound(t)
}

// They count again, and it agrees.
func TestARecountAgrees(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.collect(t)
	less := found
	less[5] = 39
	for who, pieces := range map[string]box.Pieces{"user:1": less} {
		if _, err := h.count(who, pieces); err != nil {
			t.Fatal(err)
		}
	}
	if opened, err := h.count("user:2", found); err != nil || opened {
		t.Fatalf("%t, %v", opened, err)
	}
	if opened, err := h.count("user:1", found); err != nil || !opened {
		t.Fatalf("the first counts again: %t, %v", opened, err)
	}
	counted, err := box.Tallies(t.Context(), h.App, h.ID, h.Box.ID, 1)
	if err != nil || counted[0].Tries != 2 || counted[1].Tries != 1 {
		t.Errorf("%+v, %v", counted, err)
	}
	h.sound(t)
}

func TestAnEmptyBox(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.collect(t)
	for _, who := range []string{"user:1", "user:2"} {
		if _, err := h.count(who, box.Pieces{}); err != nil {
			t.Fatal(err)
		}
	}
	if r := h.round(t); r.State() != box.Opened || !r.Amount.IsZero() || r.EntrySeq != nil {
		t.Errorf("%+v", r)
	}
	h.sound(t)
}

// Two people press the button at once: booked once.
func TestTwoCountsAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.collect(t)
	var all sync.WaitGroup
	for _, who := range []string{"user:1", "user:2", "user:1", "user:2"} {
		all.Go(func() { _, _ = h.count(who, found) })
	}
	all.Wait()
	if r := h.round(t); r.State() != box.Opened || h.balance(t, "1001") != "392.20" {
		t.Errorf("%+v, cash %s", r, h.balance(t, "1001"))
	}
	h.sound(t)
}

func TestFromTheSealToTheBank(t *testing.T) {
	t.Parallel()
	h := open(t)
	broken := func(remark string) error {
		return h.Try(func(tx *sqlx.Tx) error {
			return box.Collect(t.Context(), tx, h.ID, h.Box.ID, false, remark, "user:1", morning)
		})
	}
	wantErr(t, "a broken seal without a word", broken(""), box.ErrNoReason)
	if err := broken("封条撕开一角"); err != nil {
		t.Fatal(err)
	}
	wantErr(t, "brought in twice", broken("x"), box.ErrState)
	for _, who := range []string{"user:1", "user:2"} {
		if _, err := h.count(who, found); err != nil {
			t.Fatal(err)
		}
	}
	seal := func(seal string) error {
		return h.Try(func(tx *sqlx.Tx) error { return box.Seal(t.Context(), tx, h.ID, h.Box.ID, seal, "user:1", morning) })
	}
	wantErr(t, "the old seal", seal("封 0412"), box.ErrSealUsed)
	if err := seal("封 0413"); err != nil {
		t.Fatal(err)
	}
	wantErr(t, "sealed twice", seal("封 0414"), box.ErrState)

	bank := func(d ledger.CashDeposit) error {
		d.DepositedOn, d.EnteredBy, d.EnteredAt = ledger.Day(2026, 5, 21), "user:1", morning
		return h.Try(func(tx *sqlx.Tx) error { _, err := box.Bank(t.Context(), tx, h.Community, d); return err })
	}
	first := ledger.CashDeposit{ID: uuid.Must(uuid.NewV7()), Slip: "A001", Amount: yuan("391.20")}
	wantErr(t, "another amount without a word", bank(first), ledger.ErrNoReason)
	first.Reason = "银行退回一张破损的一元"
	for range 2 {
		if err := bank(first); err != nil {
			t.Fatal(err)
		}
	}
	wantErr(t, "nothing in the safe", bank(ledger.CashDeposit{ID: uuid.New(), Slip: "A002", Amount: yuan("1")}), box.ErrState)
	if cash, way, short := h.balance(t, "1001"), h.balance(t, "100904"), h.balance(t, "5901"); cash != "0.00" || way != "391.20" || short != "1.00" {
		t.Errorf("cash %s, on its way %s, short %s", cash, way, short)
	}
	arrive := func() error {
		return h.Try(func(tx *sqlx.Tx) error {
			return ledger.CashArrived(t.Context(), tx, h.Community, first.ID, "user:3", morning.AddDate(0, 0, 2))
		})
	}
	if err := arrive(); err != nil {
		t.Fatal(err)
	}
	wantErr(t, "arrived twice", arrive(), ledger.ErrArrived)
	if bank, way := h.balance(t, "1002"), h.balance(t, "100904"); bank != "391.20" || way != "0.00" {
		t.Errorf("bank %s, on its way %s", bank, way)
	}
	h.sound(t)
}

func TestWhatABoxRefuses(t *testing.T) {
	t.Parallel()
	h := open(t)
	all := h.publish(t, "roof", campaigns.AllOrNothing)
	place := func(number, seal string, campaign int) error {
		return h.Try(func(tx *sqlx.Tx) error {
			_, err := box.Place(t.Context(), tx, h.Community, box.Box{Number: number, PlaceZH: "门口", CampaignID: campaign}, seal, "user:1", morning)
			return err
		})
	}
	wantErr(t, "the same number", place("3", "封 1", h.Campaign.ID), box.ErrNumberTaken)
	wantErr(t, "the same seal", place("4", "封 0412", h.Campaign.ID), box.ErrSealUsed)
	wantErr(t, "all or nothing", place("4", "封 1", all.ID), box.ErrConditional)
	wantErr(t, "an unknown campaign", place("4", "封 1", 99), campaigns.ErrNotFound)
	_, err := box.Find(t.Context(), h.App, h.ID, 99)
	wantErr(t, "an unknown box", err, box.ErrNotFound)
}

// The database refuses what this package never asks for, whoever asks.
func TestTheDatabaseRefuses(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.collect(t)
	if _, err := h.count("user:1", found); err != nil {
		t.Fatal(err)
	}
	refused := func(what, code, statement string) {
		t.Helper()
		for who, db := range map[string]*sqlx.DB{"the application": h.App, "the owner": h.Owner} {
			_, err := db.Exec(strings.ReplaceAll(statement, "@row", "community_id = 1 AND box_id = 1 AND round = 1"))
			var refusal *pq.Error
			if !errors.As(err, &refusal) || string(refusal.Code) != code && string(refusal.Code) != "42501" {
				t.Errorf("%s by %s: %v", what, who, err)
			}
		}
	}
	const second = `INSERT INTO box.count (community_id, box_id, round, nth, counter, pieces, total, counted_at) VALUES (1, 1, 1, 2, `
	refused("one person as both", "23505", second+`'user:1', '{0,0,0,0,0,0,0,0}', 0, now())`)
	refused("a sum that does not add up", "23514", second+`'user:2', '{1,0,0,0,0,0,0,0}', 101, now())`)
	refused("a count that is none", "23514", second+`'user:2', '{-1,0,0,0,0,0,0,0}', -100, now())`)
	refused("opened by one", "FU020", `UPDATE box.round SET opened_at = now(), amount = 392.20, entry_seq = 1 WHERE @row`)
	if _, err := h.count("user:2", found); err != nil {
		t.Fatal(err)
	}
	refused("a count changed afterwards", "FU002", `UPDATE box.count SET pieces = '{0,0,0,0,0,0,0,0}', total = 0 WHERE @row`)
	refused("an amount changed afterwards", "FU002", `UPDATE box.round SET amount = 1 WHERE @row`)
	refused("a count taken away", "FU002", `DELETE FROM box.count WHERE @row`)
	refused("a round taken away", "FU002", `DELETE FROM box.round WHERE @row`)
}

// What was changed past every guard is found.
func TestCheckFindsWhatWasChanged(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.collect(t)
	for _, who := range []string{"user:1", "user:2"} {
		if _, err := h.count(who, found); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.Owner.Exec(`ALTER TABLE box.round DISABLE TRIGGER round_guard; UPDATE box.round SET amount = 100`); err != nil {
		t.Fatal(err)
	}
	got, err := box.Check(t.Context(), h.App, h.ID)
	if err != nil || len(got) != 1 || got[0].Code != box.NotBooked {
		t.Errorf("%+v, %v", got, err)
	}
}
