package public_test

import (
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

var hiddenAll = regexp.MustCompile(`<input type="hidden" name="([a-z_]+)" value="([^"]*)">`)

// A large gift is shown once more, and the button answers after the wait only; nothing else about it may change meanwhile.
func TestALargeGiftIsShownOnceMore(t *testing.T) {
	t.Parallel()
	h := open(t)
	var ahead time.Duration
	h.Donors.LargeGift, h.Donors.LargeWait = yuan("10000"), 5*time.Second
	h.Donors.Now = func() time.Time { return time.Now().Add(ahead) }
	v := h.visitor(t)
	small := v.order("amount", "own", "own", "9999.99")
	if !strings.Contains(small.Path, "/sandbox/pay/") {
		t.Fatalf("below the limit: at %s", small.Path)
	}
	page := v.order("amount", "own", "own", "10000", "name", "周婆婆", "message", "新年好")
	wantIn(t, "the second look", page.Body, "付之前，再看一眼", "¥10,000.00", "壹万元整", "除夕暖心饭", "原路退回", `name="message" value="新年好"`, "pause.js")
	form := fields(page.Body)
	for _, m := range hiddenAll.FindAllStringSubmatch(page.Body, -1) {
		form.Set(m[1], m[2])
	}
	early := v.post(donatePath, form)
	if early.Status != 422 {
		t.Errorf("at once: %d", early.Status)
	}
	wantIn(t, "at once", early.Body, "秒，然后再按", "¥10,000.00")
	ahead = 6 * time.Second
	form.Set("own", "20000")
	if other := v.post(donatePath, form); !strings.Contains(other.Body, "¥20,000.00") || other.Status != 200 {
		t.Errorf("another amount after the wait: %d at %s", other.Status, other.Path)
	}
	form.Set("own", "10000")
	forged := form.Get("pause")
	form.Set("pause", "1."+strings.SplitN(forged, ".", 2)[1])
	if got := v.post(donatePath, form); strings.Contains(got.Path, "/sandbox/pay/") {
		t.Error("a time of one's own making passes")
	}
	form.Set("pause", forged)
	if got := v.post(donatePath, form); !strings.Contains(got.Path, "/sandbox/pay/") {
		t.Errorf("after the wait: %d at %s", got.Status, got.Path)
	}
	if n := get[int](t, h, `SELECT count(*) FROM campaigns.donation`); n != 2 {
		t.Errorf("%d donations", n)
	}
}

// Abuse case 6: programs that fill in everything, or at once, or try many small gifts, get one and the same answer.
func TestProgramsAreBraked(t *testing.T) {
	t.Parallel()
	h := open(t)
	used := map[string]int{}
	var mu sync.Mutex
	h.Donors.Allow = func(_ *fiber.Ctx, what string, tries int, _ time.Duration) (bool, time.Duration, error) {
		mu.Lock()
		defer mu.Unlock()
		used[what]++
		return used[what] <= tries, time.Minute, nil
	}
	v := h.visitor(t)
	refused := func(what string, at answer) {
		t.Helper()
		if at.Status != 429 || at.Header.Get("Retry-After") != "60" {
			t.Errorf("%s: %d, again after %q", what, at.Status, at.Header.Get("Retry-After"))
		}
	}
	refused("every field filled in", v.order("amount", "20.00", "website", "https://spam.example"))
	h.Donors.FillTime = time.Hour
	refused("at once", v.order("amount", "20.00"))
	refused("with no time of showing", v.post(donatePath, fields(v.get(campaignPath).Body, "amount", "20.00", "form", "x")))
	h.Donors.FillTime = 0
	for range 10 {
		if at := v.order("amount", "own", "own", "1.00"); at.Status != 200 {
			t.Fatalf("a small gift: %d", at.Status)
		}
	}
	refused("the eleventh small gift from here", v.order("amount", "own", "own", "1.00"))
	if at := v.order("amount", "20.00"); at.Status != 200 {
		t.Errorf("a gift of ordinary size: %d", at.Status)
	}
	used = map[string]int{}
	start := time.Now()
	if _, err := h.Owner.Exec(`INSERT INTO campaigns.donation (community_id, id, campaign_id, amount, currency, method, payee, created_at)
		SELECT $1, gen_random_uuid(), $2, 1, 'CNY', 'sandbox', 'm', $3 FROM generate_series(1, 200)`, h.ID, h.Campaign.ID, start); err != nil {
		t.Fatal(err)
	}
	refused("a campaign with many unpaid small gifts", h.visitor(t).order("amount", "own", "own", "1.00"))
	if _, err := h.Owner.Exec(`UPDATE campaigns.donation SET state = 'failed' WHERE amount = 1 AND method = 'sandbox'`); err != nil {
		t.Fatal(err)
	}
	if at := h.visitor(t).order("amount", "own", "own", "1.00"); at.Status != 200 {
		t.Errorf("when they are gone: %d", at.Status)
	}
}
