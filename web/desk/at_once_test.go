package desk_test

import (
	"testing"

	"fund/campaigns"
	"fund/web/auth"
)

// Two people add a host at the same moment: the second is told so, and what was there stays.
func TestTwoAtTheSameMoment(t *testing.T) {
	t.Parallel()
	h := open(t)
	admin := h.as(t, auth.Administrator)
	form := admin.form("/c/angong/desk/hosts", "name_zh", "四川省慈善总会", "name_en", "Sichuan Charity", "certificate", "51000000500", "certificate_from", day(-400), "certificate_until", day(400))

	other := h.Owner.MustBegin()
	defer other.Rollback() //nolint:errcheck // after a commit it does nothing
	if _, err := campaigns.AddHost(t.Context(), other, h.ID, campaigns.Host{NameZH: "成都市慈善总会", NameEN: "Chengdu Charity", Certificate: "51000000501"}); err != nil {
		t.Fatal(err)
	}
	answered := make(chan answer, 1)
	go func() { answered <- admin.post("/c/angong/desk/hosts", form) }()
	for !h.Waiting(t) {
	}
	if err := other.Commit(); err != nil {
		t.Fatal(err)
	}
	a := <-answered
	if a.Status != 409 {
		t.Errorf("answered %d", a.Status)
	}
	wantIn(t, "told", a.Body, "就在这一刻，别人也交了一份", "什么都没有存")
	if n := get[int](t, h, `SELECT count(*) FROM campaigns.host`); n != 1 {
		t.Errorf("%d hosts", n)
	}
	wantIn(t, "again", admin.post("/c/angong/desk/hosts", form).Body, "加上了“四川省慈善总会”。")
}
