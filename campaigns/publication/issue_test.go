package publication_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns/disclosure"
	"fund/campaigns/publication"
	"fund/ledger"
)

func TestAReportIsIssuedOnceAndCorrectedInTheOpen(t *testing.T) {
	t.Parallel()
	o := open(t)
	first, err := o.issue("2026-01", publication.Note{}, noon(4, 20))
	if err != nil {
		t.Fatal(err)
	}
	quarter, err := o.issue("2026q1", publication.Note{}, noon(4, 21))
	if err != nil {
		t.Fatal(err)
	}
	if first.Serial() != "2026-001" || quarter.Serial() != "2026-002" || quarter.Content.Figures.OtherSum().String() != "300.00" || quarter.AsOf != 4 {
		t.Errorf("%s, then %s of %s as of %d", first.Serial(), quarter.Serial(), quarter.Content.Figures.OtherSum(), quarter.AsOf)
	}
	for _, c := range []struct {
		period string
		note   publication.Note
		want   error
	}{
		{"2026-01", publication.Note{}, disclosure.ErrAlready},
		{"2026-02", publication.Note{ZH: "写错了"}, disclosure.ErrNotFound},
		{"2026-04", publication.Note{}, publication.ErrOpen},
		{"2026-03_2026-04", publication.Note{}, publication.ErrOpen},
		{"2025", publication.Note{}, publication.ErrEmpty},
	} {
		if _, err := o.issue(c.period, c.note, noon(4, 22)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, expected %v", c.period, err, c.want)
		}
	}
	again, err := o.issue("2026-01", publication.Note{ZH: "项目名写错了", EN: "A name was wrong"}, noon(4, 23))
	if err != nil || again.Serial() != "2026-001" || again.Version != 2 || again.Corrects("en") != "A name was wrong" {
		t.Fatalf("%s version %d, %q: %v", again.Serial(), again.Version, again.Corrects("en"), err)
	}
	old, err := disclosure.Find(t.Context(), o.App, o.ID, 2026, 1, 1)
	if err != nil || old.Newest() || old.Note != "" {
		t.Errorf("the first version: %+v, %v", old, err)
	}
	// The refused ones took no number, and the next report of the kind tells of the correction.
	next, err := o.issue("2026-02", publication.Note{}, noon(4, 24))
	if err != nil || next.Serial() != "2026-003" {
		t.Errorf("%s: %v", next.Serial(), err)
	}
	put, err := disclosure.CorrectedSince(t.Context(), o.App, o.ID, publication.Fund, "fund.2026-02.2026-02", noon(4, 24))
	if err != nil || len(put) != 1 || put[0].Serial() != "2026-001" || put[0].Version != 2 {
		t.Errorf("%d corrections: %v", len(put), err)
	}
	put, err = disclosure.CorrectedSince(t.Context(), o.App, o.ID, publication.Fund, "fund.2026-03.2026-03", noon(4, 25))
	if err != nil || len(put) != 0 {
		t.Errorf("told twice: %d corrections, %v", len(put), err)
	}
	if found, err := disclosure.Check(t.Context(), o.App, o.ID); err != nil || len(found) > 0 {
		t.Errorf("the check: %v, %v", found, err)
	}
}

// An annual report that is issued meets the duty that the law makes of it, in its words and on the calendar.
func TestAnIssuedAnnualReportMeetsItsDuty(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.close(t, 4)
	at := noon(15, 20) // March of the year after
	duty, err := disclosure.FindDuty(t.Context(), o.App, o.Community, "annual.2026", at)
	if err != nil || duty.Done != nil {
		t.Fatalf("%+v, %v", duty, err)
	}
	o.Do(t, func(tx *sqlx.Tx) error {
		return disclosure.SaveDraft(t.Context(), tx, o.ID, duty, disclosure.Texts{DoneZH: "一年的事"}, "user:1", at)
	})
	draft, err := o.draft(t.Context(), o.App, publication.Of(publication.Annual, duty.From, duty.From))
	if err != nil {
		t.Fatal(err)
	}
	var d disclosure.Document
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		d, err = publication.Issue(t.Context(), tx, o.Community, draft, publication.Note{}, "user:1", at)
		return err
	})
	if d.Serial() != "2027-001" || d.DueOn == nil || !d.DueOn.Equal(duty.Due) || d.DaysLate() != 0 {
		t.Errorf("%s, due on %v", d.Serial(), d.DueOn)
	}
	after, err := disclosure.FindDuty(t.Context(), o.App, o.Community, "annual.2026", at)
	if err != nil || after.Done == nil || after.Done.Document() != d.Serial() || after.State(o.Day(at)) != disclosure.InTime || after.Drafted {
		t.Errorf("the duty after: %+v, %v", after, err)
	}
}

func TestAnIssuedReportKeepsWhatWasDrawn(t *testing.T) {
	t.Parallel()
	o := open(t)
	d, err := o.issue("2026-01", publication.Note{}, noon(4, 20))
	if err != nil {
		t.Fatal(err)
	}
	list, err := disclosure.Drawings(t.Context(), o.App, o.ID, d)
	if err != nil || len(list) != 2 || list[0].Lang != "zh-CN" || list[0].Pages != 1 || list[0].PDF != nil {
		t.Fatalf("%+v, %v", list, err)
	}
	one, err := disclosure.FindDrawing(t.Context(), o.App, o.ID, d, "en")
	if err != nil {
		t.Fatal(err)
	}
	pdf, value := sha256.Sum256(one.PDF), sha256.Sum256(one.Value)
	if string(one.Value) != `{"serial":"2026-001","version":1,"lang":"en"}` || !bytes.Equal(one.PDFSum, pdf[:]) || !bytes.Equal(one.ValueSum, value[:]) {
		t.Errorf("%s", one.Value)
	}
	found, lang, err := disclosure.FindByDigest(t.Context(), o.App, o.ID, pdf[:])
	if err != nil || lang != "en" || cmp.Diff(d.Serial(), found.Serial()) != "" {
		t.Errorf("by its digest: %s in %s, %v", found.Serial(), lang, err)
	}
	if _, _, err := disclosure.FindByDigest(t.Context(), o.App, o.ID, value[:]); !errors.Is(err, disclosure.ErrNotFound) {
		t.Errorf("another digest: %v", err)
	}
}

func TestNothingOfAnIssuedReportChanges(t *testing.T) {
	t.Parallel()
	o := open(t)
	if _, err := o.issue("2026-01", publication.Note{}, noon(4, 20)); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct{ query, want string }{
		"another value":        {`UPDATE disclosure.drawing SET value = '{}'`, "FU002"},
		"another PDF":          {`UPDATE disclosure.drawing SET pdf = '%PDF-'`, "FU002"},
		"a digest of its own":  {`UPDATE disclosure.drawing SET pdf_sha256 = '\x00'`, "428C9"}, // a generated column
		"take it away":         {`DELETE FROM disclosure.drawing`, "FU002"},
		"forget all":           {`TRUNCATE disclosure.drawing`, "FU002"},
		"the document":         {`UPDATE disclosure.document SET as_of = 0`, "FU002"},
		"without the document": {`DELETE FROM disclosure.document`, "FU002"},
		"add a drawing": {`INSERT INTO disclosure.drawing (community_id, year, number, version, lang, value, pages, pdf)
			SELECT community_id, year, number, version, lang, '{}', 1, '%PDF-' FROM disclosure.drawing WHERE lang = 'en'`, "FU002"},
		"a document's second number": {`INSERT INTO disclosure.document (community_id, year, number, version, duty, subject_kind, subject_id, title_zh, title_en, published_on, published_at, published_by, as_of, content)
			VALUES (1, 2026, 3, 1, 'fund.2026-02.2026-02', 'community', 0, '', '', '2026-05-01', now(), 'x', 0, '{}')`, "FU013"},
	} {
		for role, db := range map[string]*sqlx.DB{"the server": o.App, "the owner": o.Owner} {
			_, err := db.Exec(c.query)
			var dberr *pq.Error
			if !errors.As(err, &dberr) || string(dberr.Code) != c.want && !(role == "the server" && dberr.Code == "42501") {
				t.Errorf("%s as %s: %v", what, role, err)
			}
			if role == "the server" && strings.HasPrefix(c.query, "INSERT") && string(dberr.Code) != c.want {
				t.Errorf("%s as the server was not refused by its guard: %v", what, err)
			}
		}
	}
	d, err := disclosure.Find(t.Context(), o.App, o.ID, 2026, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	err = o.Try(func(tx *sqlx.Tx) error {
		return disclosure.KeepDrawings(t.Context(), tx, o.ID, d, []disclosure.Drawing{{Lang: "zh-CN", Value: []byte("{}"), Pages: 1, PDF: []byte("%PDF-")}})
	})
	if !errors.Is(err, ledger.ErrImmutable) {
		t.Errorf("a drawing of yesterday's report: %v", err)
	}
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][3]string{
		"2017": {"2017-01-01", "2017-12-31", "2017"}, "2017q4": {"2017-10-01", "2017-12-31", "2017q4"}, "2017-Q1": {"2017-01-01", "2017-03-31", "2017q1"},
		"2020-02": {"2020-02-01", "2020-02-29", "2020-02"}, "2017-01_2017-06": {"2017-01-01", "2017-06-30", "2017-01_2017-06"},
		"2017-10..2017-12": {"2017-10-01", "2017-12-31", "2017q4"}, " 2017-12..2018-01 ": {"2017-12-01", "2018-01-31", "2017-12_2018-01"},
	} {
		r := months(text)
		if got := [3]string{r.From.Format("2006-01-02"), r.To.Format("2006-01-02"), r.Period()}; got != want {
			t.Errorf("%s: %v", text, got)
		}
		if again := months(r.Period()); again.Key() != r.Key() {
			t.Errorf("%s comes back as %s", r.Key(), again.Key())
		}
	}
	for _, text := range []string{"", "17", "2017q5", "2017-13", "2018-01_2017-12", "2017q", "x"} {
		if _, _, err := publication.ParsePeriod(text); !errors.Is(err, publication.ErrPeriod) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
