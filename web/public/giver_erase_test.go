package public_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/giver"
)

// After an erasure no table has the name, the address, the words or the reason,
// and the audit log says that one took place.
func TestErasureReachesEveryTable(t *testing.T) {
	t.Parallel()
	h := openGiving(t)
	v := h.visitor(t)
	const name, words, reason = "金丝雀婆婆", "金丝雀的话", "金丝雀的理由"
	for _, amount := range []string{"50.00", "20.00"} {
		v.give("amount", amount, "email", "canary@example.cn", "name", name, "show_name", "yes", "message", words, "show_message", "yes")
	}
	v.give("amount", "86.00", "email", "wang@example.cn", "name", "王大爷")
	var called []string
	h.Donors.Forget = []giver.Forget{func(_ context.Context, _ *sqlx.Tx, _ int, donors []uuid.UUID, email string, _ time.Time) error {
		called = append(called, fmt.Sprint(len(donors), " ", email))
		return nil
	}}
	gift := giftsIn(v.enter("canary@example.cn").Body)[0]
	v.post(gift+"/refund", v.form(gift, "reason", reason))
	v.post(mine+"/data/address", v.form(mine+"/data", "email", "canary2@example.cn"))
	canaries := []string{name, words, reason, "canary"}
	if before := h.tablesWith(t, canaries...); len(before) < 4 {
		t.Fatalf("the canaries are only in %v: the walk sees nothing", before)
	}
	salts := get[int](t, h, `SELECT count(*) FROM campaigns.donor WHERE length(salt) > 0`)

	at := v.post(mine+"/erasure", v.form(mine+"/erasure"))
	wantIn(t, "without the tick", at.Body, "想好了，就勾上这一格")
	at = v.post(mine+"/erasure", v.form(mine+"/erasure", "sure", "yes"))
	wantIn(t, "erased", at.Body, "我们已经忘了您")
	if found := h.tablesWith(t, canaries...); len(found) > 0 {
		t.Errorf("still in %v", found)
	}
	if n := get[int](t, h, `SELECT count(*) FROM campaigns.donor WHERE length(salt) > 0`); n != salts-2 {
		t.Errorf("%d of %d salts are left", n, salts)
	}
	if sum := get[string](t, h, `SELECT sum(amount) FROM campaigns.donation WHERE state = 'paid'`); sum != "156.00" {
		t.Errorf("the books keep %s", sum)
	}
	if !slices.Equal(called, []string{"2 canary@example.cn"}) {
		t.Errorf("the others were told %v", called)
	}
	logged := get[string](t, h, `SELECT verb || ' ' || detail || ' ' || address || agent FROM auth.audit_log WHERE verb = 'donor.erase'`)
	if logged != `donor.erase {"gifts": 2} ` {
		t.Errorf("the audit log says %s", logged)
	}
	wantIn(t, "afterwards", v.get(mine).Body, "用收据进来")
	if got := h.letters(t); len(got) != 0 {
		t.Errorf("letters after the erasure: %+v", got)
	}
	body := h.visitor(t).get(campaignPath).Body
	wantNot(t, "campaign", body, "金**", words)
	wantIn(t, "the other giver", h.visitor(t).enter("wang@example.cn").Body, "王大爷，谢谢您")
}

// tablesWith walks every column of every table.
func (h *house) tablesWith(t testing.TB, canaries ...string) (found []string) {
	t.Helper()
	var tables []string
	if err := h.Owner.Select(&tables, `SELECT schemaname || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		for _, canary := range canaries {
			if n := get[int](t, h, `SELECT count(*) FROM `+table+` r WHERE strpos(r::text, $1) > 0`, canary); n > 0 {
				found = append(found, table+" "+canary)
			}
		}
	}
	return found
}
