package public

import (
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/voice"
	"fund/ledger"
	"fund/web/page"
)

// entryView is an entry's own page: the entry, and what people asked about it.
type entryView struct {
	voucherView
	Asked askedView
}

// askedView are the questions about an entry, and the form for another one.
type askedView struct {
	Answered, Open []askedRow
	Form           *page.Form
	Days           int // within which the community answers
}

// askedRow is a question with how late its answer is. What an open one says nobody sees before its answer.
type askedRow struct {
	voice.Question
	Late  int // days
	Entry ledger.JournalEntry
}

func (b books) entryPage(p *Pages, year, number int, f *page.Form) (v entryView, err error) {
	if v.voucherView, err = b.voucher(year, number, p.Key); err != nil {
		return v, err
	}
	v.Asked.Form = questionForm(f)
	if v.Asked.Days, err = voice.AnswerDaysOf(b, b.q, b.ID); err != nil {
		return v, err
	}
	all, err := voice.OfEntry(b, b.q, b.ID, v.Seq)
	for _, q := range all {
		v.Asked.put(askedRow{q, q.DaysLate(b.Community, p.Now()), v.JournalEntry})
	}
	return v, err
}

func (v *askedView) put(row askedRow) {
	if row.State == voice.Open {
		row.Body = ""
		v.Open = append(v.Open, row)
	} else {
		v.Answered = append(v.Answered, row)
	}
}

// AskAboutEntry takes a question about an entry; nobody else sees what it says before it is answered.
func (p *Pages) AskAboutEntry(c *fiber.Ctx) error {
	year, number, ok := ledger.ParseSerial(c.Params("voucher"))
	if !ok {
		return page.ErrNotFound
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	entry, err := ledger.FindEntry(c.UserContext(), p.DB, community.ID, year, number)
	if err != nil {
		return err
	}
	f := questionForm(page.ReadForm(c))
	q := p.question(c, f, "question "+entry.Voucher())
	q.EntrySeq = entry.Seq
	if !f.AnyWrong() && !f.Bool("website") {
		err = p.inTx(c, func(tx *sqlx.Tx) error { return voice.AskAboutEntry(c.UserContext(), tx, community, q) })
		if errors.Is(err, voice.ErrTooMany) {
			f.Wrong("question", "voice.wrong.too_many")
		} else if err != nil {
			return err
		}
	}
	if f.AnyWrong() {
		return p.mendEntryQuestion(c, year, number, f)
	}
	changed(c)
	return page.Done(c, "/ledger/"+entry.Voucher(), "entry_asked.asked")
}

// mendEntryQuestion shows the entry's page again with what was typed.
func (p *Pages) mendEntryQuestion(c *fiber.Ctx, year, number int, f *page.Form) error {
	return p.snapshot(c, func(b books) error {
		v, err := b.entryPage(p, year, number, f)
		if err != nil {
			return err
		}
		return page.Again(c, "public/entry", v)
	})
}

// ToEntryQuestions sends whoever reloads the address of a question's POST back to the entry.
func (p *Pages) ToEntryQuestions(c *fiber.Ctx) error {
	if _, _, ok := ledger.ParseSerial(c.Params("voucher")); !ok {
		return page.ErrNotFound
	}
	return c.Redirect(page.Of(c).URL("/ledger/"+c.Params("voucher"))+"#questions", fiber.StatusSeeOther)
}

// questionsView is everything that was asked about the books.
type questionsView struct {
	askedView
	Late int // open ones past their day
	Now  time.Time
}

// Questions lists what was asked about entries: how many wait and since when, late ones too, and the answers.
func (p *Pages) Questions(c *fiber.Ctx) error {
	return p.kept(c, "public/questions", func(b books) (any, error) {
		v := questionsView{Now: p.Now()}
		days, err := voice.AnswerDaysOf(b, b.q, b.ID)
		if err != nil {
			return v, err
		}
		v.Days = days
		all, err := voice.OfEntries(b, b.q, b.ID)
		if err != nil {
			return v, err
		}
		entries, err := b.entriesOf(all)
		for _, q := range all {
			row := askedRow{q, q.DaysLate(b.Community, v.Now), entries[q.EntrySeq]}
			if row.Late > 0 && q.State == voice.Open {
				v.Late++
			}
			v.put(row)
		}
		return v, err
	})
}

// entriesOf reads the entries that questions are about, by Seq.
func (b books) entriesOf(all []voice.Question) (map[int64]ledger.JournalEntry, error) {
	by, seqs := map[int64]ledger.JournalEntry{}, make([]int64, len(all))
	for i, q := range all {
		seqs[i] = q.EntrySeq
	}
	found, err := ledger.Journal(b, b.q, b.ID, ledger.JournalFilter{Seqs: seqs}, len(seqs))
	for _, e := range found {
		by[e.Seq] = e
	}
	return by, err
}
