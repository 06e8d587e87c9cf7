package mutualaid_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"pgregory.net/rapid"

	"fund/campaigns/mutualaid"
	"fund/ledger"
	"fund/migrations/pgtest"
)

// house is a community with a board.
type house struct {
	*pgtest.Database
	ledger.Community
}

func open(t testing.TB) *house {
	t.Helper()
	h := &house{Database: pgtest.DB(t)}
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		h.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		return err
	})
	return h
}

// monday is the first day of the tests, and noon its clock.
var monday = ledger.Day(2026, 11, 23)

func (h *house) noon(days int) time.Time { return h.Clock(monday.AddDate(0, 0, days), 12) }

// put puts a card of a person on the board.
func (h *house) put(t testing.TB, kind mutualaid.Kind, of mutualaid.Category, name string) (k mutualaid.Card, p mutualaid.Person) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		k, p, err = mutualaid.Put(t.Context(), tx, h.Community, mutualaid.Card{
			Kind: kind, Category: of, What: "换灯泡", Place: "3 号院", Weekdays: mutualaid.EveryDay, Parts: mutualaid.AllDay, Until: monday.AddDate(0, 0, 30), MadeAt: h.noon(0),
		}, mutualaid.Person{Name: name, Phone: "13800000000", EnteredBy: "user:1"})
		return err
	})
	return k, p
}

func (h *house) arrange(t testing.TB, need, offer uuid.UUID) (e mutualaid.Engagement) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		e, err = mutualaid.Arrange(t.Context(), tx, h.Community, mutualaid.Plan{
			Need: need, Offer: offer, Day: monday.AddDate(0, 0, 1), Part: mutualaid.Morning, Minutes: 60,
		}, "user:1", h.noon(0))
		return err
	})
	return e
}

func (h *house) say(t testing.TB, id uuid.UUID, w mutualaid.Word) (e mutualaid.Engagement, err error) {
	t.Helper()
	err = h.Try(func(tx *sqlx.Tx) error {
		e, err = mutualaid.Say(t.Context(), tx, h.Community, id, w)
		return err
	})
	return e, err
}

// Who knows a neighbour's name and telephone may write a card for them, and does not get at their own page by it.
func TestOwnPageIsForWhoWroteFirst(t *testing.T) {
	t.Parallel()
	h := open(t)
	write := func(id uuid.UUID, hours int) (p mutualaid.Person) {
		h.Do(t, func(tx *sqlx.Tx) (err error) {
			_, p, err = mutualaid.Put(t.Context(), tx, h.Community, mutualaid.Card{
				ID: id, Kind: mutualaid.Need, Category: mutualaid.Repairs, What: "换灯泡", Place: "3 号院", Weekdays: mutualaid.EveryDay, Parts: mutualaid.AllDay,
				Until: monday.AddDate(0, 0, 30), MadeAt: h.noon(0).Add(time.Duration(hours) * time.Hour),
			}, mutualaid.Person{Name: "钱婆婆", Phone: "138 0000 7777"})
			return err
		})
		return p
	}
	first, second := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
	own := write(first, 0)
	if own.Token == "" {
		t.Fatal("no address for who is new")
	}
	if again := write(first, 1); again.Token != own.Token {
		t.Errorf("the first card sent twice: address %q, want %q", again.Token, own.Token)
	}
	for range 2 { // the second time as if the button was pressed twice
		if other := write(second, 2); other.ID != own.ID || other.Token != "" {
			t.Errorf("a later card: person %d with address %q, want %d without", other.ID, other.Token, own.ID)
		}
	}
}

func TestHelpFromBothSidesYes(t *testing.T) {
	t.Parallel()
	h := open(t)
	need, wang := h.put(t, mutualaid.Need, mutualaid.Repairs, "王婆婆")
	offer, zhao := h.put(t, mutualaid.Offer, mutualaid.Repairs, "赵师傅")
	e := h.arrange(t, need.ID, offer.ID)
	for _, w := range []mutualaid.Word{
		{Side: mutualaid.Helper, Said: mutualaid.Yes, At: h.noon(0)},
		{Side: mutualaid.Helped, Said: mutualaid.Yes, Through: "user:1", At: h.noon(0)},
	} {
		if _, err := h.say(t, e.ID, w); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.say(t, e.ID, mutualaid.Word{Side: mutualaid.Helper, Said: mutualaid.Time, Minutes: 60, At: h.noon(0)}); !errors.Is(err, mutualaid.ErrEarly) {
		t.Errorf("a time told the day before: %v", err)
	}
	e, err := h.say(t, e.ID, mutualaid.Word{Side: mutualaid.Helper, Said: mutualaid.Time, Minutes: 60, At: h.noon(1)})
	if err != nil || e.State != mutualaid.IsAgreed {
		t.Fatalf("one side alone made it %s, %v", e.State, err)
	}
	if e, err = h.say(t, e.ID, mutualaid.Word{Side: mutualaid.Helped, Said: mutualaid.Time, Minutes: 90, At: h.noon(1)}); err != nil || !e.Differ() || e.State != mutualaid.IsAgreed {
		t.Fatalf("two different times: %+v, %v", e, err)
	}
	if e, err = h.say(t, e.ID, mutualaid.Word{Side: mutualaid.Helped, Said: mutualaid.Time, Minutes: 60, Note: "谢谢", At: h.noon(1)}); err != nil || e.State != mutualaid.IsDone || e.Thanks != "谢谢" {
		t.Fatalf("two equal times: %+v, %v", e, err)
	}
	if _, err = h.say(t, e.ID, mutualaid.Word{Side: mutualaid.Helped, Said: mutualaid.Time, Minutes: 45, At: h.noon(2)}); !errors.Is(err, mutualaid.ErrState) {
		t.Errorf("a time told after the end: %v", err)
	}
	gave, err := mutualaid.PersonAt(t.Context(), h.App, h.ID, zhao.ID)
	got, err2 := mutualaid.PersonAt(t.Context(), h.App, h.ID, wang.ID)
	if err != nil || err2 != nil || gave.Given != 60 || gave.Received != 0 || got.Received != 60 || !got.ToInvite() || gave.ToInvite() {
		t.Errorf("gave %+v, got %+v, %v %v", gave, got, err, err2)
	}
	card, err := mutualaid.CardAt(t.Context(), h.App, h.ID, need.ID)
	if err != nil || card.State != mutualaid.Met {
		t.Errorf("the need is %s, %v", card.State, err)
	}
	sum, err := mutualaid.SumOf(t.Context(), h.App, h.ID, monday, monday.AddDate(0, 1, 0))
	if err != nil || sum != (mutualaid.Sum{Minutes: 60, Times: 1, People: 2}) {
		t.Errorf("summed up: %+v, %v", sum, err)
	}
	h.sound(t)
}

func (h *house) sound(t testing.TB) {
	t.Helper()
	found, err := mutualaid.Check(t.Context(), h.App, h.ID)
	if err != nil || len(found) > 0 {
		t.Errorf("found %v, %v", found, err)
	}
}

func TestANeedIsArrangedOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	need, _ := h.put(t, mutualaid.Need, mutualaid.Repairs, "王婆婆")
	offer, _ := h.put(t, mutualaid.Offer, mutualaid.Repairs, "赵师傅")
	own, _ := h.put(t, mutualaid.Offer, mutualaid.Repairs, "王婆婆")
	e := h.arrange(t, need.ID, offer.ID)
	again := func(offer uuid.UUID, day, minutes int) error {
		return h.Try(func(tx *sqlx.Tx) error {
			_, err := mutualaid.Arrange(t.Context(), tx, h.Community, mutualaid.Plan{Need: need.ID, Offer: offer, Day: monday.AddDate(0, 0, day), Part: mutualaid.Morning, Minutes: minutes}, "user:1", h.noon(0))
			return err
		})
	}
	for _, try := range []struct {
		err  error
		want error
	}{
		{again(offer.ID, 1, 60), mutualaid.ErrTaken},
		{again(own.ID, 1, 60), mutualaid.ErrSelf},
		{again(offer.ID, -1, 60), mutualaid.ErrDay},
		{again(offer.ID, 31, 60), mutualaid.ErrDay},
		{again(offer.ID, 1, 20), mutualaid.ErrMinutes},
		{again(need.ID, 1, 60), mutualaid.ErrState},
		{again(uuid.New(), 1, 60), mutualaid.ErrNotFound},
	} {
		if !errors.Is(try.err, try.want) {
			t.Errorf("got %v, want %v", try.err, try.want)
		}
	}
	if _, err := h.say(t, e.ID, mutualaid.Word{Side: mutualaid.Helper, Said: mutualaid.No, Note: "那天不在", At: h.noon(0)}); err != nil {
		t.Fatal(err)
	}
	if err := again(offer.ID, 2, 60); err != nil {
		t.Errorf("after a no, somebody else: %v", err)
	}
}

// What the ledger of hours refuses, it refuses whoever asks: the server's role and the owner.
func TestHoursAreKeptAsMoneyIs(t *testing.T) {
	t.Parallel()
	h := open(t)
	_, p := h.put(t, mutualaid.Offer, mutualaid.Cooking, "赵师傅")
	shift := mutualaid.HourEntry{Day: monday, Kind: mutualaid.Shift, Category: mutualaid.Cooking, Source: "shift:1", PostedBy: "user:1", Postings: []mutualaid.HourPosting{{mutualaid.Community, 120}, {p.ID, -120}}}
	post := func(e mutualaid.HourEntry) error {
		return h.Try(func(tx *sqlx.Tx) error {
			_, err := mutualaid.PostHours(t.Context(), tx, h.Community, e, h.noon(0))
			return err
		})
	}
	if err := post(shift); err != nil {
		t.Fatal(err)
	}
	unbalanced, alone := shift, shift
	unbalanced.Source, unbalanced.Postings = "shift:2", []mutualaid.HourPosting{{mutualaid.Community, 60}, {p.ID, -90}}
	alone.Source, alone.Postings = "shift:3", []mutualaid.HourPosting{{p.ID, -90}}
	if err := post(unbalanced); !errors.Is(err, ledger.ErrUnbalanced) {
		t.Errorf("60 received for 90 given: %v", err)
	}
	if err := post(alone); !errors.Is(err, ledger.ErrFewPostings) {
		t.Errorf("given to nobody: %v", err)
	}
	if err := post(shift); !errors.Is(err, mutualaid.ErrPosted) {
		t.Errorf("the same source twice: %v", err)
	}
	for _, query := range []string{
		`UPDATE mutualaid.hour_entry SET memo = 'x'`, `DELETE FROM mutualaid.hour_posting`, `TRUNCATE mutualaid.hour_posting`,
		`INSERT INTO mutualaid.hour_posting VALUES (1, 1, 9, NULL, 60)`,
	} {
		if _, err := h.App.Exec(query); code(err) != "42501" {
			t.Errorf("as the server, %s: %v", query, err)
		}
		if _, err := h.Owner.Exec(query); !strings.HasPrefix(code(err), "FU") {
			t.Errorf("as the owner, %s: %v", query, err)
		}
	}
	undo := func() error {
		return h.Try(func(tx *sqlx.Tx) error {
			_, err := mutualaid.ReverseHours(t.Context(), tx, h.Community, 1, "记错了人", "user:1", h.noon(1))
			return err
		})
	}
	if err := undo(); err != nil {
		t.Fatal(err)
	}
	if err := undo(); !errors.Is(err, mutualaid.ErrState) {
		t.Errorf("undone twice: %v", err)
	}
	if p, err := mutualaid.PersonAt(t.Context(), h.App, h.ID, p.ID); err != nil || p.Given != 0 {
		t.Errorf("after the reversal: %+v, %v", p, err)
	}
	h.sound(t)
}

func code(err error) string {
	var refused *pq.Error
	if errors.As(err, &refused) {
		return string(refused.Code)
	}
	return ""
}

func TestWhoIsErasedLeavesHoursAndNoName(t *testing.T) {
	t.Parallel()
	h := open(t)
	need, wang := h.put(t, mutualaid.Need, mutualaid.Repairs, "王婆婆")
	offer, _ := h.put(t, mutualaid.Offer, mutualaid.Repairs, "赵师傅")
	e := h.arrange(t, need.ID, offer.ID)
	if _, err := h.say(t, e.ID, mutualaid.Word{Side: mutualaid.Helped, Said: mutualaid.Yes, Note: "我姓王，住二楼", At: h.noon(0)}); err != nil {
		t.Fatal(err)
	}
	h.Do(t, func(tx *sqlx.Tx) error { return mutualaid.Erase(t.Context(), tx, h.ID, wang.ID, h.noon(0)) })
	if _, err := mutualaid.PersonByToken(t.Context(), h.App, h.ID, wang.Token); !errors.Is(err, mutualaid.ErrNotFound) {
		t.Errorf("the address still opens: %v", err)
	}
	var left int
	if err := h.Owner.Get(&left, `SELECT count(*) FROM mutualaid.person p, mutualaid.card c WHERE p.name LIKE '王%' OR p.phone <> '' AND p.id = $1 OR c.person_id = $1 AND c.what <> '–' OR EXISTS (SELECT FROM mutualaid.step WHERE note <> '')`, wang.ID); err != nil || left > 0 {
		t.Errorf("%d rows still know, %v", left, err)
	}
	if e, err := mutualaid.EngagementAt(t.Context(), h.App, h.ID, e.ID); err != nil || e.State != mutualaid.IsCalledOff {
		t.Errorf("the engagement is %s, %v", e.State, err)
	}
}

func TestSuggestionsSayWhy(t *testing.T) {
	t.Parallel()
	need := mutualaid.Card{Kind: mutualaid.Need, PersonID: 1, Category: mutualaid.Repairs, Place: "3 号院", Weekdays: 0b0000011, Parts: mutualaid.Morning, Until: monday.AddDate(0, 0, 20), State: mutualaid.Open}
	offer := func(person int, of mutualaid.Category, place string, days mutualaid.Days, parts mutualaid.Parts) mutualaid.Card {
		return mutualaid.Card{ID: uuid.New(), Kind: mutualaid.Offer, PersonID: person, Category: of, Place: place, Weekdays: days, Parts: parts, Until: monday.AddDate(1, 0, 0), State: mutualaid.Open}
	}
	far, near, thankful := offer(2, mutualaid.Repairs, "9 号院", mutualaid.EveryDay, mutualaid.AllDay), offer(3, mutualaid.Repairs, "3 号院", 0b10, mutualaid.Morning), offer(4, mutualaid.Repairs, "7 号院", mutualaid.EveryDay, mutualaid.AllDay)
	got := mutualaid.Suggest(need, []mutualaid.Card{
		far, near, thankful,
		offer(1, mutualaid.Repairs, "3 号院", mutualaid.EveryDay, mutualaid.AllDay),  // oneself
		offer(5, mutualaid.Repairs, "3 号院", 0b1000000, mutualaid.AllDay),           // Sundays only
		offer(6, mutualaid.Repairs, "3 号院", mutualaid.EveryDay, mutualaid.Evening), // evenings only
		offer(7, mutualaid.Lessons, "3 号院", mutualaid.EveryDay, mutualaid.AllDay),  // something else
	}, map[int]bool{4: true}, monday)
	var people []int
	for _, s := range got {
		people = append(people, s.Offer.PersonID)
	}
	if len(people) != 3 || people[0] != 3 || people[1] != 4 || people[2] != 2 {
		t.Fatalf("suggested %v", people)
	}
	if day, ok := got[0].FirstDay(need, monday); !ok || !day.Equal(monday.AddDate(0, 0, 1)) { // the Tuesday
		t.Errorf("the first day in common is %s, %t", day, ok)
	}
}

// However people answer, in whatever order: hours are posted exactly for what both named alike, and given is received.
func TestHoursFollowWhatBothSaid(t *testing.T) {
	t.Parallel()
	h := open(t)
	rapid.Check(t, func(r *rapid.T) {
		var e mutualaid.Engagement
		need, _ := h.put(t, mutualaid.Need, mutualaid.Repairs, "需"+uuid.NewString()[:8])
		offer, helper := h.put(t, mutualaid.Offer, mutualaid.Repairs, "帮"+uuid.NewString()[:8])
		e = h.arrange(t, need.ID, offer.ID)
		said := map[mutualaid.Side]int{}
		for range rapid.IntRange(2, 9).Draw(r, "words") {
			w := mutualaid.Word{
				Side:    rapid.SampledFrom([]mutualaid.Side{mutualaid.Helper, mutualaid.Helped}).Draw(r, "side"),
				Said:    rapid.SampledFrom([]mutualaid.Said{mutualaid.Yes, mutualaid.Yes, mutualaid.Time, mutualaid.Time, mutualaid.No, mutualaid.CalledOff}).Draw(r, "said"),
				Minutes: 15 * rapid.IntRange(1, 2).Draw(r, "quarters"), At: h.noon(1),
			}
			if after, err := h.say(t, e.ID, w); err == nil {
				e = after
				if w.Said == mutualaid.Time {
					said[w.Side] = w.Minutes
				}
			} else if !errors.Is(err, mutualaid.ErrState) {
				r.Fatal(err)
			}
		}
		p, err := mutualaid.PersonAt(t.Context(), h.App, h.ID, helper.ID)
		if err != nil {
			r.Fatal(err)
		}
		want := 0
		if said[mutualaid.Helper] == said[mutualaid.Helped] {
			want = said[mutualaid.Helper]
		}
		if p.Given != want || (e.State == mutualaid.IsDone) != (want > 0) {
			r.Fatalf("%s, %d minutes given; they said %v", e.State, p.Given, said)
		}
	})
	h.sound(t)
}
