package public_test

import (
	"bufio"
	"bytes"
	"image"
	"image/jpeg"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
)

func TestTheListOfCampaigns(t *testing.T) {
	t.Parallel()
	h := open(t)
	chairs := dinner()
	chairs.Slug, chairs.TitleZH, chairs.StoryZH, chairs.Theme, chairs.Scene = "chairs", "书角添 38 把椅子", "孩子们站着看书。", "children", "chairs"
	chairs.PurposeZH = "只买椅子"
	chairs = h.publish(t, chairs)
	h.Do(t, func(tx *sqlx.Tx) error { return campaigns.Close(t.Context(), tx, h.ID, chairs.ID, time.Now()) })
	soon := dinner()
	soon.Slug, soon.TitleZH, soon.Theme, soon.Kind = "shelter", "3 号院雨棚", "yard", campaigns.AllOrNothing
	soon.StartsOn, soon.EndsOn = time.Now().AddDate(0, 1, 0), time.Now().AddDate(0, 2, 0)
	h.publish(t, soon)
	draft := dinner()
	draft.Slug, draft.TitleZH = "draft", "还在写的草稿"
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := campaigns.DraftCampaign(t.Context(), tx, h.ID, draft)
		return err
	})
	v := h.visitor(t)
	all := v.get("/c/angong/campaigns").Body
	wantIn(t, "list", all, "除夕暖心饭", "书角添 38 把椅子", "3 号院雨棚", "募捐中", "已结束", "还没开始", "不成则退", "一共筹到")
	wantNot(t, "list", all, "草稿")
	if !(strings.Index(all, "除夕暖心饭") < strings.Index(all, "3 号院雨棚") && strings.Index(all, "3 号院雨棚") < strings.Index(all, "书角添")) {
		t.Error("what takes gifts does not come first")
	}
	for query, want := range map[string][3]bool{ // dinner, chairs, shelter
		"?theme=children": {false, true, false},
		"?state=open":     {true, false, true},
		"?state=over":     {false, true, false},
		"?q=站着看书":         {false, true, false},
		"?q=年夜饭":          {true, false, true},
		"?q=没有这个词":        {false, false, false},
		"?q=%25":          {false, false, false},
		"?theme='--":      {false, false, false},
	} {
		body := v.get("/c/angong/campaigns" + query).Body
		got := [3]bool{strings.Contains(body, `href="/c/angong/campaigns/dinner"`), strings.Contains(body, `href="/c/angong/campaigns/chairs"`), strings.Contains(body, `href="/c/angong/campaigns/shelter"`)}
		if got != want {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
		if want == [3]bool{} {
			wantIn(t, query, body, "没有找到", "看全部")
		}
	}
	wantNot(t, "search", v.get(`/c/angong/campaigns?q="><script>alert(1)</script>`).Body, "<script>alert")
	wantNot(t, "a campaign that is over", v.get("/c/angong/campaigns/chairs").Body, `/donations"`)
	if at := v.get("/c/angong/campaigns/draft"); at.Status != 404 {
		t.Errorf("draft: %d", at.Status)
	}
}

func TestACampaignsPage(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	v.give("amount", "own", "own", "8256") // 96 meals
	body := v.get(campaignPath).Body
	wantIn(t, "page", body, "¥8,256", "¥15,000", "55.0%", "1 份捐赠", "还剩 42 天", "<strong>60 位</strong>", "120 份里已有", "96 份", "80.0%", "120 份 × ¥86",
		"一份年夜饭食材", "定向募捐", "刘**", "不晚于", "只用于这顿年夜饭", "到柜台交")
	wantNot(t, "page", body, "刘芳", `.00" checked`)
	v.lang = "en"
	v.client.Jar = nil
	wantIn(t, "English page", v.get(campaignPath).Body, "1 gift", "42 days left", "Of 120 meals, paid for so far:", "What your money buys", "Next: pay", "M**")
}

// What an all-or-nothing campaign came to stands on its page, in figures.
func TestAConcludedCampaignsPage(t *testing.T) {
	t.Parallel()
	h := open(t)
	roof := dinner()
	roof.Slug, roof.Kind, roof.Goal = "roof", campaigns.AllOrNothing, yuan("100")
	roof = h.publish(t, roof)
	chairs := dinner()
	chairs.Slug, chairs.Kind, chairs.Goal = "chairs", campaigns.AllOrNothing, yuan("300")
	chairs = h.publish(t, chairs)
	cash := func(campaign, amount string) {
		h.Do(t, func(tx *sqlx.Tx) error {
			_, err := campaigns.EnterCash(t.Context(), tx, h.Community, campaigns.Start{Campaign: campaign, Amount: yuan(amount), EnteredBy: "user:1", At: time.Now()})
			return err
		})
	}
	cash("roof", "60")
	cash("chairs", "88.80")
	cash("chairs", "100")
	v := h.visitor(t)
	wantIn(t, "before", v.get("/c/angong/campaigns/roof").Body, "之前没有筹满 ¥100，每一笔都原路退回")
	cash("roof", "40")
	h.Do(t, func(tx *sqlx.Tx) error { return campaigns.Close(t.Context(), tx, h.ID, chairs.ID, time.Now()) })
	if _, err := campaigns.ConcludeDue(t.Context(), h.Database.App, h.Community, time.Now(), "system"); err != nil {
		t.Fatal(err)
	}
	met, unmet := v.get("/c/angong/campaigns/roof").Body, v.get("/c/angong/campaigns/chairs").Body
	wantIn(t, "met", met, "筹满了 ¥100：从那天起", `roof/donations"`)
	wantNot(t, "met", met, "之前没有筹满", "不成则退")
	wantIn(t, "unmet", unmet, "没有筹满 ¥300，每一笔都按约定原路退回：一共 2 份，¥188.80。")
	wantNot(t, "unmet", unmet, "一共筹到", `/donations"`)
	wantIn(t, "list", v.get("/c/angong/campaigns?state=over").Body, "没有筹满，每一笔都按约定原路退回。")
	v.lang, v.client.Jar = "en", nil
	wantIn(t, "met in English", v.get("/c/angong/campaigns/roof").Body, "¥100 was reached on ")
	wantIn(t, "unmet in English", v.get("/c/angong/campaigns/chairs").Body, "¥300 was not reached, and every gift goes back the way it came: 2 gifts, ¥188.80 in all.")
}

func TestNothingOnThePagesIsUntranslated(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	v.lang = "en"
	receipt := v.give("amount", "50.00", "name", "Mary")
	h.seal(t)
	chinese := regexp.MustCompile(`\p{Han}+`)
	plain := regexp.MustCompile(`(?s)<[a-z]+ [^>]*lang="zh-CN"[^>]*>.*?</[a-z]+>|<[^>]*>|刘\*\*`)
	for _, path := range []string{"/c/angong/campaigns", "/c/angong/campaigns?q=nothing", campaignPath, receipt.Path} {
		body := plain.ReplaceAllString(v.get(path).Body, "")
		if found := chinese.FindAllString(body, -1); len(found) > 0 {
			t.Errorf("%s: %q", path, found)
		}
		wantNot(t, path, body, "⟦")
	}
}

func TestAGiftMovesOpenPages(t *testing.T) {
	t.Parallel()
	h := open(t)
	r, err := http.Get(h.Base + campaignPath + "/live")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%d %v", r.StatusCode, r.Header)
	}
	lines := bufio.NewReader(r.Body)
	next := func() string {
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			if data, ok := strings.CutPrefix(line, "data: "); ok {
				return data
			}
		}
	}
	if _, err := lines.ReadString('\n'); err != nil { // we listen
		t.Fatal(err)
	}
	h.visitor(t).give("amount", "86.00")
	wantIn(t, "message", next(), `"raised":"¥86"`, `"share":"0.5%"`, `"gifts.zh-CN":"1 份捐赠"`, `"gifts.en":"1 gift"`, `"line1.zh-CN":"1 份"`, `"line1.en":"1"`, `"line1.share":"0.8%"`, `"line3.zh-CN":"¥0"`)
	if at := h.visitor(t).get("/c/angong/campaigns/nowhere/live"); at.Status != 404 {
		t.Errorf("a stream of nothing: %d", at.Status)
	}
}

func TestPicturesAreKeptForEver(t *testing.T) {
	t.Parallel()
	h := open(t)
	var file bytes.Buffer
	if err := jpeg.Encode(&file, image.NewGray(image.Rect(0, 0, 8, 5)), nil); err != nil {
		t.Fatal(err)
	}
	var photo uuid.UUID
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		photo, err = campaigns.AddPicture(t.Context(), tx, h.ID, &file, "一桌菜")
		if err != nil {
			return err
		}
		h.Campaign.PictureID = &photo
		return campaigns.EditCampaign(t.Context(), tx, h.ID, h.Campaign)
	})
	v := h.visitor(t)
	path := "/c/angong/pictures/" + photo.String()
	wantIn(t, "page", v.get(campaignPath).Body, path, `alt="一桌菜"`)
	at := v.get(path)
	if at.Status != 200 || !strings.HasPrefix(at.Body, "\xff\xd8") || at.Header.Get("Content-Type") != "image/jpeg" || !strings.Contains(at.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("%d %v", at.Status, at.Header)
	}
	for _, id := range []string{uuid.NewString(), "x"} {
		if at := v.get("/c/angong/pictures/" + id); at.Status != 404 {
			t.Errorf("%s: %d", id, at.Status)
		}
	}
}

// spend books a payment from the campaign's fund.
func (h *house) spend(t testing.TB, memo, amount string) ledger.Posted {
	t.Helper()
	var posted []ledger.Posted
	h.Do(t, func(tx *sqlx.Tx) error {
		accounts, err := ledger.ListAccounts(t.Context(), tx, h.ID)
		if err != nil {
			return err
		}
		to, _ := accounts.By(ledger.ProgrammeExpense)
		from, _ := accounts.By(ledger.Clearing("sandbox"))
		posted, err = ledger.Post(t.Context(), tx, h.ID, ledger.Entry{
			Date: h.Day(time.Now()), Kind: "payment", Source: "test:" + amount, Memo: memo, PostedBy: "user:1",
			Postings: []ledger.Posting{ledger.Debit(to.ID, h.Campaign.FundID, yuan(amount)), ledger.Credit(from.ID, h.Campaign.FundID, yuan(amount))},
		})
		return err
	})
	return posted[0]
}
