package desk_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/mutualaid"
	"fund/web/auth"
)

// Hours that were written down for the wrong person are taken back with a reason, once; what stands in the ledger of hours stays.
func TestAShiftIsTakenBack(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Do(t, func(tx *sqlx.Tx) error {
		_, _, err := mutualaid.Put(t.Context(), tx, h.Community, mutualaid.Card{
			Kind: mutualaid.Offer, Category: mutualaid.Cooking, What: "做饭", Place: "3 号院", Weekdays: mutualaid.EveryDay, Parts: mutualaid.AllDay,
			Until: h.Day(time.Now()).AddDate(0, 0, 7), MadeAt: time.Now(),
		}, mutualaid.Person{Name: "赵师傅", Phone: "13800000000"})
		return err
	})
	lead, people := h.as(t, auth.ProjectLead), "/c/angong/desk/help/people"
	wantNot(t, "before", lead.get(people).Body, "记错了")
	written := lead.post("/c/angong/desk/help/shifts", lead.form(people, "person", "1", "day", lead.today(), "minutes", "120", "category", string(mutualaid.Cooking), "memo", "贴年画"))
	wantIn(t, "written down", written.Body, "记下了", "记错了", "贴年画")
	given := func() int {
		t.Helper()
		p, err := mutualaid.PersonAt(t.Context(), h.Database.App, h.ID, 1)
		if err != nil {
			t.Fatal(err)
		}
		return p.Given
	}
	if n := given(); n != 120 {
		t.Errorf("%d minutes given", n)
	}
	undo := "/c/angong/desk/help/shifts/1"
	wantIn(t, "without a reason", lead.post(undo, lead.form(people)).Body, "为什么", "贴年画")
	wantIn(t, "taken back", lead.post(undo, lead.form(people, "why", "记错了人")).Body, "撤回了")
	if n := given(); n != 0 {
		t.Errorf("%d minutes given after it was taken back", n)
	}
	if again := lead.post(undo, lead.form(people, "why", "记错了人")); again.Status != http.StatusNotFound {
		t.Errorf("taken back twice: %d", again.Status)
	}
	wantNot(t, "after", lead.get(people).Body, "贴年画")
	if log := h.audited(t); !strings.Contains(log, "help.shift_undone") {
		t.Errorf("the audit log: %s", log)
	}
}
