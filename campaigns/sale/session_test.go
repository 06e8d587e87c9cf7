package sale_test

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/money"
)

// busy sells an afternoon: cash 200 float + 70 + 5 − 35, WeChat 43.
func (h *house) busy(t *testing.T) (first uuid.UUID) {
	t.Helper()
	two, mixed := rung([]sale.Line{line(h.Scarf, 2)}, pay(sale.Cash, "70")), rung([]sale.Line{line(h.Scarf, 1), line(h.Tea, 1)}, pay(sale.WeChat, "43"), pay(sale.Cash, "5"))
	mixed.Tip, mixed.At = yuan("5"), morning.Add(3*time.Hour)
	h.sell(t, h.Session.ID, two, mixed)
	_, err := h.giveBack(sale.Refund{Sale: two.ID, Session: &h.Session.ID}, sale.Returned{Line: 1, Quantity: 1})
	if err != nil {
		t.Fatal(err)
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		d := sale.Delivery{Session: h.Session.ID, Cashier: cashier, At: morning.Add(4 * time.Hour), Voids: []sale.Void{{ID: uuid.UUID{1}, Slip: "A-0003", Amount: yuan("16"), At: morning.Add(time.Hour)}}}
		for range 2 {
			if out, err := ledger.Solo(t.Context(), tx, h.ID, d, sale.Sync); err != nil || out.Voids != 1 {
				t.Errorf("%+v, %v", out, err)
			}
		}
		return nil
	})
	return two.ID
}

func TestTwoPeopleCloseATill(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.busy(t)
	pieces := money.Pieces{2, 0, 1, 1, 1, 5, 0, 0} // ¥240
	z := h.close(t, h.Session.ID, pieces)
	if z.Serial() != "A-1" || !z.Difference().IsZero() || !z.Expected.Equal(yuan("240")) || !slices.Equal(z.Counters, []string{cashier, lead}) || z.Pieces != pieces {
		t.Errorf("%+v", z)
	}
	want := sale.Figures{
		Sales: sale.Sum{Count: 2, Amount: yuan("113")}, Tips: sale.Sum{Count: 1, Amount: yuan("5")}, Refunds: sale.Sum{Count: 1, Amount: yuan("35")}, Voids: sale.Sum{Count: 1, Amount: yuan("16")},
		First: "2026-S000001", Last: "2026-S000002",
		Ways:  []sale.WaySum{{Way: sale.Cash, In: yuan("75"), Out: yuan("35")}, {Way: sale.WeChat, In: yuan("43")}},
		Items: []sale.ItemSum{{Code: "1", Name: "围巾", Quantity: 3, Amount: yuan("105"), Back: 1, Returned: yuan("35")}, {Code: "2", Name: "盖碗茶", Quantity: 1, Amount: yuan("8")}},
		Hours: []sale.HourSum{{Hour: "2026-05-20 10", Sum: sale.Sum{Count: 1, Amount: yuan("70")}}, {Hour: "2026-05-20 12", Sum: sale.Sum{Count: 1, Amount: yuan("43")}}},
	}
	got := sale.Figures{Sales: z.Sales, Tips: z.Tips, Refunds: z.Refunds, Voids: z.Voids, First: z.First, Last: z.Last, Ways: z.Ways, Items: z.Items, Hours: z.Hours}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b money.Amount) bool { return a.Equal(b) })); diff != "" {
		t.Error(diff)
	}
	if d, err := h.sync(t.Context(), h.Session.ID, h.scarf()); err != nil || d.Sales[0].Refused != sale.SessionClosed {
		t.Errorf("after the close: %+v, %v", d, err)
	}
	_, err := h.count(h.Session.ID, lead, true, pieces)
	wantErr(t, "counted once more", err, sale.ErrState)
	h.sound(t)
}

// The Z report's figures are those of the journal.
func TestTheZReportAgreesWithTheJournal(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.busy(t)
	other := h.till(t, "B", "0") // somebody else's sales are not in it
	h.sell(t, other.ID, h.scarf())
	z := h.close(t, h.Session.ID, money.Pieces{2, 0, 1, 1, 1, 3, 0, 0}) // ¥2 short
	sources := get[pq.StringArray](t, h, `SELECT array_agg('sale:' || id) FROM sale.sale WHERE session_id = $1`, h.Session.ID)
	tips := get[pq.StringArray](t, h, `SELECT array_agg('donation:' || tip_id) FROM sale.sale WHERE session_id = $1 AND tip_id IS NOT NULL`, h.Session.ID)
	backs := get[pq.StringArray](t, h, `SELECT array_agg('sale_refund:' || id) FROM sale.refund WHERE session_id = $1`, h.Session.ID)
	booked := func(sources pq.StringArray, condition string) money.Amount {
		return get[money.Amount](t, h, `SELECT coalesce(sum(p.amount), 0.00) FROM ledger.journal_entry e JOIN ledger.posting p ON p.community_id = e.community_id AND p.seq = e.seq
			JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id WHERE e.source = ANY ($1) AND `+condition, sources)
	}
	same := func(what string, z, journal money.Amount) {
		t.Helper()
		if !z.Equal(journal) {
			t.Errorf("%s: the report has %s, the journal %s", what, z, journal)
		}
	}
	same("sales", z.Sales.Amount, booked(sources, `a.type = 'income'`).Neg())
	same("refunds", z.Refunds.Amount, booked(backs, `a.type = 'income'`))
	same("tips", z.Tips.Amount, booked(tips, `a.type = 'income'`).Neg())
	for _, w := range z.Ways {
		purpose := "a.purpose = '" + string(w.Way.Account()) + "'"
		same(string(w.Way)+" in", w.In, booked(append(slices.Clone(sources), tips...), purpose))
		same(string(w.Way)+" out", w.Out, booked(backs, purpose).Neg())
	}
	same("services", z.Items[1].Amount, booked(sources, `a.purpose = 'service_income'`).Neg())
	same("the drawer", z.Expected, z.Float.Add(booked(append(append(slices.Clone(sources), tips...), backs...), `a.purpose = 'cash'`)))
	same("the difference", z.Difference(), booked(pq.StringArray{"till_difference:" + h.Session.ID.String()}, `a.purpose = 'cash'`))
	if z.Difference().String() != "-2.00" || h.balance(t, "590101") != "2.00" {
		t.Errorf("short by %s, the account has %s", z.Difference(), h.balance(t, "590101"))
	}
	h.sound(t)
}

func TestZReportsAreAChain(t *testing.T) {
	t.Parallel()
	h := open(t)
	var before []byte
	for n := 1; n <= 3; n++ {
		if n > 1 {
			h.Session = h.till(t, "A", "0")
		}
		z := h.close(t, h.Session.ID, map[bool]money.Pieces{true: {2}, false: {}}[n == 1])
		if z.Number != n || string(z.Previous) != string(before) {
			t.Errorf("%s follows %x, want %x", z.Serial(), z.Previous, before)
		}
		body := get[string](t, h, `SELECT body FROM sale.z_report WHERE number = $1`, n)
		if sum := sha256.Sum256(append(slices.Clone(before), body...)); string(sum[:]) != string(z.Hash) {
			t.Errorf("%s has another hash", z.Serial())
		}
		if !json.Valid([]byte(body)) || !strings.Contains(body, `"number":`) {
			t.Error(body)
		}
		before = z.Hash
	}
	h.sound(t)
	h.Owner.MustExec(`ALTER TABLE sale.z_report DISABLE TRIGGER z_report_stays`)
	h.Owner.MustExec(`UPDATE sale.z_report SET body = replace(body, '"count":0', '"count":1'), hash = sha256(previous || convert_to(replace(body, '"count":0', '"count":1'), 'UTF8')) WHERE number = 2`)
	found, err := sale.Check(t.Context(), h.App, h.ID)
	if err != nil || len(found) != 1 || found[0].Code != sale.BrokenChain {
		t.Errorf("a changed report: %v, %v", found, err)
	}
}

func TestCountsThatDiffer(t *testing.T) {
	t.Parallel()
	h := open(t)
	full, less := money.Pieces{2}, money.Pieces{1, 1, 2, 0, 1}
	if _, err := h.count(h.Session.ID, cashier, false, full); err != nil {
		t.Fatal(err)
	}
	_, err := h.count(h.Session.ID, "user:3", false, full)
	wantErr(t, "two cashiers", err, sale.ErrNeedsLead)
	if closed, err := h.count(h.Session.ID, lead, true, less); err != nil || closed {
		t.Fatalf("%t, %v", closed, err)
	}
	_, err = h.count(h.Session.ID, "user:3", true, full)
	wantErr(t, "a third person", err, sale.ErrSameCounter)
	accept := func(who, reason string) error {
		return h.Try(func(tx *sqlx.Tx) error {
			return sale.Accept(t.Context(), tx, h.Community, h.Session.ID, reason, who, morning.Add(time.Hour))
		})
	}
	wantErr(t, "accepted by the first", accept(cashier, "数过了"), sale.ErrState)
	wantErr(t, "without a word", accept(lead, " "), sale.ErrNoReason)
	if err := accept(lead, "第一遍多数了一张五元"); err != nil {
		t.Fatal(err)
	}
	z, err := sale.ZOf(t.Context(), h.App, h.ID, h.Session.ID)
	if err != nil || z.Difference().String() != "-5.00" || z.Reason == "" {
		t.Errorf("%+v, %v", z, err)
	}
	h.sound(t)
}

// A sale and the close of its session wait for each other: it is in the report, or refused.
func TestSellingAndClosingAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	if _, err := h.count(h.Session.ID, cashier, false, money.Pieces{2}); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		if closed, err := h.count(h.Session.ID, lead, true, money.Pieces{2}); err != nil || !closed {
			t.Errorf("%t, %v", closed, err)
		}
	})
	for range 8 {
		all.Go(func() {
			if _, err := h.sync(t.Context(), h.Session.ID, h.scarf()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	h.sound(t)
}

func TestOneSessionATill(t *testing.T) {
	t.Parallel()
	h := open(t)
	again := func(till string, place int) error {
		return h.Try(func(tx *sqlx.Tx) error {
			_, err := sale.Open(t.Context(), tx, h.ID, sale.Session{PlaceID: place, Till: till, OpenedBy: cashier, OpenedAt: morning})
			return err
		})
	}
	wantErr(t, "opened twice", again("A", h.Fair.ID), sale.ErrTillOpen)
	wantErr(t, "at no place", again("B", 99), sale.ErrNotFound)
	closing := func() error {
		return h.Try(func(tx *sqlx.Tx) error { return sale.ClosePlace(t.Context(), tx, h.ID, h.Fair.ID, morning) })
	}
	wantErr(t, "closed with an open till", closing(), sale.ErrState)
	h.close(t, h.Session.ID, money.Pieces{2})
	if err := closing(); err != nil {
		t.Fatal(err)
	}
	wantErr(t, "at a closed place", again("A", h.Fair.ID), sale.ErrState)
}

func TestCashIsAccountedFor(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.till(t, "B", "100")
	h.sell(t, h.Session.ID, h.scarf())
	held, err := sale.CashByKeeper(t.Context(), h.App, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]string{}
	for _, k := range held {
		of[string(k.Keeper)+k.Till] = k.Amount.String()
	}
	if diff := cmp.Diff(map[string]string{"tillA": "235.00", "tillB": "100.00", "safe": "0.00", "transit": "0.00"}, of); diff != "" {
		t.Error(diff)
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := sale.Open(t.Context(), tx, h.ID, sale.Session{PlaceID: h.Fair.ID, Till: "C", Float: yuan("1"), OpenedBy: cashier, OpenedAt: morning})
		return err
	})
	found, err := sale.Check(t.Context(), h.App, h.ID)
	if err != nil || len(found) != 1 || found[0].Code != sale.CashNowhere {
		t.Errorf("a float from nowhere: %v, %v", found, err)
	}
}

func TestPlacesKeepTheLaw(t *testing.T) {
	t.Parallel()
	h := open(t)
	from := ledger.Day(2026, 6, 1)
	add := func(p sale.Place) error {
		p.Kind, p.NameZH, p.StartsOn, p.EndsOn, p.CreatedBy = sale.SaleEvent, "晚会", &from, &from, "user:9"
		return h.Try(func(tx *sqlx.Tx) error {
			p, err := sale.AddPlace(t.Context(), tx, h.ID, p)
			if err != nil {
				return err
			}
			return sale.OpenPlace(t.Context(), tx, h.ID, p.ID)
		})
	}
	var all campaigns.Campaign
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		all, err = campaigns.DraftCampaign(t.Context(), tx, h.ID, campaigns.Campaign{
			Slug: "roof", Kind: campaigns.AllOrNothing, TitleZH: "雨棚", Goal: yuan("5000"), StartsOn: from, EndsOn: from.AddDate(0, 1, 0), Basis: campaigns.TargetedBasis, CreatedBy: "user:9",
		})
		return err
	})
	wantErr(t, "an appeal without a campaign", add(sale.Place{Slug: "gala", Basis: sale.PublicAppeal, FundID: 1}), sale.ErrNotLawful)
	wantErr(t, "an appeal under a targeted campaign", add(sale.Place{Slug: "gala", Basis: sale.PublicAppeal, FundID: h.Campaign.FundID, CampaignID: &h.Campaign.ID}), sale.ErrNotLawful)
	wantErr(t, "tips to all or nothing", add(sale.Place{Slug: "gala", FundID: 1, CampaignID: &all.ID}), sale.ErrTips)
	wantErr(t, "the same address", add(sale.Place{Slug: "fair", FundID: 1}), sale.ErrExists)
	h.Do(t, func(tx *sqlx.Tx) error {
		p, err := sale.AddPlace(t.Context(), tx, h.ID, sale.Place{Kind: sale.Venture, Slug: "tea", NameZH: "公益茶坊", CreatedBy: "user:9"})
		if err != nil {
			return err
		}
		fund, err := ledger.FundAt(t.Context(), tx, h.ID, p.FundID)
		if err != nil || fund.Kind != ledger.VentureFund || fund.Restricted {
			t.Errorf("%+v, %v", fund, err)
		}
		return sale.OpenPlace(t.Context(), tx, h.ID, p.ID)
	})
}

func TestItemsAreTheirPlaces(t *testing.T) {
	t.Parallel()
	h := open(t)
	add := func(i sale.Item) error {
		i.PlaceID = h.Fair.ID
		return h.Try(func(tx *sqlx.Tx) error { _, err := sale.AddItem(t.Context(), tx, h.ID, i); return err })
	}
	wantErr(t, "a code twice", add(sale.Item{Code: "1", NameZH: "帽子"}), sale.ErrCodeTaken)
	if err := add(sale.Item{Code: "9", NameZH: "帽子", Barcode: "6901234567892"}); err != nil {
		t.Fatal(err)
	}
	wantErr(t, "a barcode twice", add(sale.Item{Code: "10", NameZH: "帽子", Barcode: "6901234567892"}), sale.ErrBarcodeTaken)
	h.Scarf.NameZH = "长围巾"
	h.Do(t, func(tx *sqlx.Tx) error {
		if err := sale.EditItem(t.Context(), tx, h.ID, h.Scarf); err != nil {
			return err
		}
		return sale.ArchiveItem(t.Context(), tx, h.ID, h.Jar.ID, &morning)
	})
	items, err := sale.ListItems(t.Context(), h.App, h.ID, h.Fair.ID)
	var names []string
	for _, i := range items {
		names = append(names, i.Name("zh-CN"))
	}
	if err != nil || strings.Join(names, " ") != "长围巾 盖碗茶 帽子 泡菜" {
		t.Errorf("%v, %v", names, err)
	}
}

// The database refuses what this package never asks for, whoever asks.
func TestTheDatabaseRefuses(t *testing.T) {
	t.Parallel()
	h := open(t)
	r := h.scarf()
	h.sell(t, h.Session.ID, r)
	refused := func(what, code, statement string, args ...any) {
		t.Helper()
		for who, db := range map[string]*sqlx.DB{"the application": h.App, "the owner": h.Owner} {
			_, err := db.Exec(statement, args...)
			var refusal *pq.Error
			if !errors.As(err, &refusal) || string(refusal.Code) != code && string(refusal.Code) != "42501" {
				t.Errorf("%s by %s: %v", what, who, err)
			}
		}
	}
	refused("a sale changed", "FU002", `UPDATE sale.sale SET total = 1`)
	refused("a sale taken away", "FU002", `DELETE FROM sale.sale`)
	refused("a line changed", "FU002", `UPDATE sale.line SET quantity = 2`)
	refused("a payment changed", "FU002", `UPDATE sale.payment SET way = 'wechat'`)
	refused("a float changed", "FU002", `UPDATE sale.session SET float_amount = 0`)
	refused("closed by nobody", "FU020", `UPDATE sale.session SET closed_at = now(), expected = 235, counted = 235`)
	refused("given back by one above the limit", "23514", `INSERT INTO sale.refund (community_id, id, sale_id, amount, reason, alone_max, refunded_by, refunded_at, entry_seq)
		VALUES ($1, gen_random_uuid(), $2, 35, 'x', 20, 'user:1', now(), 1)`, h.ID, r.ID)
	refused("given back by one as two", "23514", `INSERT INTO sale.refund (community_id, id, sale_id, amount, reason, alone_max, refunded_by, approved_by, refunded_at, entry_seq)
		VALUES ($1, gen_random_uuid(), $2, 35, 'x', 50, 'user:1', 'user:1', now(), 1)`, h.ID, r.ID)
	if _, err := h.count(h.Session.ID, cashier, false, money.Pieces{2}); err != nil {
		t.Fatal(err)
	}
	const second = `INSERT INTO sale.count (community_id, session_id, nth, counter, lead, pieces, total, counted_at) VALUES ($1, $2, 2, `
	refused("one person as both", "23505", second+`'user:1', true, '{0,0,0,0,0,0,0,0}', 0, now())`, h.ID, h.Session.ID)
	refused("a sum that does not add up", "23514", second+`'user:2', true, '{1,0,0,0,0,0,0,0}', 101, now())`, h.ID, h.Session.ID)
	if closed, err := h.count(h.Session.ID, lead, true, money.Pieces{2}); err != nil || !closed {
		t.Fatalf("%t, %v", closed, err)
	}
	refused("a sale in a closed session", "FU021", `INSERT INTO sale.sale (community_id, id, place_id, session_id, rung_at, total, cashier, entry_seq, synced_at)
		VALUES ($1, gen_random_uuid(), $2, $3, now(), 1, 'user:1', 1, now())`, h.ID, h.Fair.ID, h.Session.ID)
	refused("a refund in a closed session", "FU021", `INSERT INTO sale.refund (community_id, id, sale_id, session_id, amount, reason, alone_max, refunded_by, refunded_at, entry_seq)
		VALUES ($1, gen_random_uuid(), $2, $3, 1, 'x', 50, 'user:1', now(), 1)`, h.ID, r.ID, h.Session.ID)
	refused("a void in a closed session", "FU021", `INSERT INTO sale.void (community_id, id, session_id, amount, voided_by, voided_at) VALUES ($1, gen_random_uuid(), $2, 1, 'user:1', now())`, h.ID, h.Session.ID)
	refused("opened again", "FU002", `UPDATE sale.session SET closed_at = NULL, expected = NULL, counted = NULL`)
	refused("counted after", "FU002", `UPDATE sale.count SET total = 0, pieces = '{0,0,0,0,0,0,0,0}'`)
	refused("a report changed", "FU002", `UPDATE sale.z_report SET made_at = now()`)
	refused("a report that follows none", "FU013", `INSERT INTO sale.z_report (community_id, till, number, session_id, body, previous, hash, made_at)
		VALUES ($1, 'A', 3, $2, 'x', '', sha256('x'), now())`, h.ID, h.Session.ID)
	refused("a report with another hash", "23514", `INSERT INTO sale.z_report (community_id, till, number, session_id, body, previous, hash, made_at)
		SELECT $1, 'A', 2, $2, 'x', hash, hash, now() FROM sale.z_report`, h.ID, h.Session.ID)
}
