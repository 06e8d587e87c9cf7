package public_test

import (
	"bytes"
	"image"
	"image/png"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
)

// First in, first out: what is spent first is the gift that came first.
func TestWhereTheMoneyWent(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	first := v.give("amount", "own", "own", "720").Path
	second := v.give("amount", "own", "own", "150").Path
	wantIn(t, "before", v.get(second).Body, "2 份捐赠", "¥870.00", "还没有花", "¥150")
	flour := h.spend(t, "面粉、肉和菜", "700.00")
	bowls := h.spend(t, "租碗筷桌椅", "33.33")
	wrong := h.spend(t, "写错了", "100.00")
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Reverse(t.Context(), tx, h.ID, wrong.Seq, h.Day(time.Now()), "写错了", "user:1")
		return err
	})
	var receipt bytes.Buffer
	if err := png.Encode(&receipt, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		return campaigns.AddEvidence(t.Context(), tx, h.ID, flour.Seq, &receipt, "粮油店的小票", "user:1")
	})
	wantIn(t, "the first gift", v.get(first).Body, "票据 · 粮油店的小票", "面粉、肉和菜", "/c/angong/ledger/"+flour.Voucher(), "700.00</td><td>700.00", "33.33</td><td>20.00", "<td>720.00</td>")
	body := v.get(second).Body
	wantIn(t, "the second gift", body, "租碗筷桌椅", "/c/angong/ledger/"+bowls.Voucher(), "33.33</td><td>13.33", "¥136.67")
	wantNot(t, "the second gift", body, "面粉", "写错了")
}

// refund gives back some of the newest donation.
func (h *house) refund(t testing.TB, amount string) {
	t.Helper()
	id := get[uuid.UUID](t, h, `SELECT id FROM campaigns.donation ORDER BY id DESC LIMIT 1`)
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := campaigns.RefundDonation(t.Context(), tx, h.Community, id, uuid.New(), yuan(amount), "捐错了活动", "user:1", time.Now())
		return err
	})
}

func TestAGiftThatWasGivenBack(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	v.give("amount", "200.00")
	part := v.give("amount", "50.00").Path
	h.refund(t, "20.00")
	h.seal(t)
	body := v.get(part).Body
	wantIn(t, "partly refunded", body, "✓ 核验通过", "这笔捐赠退了一部分", "退回 ¥20.00", "我的 ¥30 到哪里去了", "已记")
	wantNot(t, "partly refunded", body, "作废")
	whole := v.give("amount", "86.00").Path
	h.refund(t, "86.00")
	body = v.get(whole).Body
	wantIn(t, "void", body, "这张收据已经作废", "退回 ¥86.00", "捐错了活动", `class="receipt void"`, "作废")
	wantNot(t, "void", body, "到哪里去了", "已记")
	if pdf := v.get(whole + "/receipt.pdf"); pdf.Status != 200 {
		t.Errorf("the void receipt's document: %d", pdf.Status)
	}
	wantIn(t, "the campaign", v.get(campaignPath).Body, "¥230", "2 份捐赠")
	wantNot(t, "the campaign", v.get(campaignPath).Body, "¥86.00</span>")
}

// Somebody with the owner's rights changes an amount in the books.
func TestAChangedEntryIsSeen(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	path := v.give("amount", "50.00").Path
	h.seal(t)
	for _, statement := range []string{
		`SET session_replication_role = replica`,
		`UPDATE ledger.posting SET amount = amount * 10`,
	} {
		h.Owner.SetMaxOpenConns(1)
		if _, err := h.Owner.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	body := v.get(path).Body
	wantIn(t, "receipt of a changed entry", body, "✗ 核验没有通过")
	wantNot(t, "receipt of a changed entry", body, "✓ 核验通过", "proof.txt")
}
