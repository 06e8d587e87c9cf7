package desk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/mutualaid"
	"fund/web/auth"
)

// The desk shows a resident's own page again to who lost its address; that it did stands in the audit log, the address does not.
func TestAResidentsOwnPageIsShownAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	var who mutualaid.Person
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		_, who, err = mutualaid.Put(t.Context(), tx, h.Community, mutualaid.Card{
			Kind: mutualaid.Need, Category: mutualaid.Repairs, What: "灯泡坏了", Place: "3 号院", Weekdays: mutualaid.EveryDay, Parts: mutualaid.AllDay,
			Until: h.Day(time.Now()).AddDate(0, 0, 7), MadeAt: time.Now(),
		}, mutualaid.Person{Name: "王婆婆", Phone: "13800000000"})
		return err
	})
	lead, at := h.as(t, auth.ProjectLead), "/c/angong/desk/help/people"
	wantNot(t, "the list of people", lead.get(at).Body, who.Token)
	shown := lead.post(at+"/1/address", lead.form(at))
	wantIn(t, "the page", shown.Body, "/help/mine/"+who.Token, "王婆婆", "<svg")
	if log := h.audited(t); !strings.Contains(log, "help.address") || strings.Contains(log, who.Token) {
		t.Errorf("the audit log: %s", log)
	}
	h.Do(t, func(tx *sqlx.Tx) error { return mutualaid.Erase(t.Context(), tx, h.ID, 1, time.Now()) })
	if a := lead.post(at+"/1/address", lead.form(at)); a.Status != 404 {
		t.Errorf("of somebody erased: %d", a.Status)
	}
}
