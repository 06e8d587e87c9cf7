package voice_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/voice"
	"fund/ledger"
)

func (h *house) ask(t testing.TB, body, email string) voice.Question {
	t.Helper()
	q := voice.Question{
		ID: uuid.Must(uuid.NewV7()), CampaignID: h.Dinner.ID, Body: body, AskedAt: time.Now(), Asker: voice.Asker{Name: "周婆婆", Email: email, Lang: "zh-CN"},
	}
	for range 2 { // a doubled press
		h.Do(t, func(tx *sqlx.Tx) error { return voice.Ask(t.Context(), tx, h.ID, q) })
	}
	return q
}

func (h *house) questions(t testing.TB, state voice.QuestionState) []voice.Question {
	t.Helper()
	found, err := voice.Questions(t.Context(), h.App, h.ID, h.Dinner.ID, state)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A question is public with its answer; the letter goes once, and the address with it.
func TestAQuestionAndItsAnswer(t *testing.T) {
	t.Parallel()
	h, box := open(t), &postbox{}
	first, second := h.ask(t, "吃素的怎么办？", "zhou@example.cn"), h.ask(t, "几点开饭？", "")
	if len(h.questions(t, voice.Open)) != 2 || len(h.questions(t, voice.Answered)) != 0 {
		t.Error("asked questions are not open, or public")
	}
	answer := func(q voice.Question, campaign int, text string) error {
		return h.Try(func(tx *sqlx.Tx) error {
			return voice.Answer(t.Context(), tx, h.ID, campaign, q.ID, text, voice.Campaigner, time.Now())
		})
	}
	if err := answer(first, h.Chairs.ID, "不归我管"); !errors.Is(err, voice.ErrNotFound) {
		t.Errorf("another campaign's campaigner answered: %v", err)
	}
	for _, err := range []error{answer(second, h.Dinner.ID, "六点"), answer(first, h.Dinner.ID, "另做"), answer(first, h.Dinner.ID, "另做两桌")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := h.questions(t, voice.Answered); len(got) != 2 || got[0].ID != first.ID || got[0].Answer != "另做两桌" || got[0].PublicName() != "周**" {
		t.Errorf("answered, the oldest first: %+v", got)
	}
	h.deliver(t, 2, box.send)
	if len(box.letters) != 1 || box.letters[0].Email != "zhou@example.cn" || box.letters[0].Question.Body != first.Body {
		t.Errorf("letters %+v", box.letters)
	}
	if n := get[int](t, h, `SELECT count(*) FROM voice.asker WHERE email <> ''`); n != 0 {
		t.Errorf("%d addresses are kept after their letter", n)
	}
}

func TestAQuestionPutAway(t *testing.T) {
	t.Parallel()
	h := open(t)
	q := h.ask(t, "便宜办证", "spam@example.cn")
	h.Do(t, func(tx *sqlx.Tx) error { return voice.PutAwayQuestion(t.Context(), tx, h.ID, 0, q.ID) })
	err := h.Try(func(tx *sqlx.Tx) error {
		return voice.Answer(t.Context(), tx, h.ID, h.Dinner.ID, q.ID, "不办", "user:1", time.Now())
	})
	if !errors.Is(err, voice.ErrState) || len(h.questions(t, voice.Open)) != 0 {
		t.Errorf("answered after it was put away: %v", err)
	}
	if n := get[int](t, h, `SELECT count(*) FROM voice.asker`); n != 0 {
		t.Error("who asked is still known")
	}
}

// A flood stops at a number; the answered ones make room.
func TestAFloodOfQuestions(t *testing.T) {
	t.Parallel()
	h := open(t)
	ask := func() error {
		return h.Try(func(tx *sqlx.Tx) error {
			return voice.Ask(t.Context(), tx, h.ID, voice.Question{ID: uuid.Must(uuid.NewV7()), CampaignID: h.Dinner.ID, Body: "？", AskedAt: time.Now()})
		})
	}
	asked := 0
	for ; asked < 1000 && ask() == nil; asked++ {
	}
	if err := ask(); !errors.Is(err, voice.ErrTooMany) || asked != 100 {
		t.Errorf("after %d: %v", asked, err)
	}
}

// A question about an entry has a day by which it is answered, in the community's own time, and shows when that passed.
func TestAQuestionAboutAnEntry(t *testing.T) {
	t.Parallel()
	h, box := open(t), &postbox{}
	h.Do(t, func(tx *sqlx.Tx) error {
		accounts, err := ledger.ListAccounts(t.Context(), tx, h.ID)
		if err != nil {
			return err
		}
		cash, _ := accounts.By(ledger.Cash)
		income, _ := accounts.By(ledger.OtherIncome)
		_, err = ledger.Post(t.Context(), tx, h.ID, ledger.Entry{
			Date: ledger.Day(2026, 11, 1), Kind: "manual", Source: "manual:1", Memo: "义卖", PostedBy: "user:1",
			Postings: []ledger.Posting{ledger.Debit(cash.ID, ledger.GeneralFundID, yuan("66")), ledger.Credit(income.ID, ledger.GeneralFundID, yuan("66"))},
		})
		return err
	})
	at := time.Date(2026, 11, 1, 23, 30, 0, 0, time.UTC) // the second of November in Shanghai
	ask := func(seq int64, email string) (voice.Question, error) {
		q := voice.Question{ID: uuid.Must(uuid.NewV7()), EntrySeq: seq, Body: "谁经手的？", AskedAt: at, Asker: voice.Asker{Name: "周婆婆", Email: email, Lang: "zh-CN"}}
		return q, h.Try(func(tx *sqlx.Tx) error { return voice.AskAboutEntry(t.Context(), tx, h.Community, q) })
	}
	if _, err := ask(2, ""); !errors.Is(err, voice.ErrNotFound) {
		t.Errorf("asked about no entry: %v", err)
	}
	first, err := ask(1, "zhou@example.cn")
	if err != nil {
		t.Fatal(err)
	}
	h.Do(t, func(tx *sqlx.Tx) error { return voice.SetAnswerDays(t.Context(), tx, h.ID, 3) })
	second, err := ask(1, "")
	if err != nil {
		t.Fatal(err)
	}
	read := func() map[uuid.UUID]voice.Question {
		found, err := voice.OfEntry(t.Context(), h.App, h.ID, 1)
		if all, failed := voice.OfEntries(t.Context(), h.App, h.ID); err != nil || failed != nil || len(all) != len(found) {
			t.Fatal(err, failed, all)
		}
		by := map[uuid.UUID]voice.Question{}
		for _, q := range found {
			by[q.ID] = q
		}
		return by
	}
	due := func(q voice.Question) string { return read()[q.ID].DueOn.Format(time.DateOnly) }
	if due(first) != "2026-11-09" || due(second) != "2026-11-05" {
		t.Errorf("due on %s and %s", due(first), due(second))
	}
	last := time.Date(2026, 11, 9, 15, 59, 0, 0, time.UTC) // the last minute of the ninth
	if q := read()[first.ID]; q.Late(h.Community, last) || q.DaysLate(h.Community, last.Add(time.Minute)) != 1 {
		t.Error("the ninth is late, or the tenth is not")
	}
	if w, err := voice.WaitingOf(t.Context(), h.App, h.Community, last); err != nil || w.Questions != 2 || w.Late != 1 {
		t.Errorf("%+v wait, %v", w, err)
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		return voice.Answer(t.Context(), tx, h.ID, 0, first.ID, "李会计", "user:1", last.Add(24*time.Hour))
	})
	if q := read()[first.ID]; q.DaysLate(h.Community, last.AddDate(1, 0, 0)) != 1 {
		t.Error("an answer becomes later while it stands there")
	}
	h.deliver(t, 1, box.send)
	if len(box.letters) != 1 || box.letters[0].Entry == nil || box.letters[0].Entry.Voucher() != "2026-1" {
		t.Errorf("letters %+v", box.letters)
	}
	h.Do(t, func(tx *sqlx.Tx) error { return voice.PutAwayQuestion(t.Context(), tx, h.ID, 0, second.ID) })
	if n := get[int](t, h, `SELECT count(*) FROM voice.asker WHERE email <> '' OR question_id = '`+second.ID.String()+`'`); n != 0 || len(read()) != 1 {
		t.Errorf("%d are still known, %d questions", n, len(read()))
	}
}
