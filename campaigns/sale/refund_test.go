package sale_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/receipt"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/money"
)

func (h *house) giveBack(r sale.Refund, lines ...sale.Returned) (_ sale.Refund, err error) {
	if r.ID == uuid.Nil {
		r.ID = uuid.Must(uuid.NewV7())
	}
	if r.Reason == "" {
		r.Reason = "颜色不合适"
	}
	r.RefundedBy, r.RefundedAt = cashier, morning.Add(5*time.Hour)
	err = h.Try(func(tx *sqlx.Tx) error {
		r, err = sale.GiveBack(context.Background(), tx, h.Community, r, lines)
		return err
	})
	return r, err
}

func TestAWholeSaleGoesBack(t *testing.T) {
	t.Parallel()
	h := open(t)
	r := rung([]sale.Line{line(h.Scarf, 1)}, pay(sale.WeChat, "5"), pay(sale.Cash, "30"))
	h.sell(t, h.Session.ID, r)
	id := uuid.New()
	for range 2 {
		back, err := h.giveBack(sale.Refund{ID: id, Sale: r.ID, Session: &h.Session.ID})
		if err != nil || back.Amount.String() != "35.00" {
			t.Fatalf("%+v, %v", back, err)
		}
	}
	issued, err := receipt.Of(t.Context(), h.App, h.ID, r.ID)
	entry, err2 := ledger.EntryAt(t.Context(), h.App, h.ID, issued.VoidEntry)
	if err != nil || err2 != nil || entry.Reverses != issued.Entry || issued.VoidReason == "" {
		t.Errorf("%+v, %+v, %v, %v", issued, entry, err, err2)
	}
	if cash, wechat, sales := h.balance(t, "1001"), h.balance(t, "100901"), h.balance(t, "4501"); cash != "200.00" || wechat != "0.00" || sales != "0.00" {
		t.Errorf("cash %s, WeChat %s, sales %s", cash, wechat, sales)
	}
	if i, err := sale.ItemAt(t.Context(), h.App, h.ID, h.Scarf.ID); err != nil || i.Sold != 0 {
		t.Errorf("%+v, %v", i, err)
	}
	_, err = h.giveBack(sale.Refund{Sale: r.ID, Session: &h.Session.ID})
	wantErr(t, "once more", err, sale.ErrTooMuch)
	other := h.scarf()
	h.sell(t, h.Session.ID, other)
	_, err = h.giveBack(sale.Refund{ID: id, Sale: other.ID, Session: &h.Session.ID})
	wantErr(t, "the same id for another sale", err, sale.ErrState)
	h.sound(t)
}

func TestLinesGoBackOneByOne(t *testing.T) {
	t.Parallel()
	h := open(t)
	r := rung([]sale.Line{line(h.Tea, 3), line(h.Jar, 2, "10")}, pay(sale.Cash, "20"), pay(sale.Alipay, "30"))
	r.Tip = yuan("6")
	h.sell(t, h.Session.ID, r)
	if _, err := h.giveBack(sale.Refund{Sale: r.ID, Session: &h.Session.ID}, sale.Returned{Line: 1, Quantity: 2}); err != nil { // ¥16, of ¥14 cash left beside the tip
		t.Fatal(err)
	}
	if cash, alipay, services := h.balance(t, "1001"), h.balance(t, "100902"), h.balance(t, "4301"); cash != "206.00" || alipay != "28.00" || services != "-8.00" {
		t.Errorf("cash %s, Alipay %s, services %s", cash, alipay, services)
	}
	_, err := h.giveBack(sale.Refund{Sale: r.ID, Session: &h.Session.ID}, sale.Returned{Line: 1, Quantity: 2})
	wantErr(t, "more than there were", err, sale.ErrTooMuch)
	_, err = h.giveBack(sale.Refund{Sale: r.ID, Session: &h.Session.ID}, sale.Returned{Line: 9, Quantity: 1})
	wantErr(t, "a line that is not there", err, sale.ErrTooMuch)
	if issued, err := receipt.Of(t.Context(), h.App, h.ID, r.ID); err != nil || issued.VoidEntry != 0 {
		t.Errorf("void after a part: %+v, %v", issued, err)
	}
	back, err := h.giveBack(sale.Refund{Sale: r.ID}) // the rest, from the safe
	if err != nil || back.Amount.String() != "28.00" {
		t.Fatalf("%+v, %v", back, err)
	}
	if issued, err := receipt.Of(t.Context(), h.App, h.ID, r.ID); err != nil || issued.VoidEntry != back.Entry {
		t.Errorf("%+v, %v", issued, err)
	}
	var sessions []uuid.NullUUID // of the refunds, the oldest first
	err = h.App.Select(&sessions, `SELECT session_id FROM sale.refund WHERE community_id = $1 AND sale_id = $2 ORDER BY refunded_at, id`, h.ID, r.ID)
	if err != nil || len(sessions) != 2 || !sessions[0].Valid || sessions[1].Valid {
		t.Errorf("%+v, %v", sessions, err)
	}
	h.sound(t)
}

func TestALargeRefundNeedsTwo(t *testing.T) {
	t.Parallel()
	h := open(t)
	r := rung([]sale.Line{line(h.Scarf, 2)}, pay(sale.Cash, "70"))
	h.sell(t, h.Session.ID, r)
	_, err := h.giveBack(sale.Refund{Sale: r.ID})
	wantErr(t, "alone", err, sale.ErrNeedsSecond)
	_, err = h.giveBack(sale.Refund{Sale: r.ID, ApprovedBy: cashier})
	wantErr(t, "twice oneself", err, sale.ErrNeedsSecond)
	_, err = h.giveBack(sale.Refund{Sale: r.ID, Reason: " "})
	wantErr(t, "without a word", err, sale.ErrNoReason)
	_, err = h.giveBack(sale.Refund{Sale: uuid.New()})
	wantErr(t, "of no sale", err, sale.ErrNotFound)
	h.Do(t, func(tx *sqlx.Tx) error {
		return sale.Set(t.Context(), tx, h.ID, sale.Setting{RefundMax: yuan("30"), Paper: "58"})
	})
	_, err = h.giveBack(sale.Refund{Sale: r.ID}, sale.Returned{Line: 1, Quantity: 1})
	wantErr(t, "above the new limit", err, sale.ErrNeedsSecond)
	if _, err := h.giveBack(sale.Refund{Sale: r.ID, ApprovedBy: lead}); err != nil {
		t.Fatal(err)
	}
	h.close(t, h.Session.ID, money.Pieces{2, 1, 1}) // given back from the safe: all ¥270 are here
	_, err = h.giveBack(sale.Refund{Sale: r.ID, Session: &h.Session.ID}, sale.Returned{Line: 1, Quantity: 1})
	wantErr(t, "nothing is left", err, sale.ErrTooMuch)
	h.sound(t)
}

func TestACostAndTheResult(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.busy(t)
	cost := sale.Cost{ID: uuid.New(), PlaceID: h.Fair.ID, Kind: sale.Running, What: "桌子租金", Amount: yuan("20"), SpentOn: ledger.Day(2026, 5, 20), EnteredBy: "user:9", EnteredAt: morning}
	for range 2 {
		h.Do(t, func(tx *sqlx.Tx) error {
			_, err := sale.Spend(t.Context(), tx, h.Community, cost, sale.Cash)
			return err
		})
	}
	h.close(t, h.Session.ID, money.Pieces{2, 0, 2, 0, 0, 1}) // ¥1 over
	r, err := sale.ResultOf(t.Context(), h.App, h.ID, h.Fair.ID)
	if err != nil || r.Proceeds().String() != "78.00" || r.Costs.String() != "20.00" || r.OverShort.String() != "1.00" || r.Surplus().String() != "59.00" ||
		r.Tips.Amount.String() != "5.00" || len(r.Items) != 2 || r.Items[0].Quantity != 3 || len(r.Spent) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	if got := h.balance(t, "5401"); got != "20.00" {
		t.Errorf("fundraising costs %s", got)
	}
	h.sound(t)
}
