package public_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// The year's page says its figures, and leads to what each is made of; a year without entries has none.
func TestAYearOnAPage(t *testing.T) {
	t.Parallel()
	h := open(t)
	year := h.Day(time.Now()).Year()
	a := h.visitor(t).get(fmt.Sprintf("/c/angong/years/%d", year))
	for _, text := range []string{fmt.Sprintf("%d 年做了什么", year), "个服务项目", fmt.Sprintf("/ledger?kind=in&amp;month=%d", year), "/councils", "/groups"} {
		if a.Status != 200 || !strings.Contains(a.Body, text) {
			t.Errorf("%d without %q", a.Status, text)
		}
	}
	if a := h.visitor(t).get("/c/angong/years/1999"); a.Status != 404 {
		t.Errorf("a year without entries: %d", a.Status)
	}
}
