package issue_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/disclosure"
	"fund/campaigns/publication"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/transparency"
	"fund/web/i18n"
	"fund/web/issue"
)

const reportBase = "https://fund.example.org"

// closed is the small community with its two months closed and sealed.
func closed(t *testing.T) (*sqlx.DB, ledger.Community) {
	t.Helper()
	db, c := small(t)
	key, _, err := transparency.NewKey("fund.example.org")
	if err != nil {
		t.Fatal(err)
	}
	err = inTx(t.Context(), db, func(ctx context.Context, tx *sqlx.Tx) error {
		for _, month := range []time.Month{1, 2} {
			if err := ledger.ClosePeriod(ctx, tx, c.ID, day(month, 1), "treasurer"); err != nil {
				return err
			}
		}
		tea, err := sale.AddPlace(ctx, tx, c.ID, sale.Place{Kind: sale.Venture, Slug: "tea", NameZH: "茶坊", NameEN: "Tea house", CreatedBy: "user:1"})
		if err != nil {
			return err
		}
		if err = sale.OpenPlace(ctx, tx, c.ID, tea.ID); err != nil {
			return err
		}
		_, err = transparency.Seal(ctx, tx, c.ID, c.Slug, key, day(3, 1))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return db, c
}

// issued issues a report of January and February, or a correction of it.
func issued(t *testing.T, db *sqlx.DB, c ledger.Community, kind disclosure.Kind, note publication.Note) disclosure.Document {
	t.Helper()
	r := publication.Of(kind, day(1, 1), day(2, 1))
	if publication.NeedsSubject(kind) {
		some, err := issue.Subjects(t.Context(), db, c.ID, kind)
		if err != nil || len(some) == 0 {
			t.Fatalf("%s: nothing to report on, %v", kind, err)
		}
		r = r.About(some[0])
	}
	var draft publication.Draft
	at := time.Date(2017, 3, 2, 1, 2, 3, 456789000, time.UTC)
	err := ledger.AtOneMoment(t.Context(), db, func(tx *sqlx.Tx) (err error) {
		draft, err = issue.Fill(t.Context(), tx, c, r, reportBase, at)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	var d disclosure.Document
	err = inTx(t.Context(), db, func(ctx context.Context, tx *sqlx.Tx) (err error) {
		d, err = publication.Issue(ctx, tx, c, draft, note, "treasurer", at)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	return d
}

// Every kind of report is drawn again from what is kept, byte for byte, whatever has happened to the books since.
func TestEveryIssuedReportIsDrawnAgainByteForByte(t *testing.T) {
	t.Parallel()
	db, c := closed(t)
	var all []disclosure.Document
	for _, kind := range publication.Kinds {
		all = append(all, issued(t, db, c, kind, publication.Note{}), issued(t, db, c, kind, publication.Note{ZH: "一个名字写错了", EN: "A name was wrong"}))
	}
	if _, err := db.Exec(`UPDATE project.project SET title_zh = '后来改了名'`); err != nil {
		t.Fatal(err)
	}
	for i, d := range all {
		found, err := disclosure.Find(t.Context(), db, c.ID, d.Year, d.Number, d.Version)
		if err != nil || found.Number != i/2+1 || found.Version != i%2+1 || found.Content.Checkpoint != 1 || found.Content.Signed == "" {
			t.Fatalf("%s: %s version %d on checkpoint %d, %v", d.DutyKey, found.Serial(), found.Version, found.Content.Checkpoint, err)
		}
		for _, lang := range issue.Languages {
			one, err := disclosure.FindDrawing(t.Context(), db, c.ID, found, string(lang))
			if err != nil {
				t.Fatal(err)
			}
			again, err := issue.Redraw(t.Context(), db, c, found, one.Value)
			if err != nil {
				t.Fatal(err)
			}
			if sum := sha256.Sum256(again); !bytes.Equal(sum[:], one.PDFSum) || !bytes.Equal(again, one.PDF) {
				t.Errorf("%s in %s is drawn otherwise: %d bytes, issued %d", d.DutyKey, lang, len(again), len(one.PDF))
			}
			if one.Pages < 1 || !bytes.HasPrefix(one.PDF, []byte("%PDF-")) {
				t.Errorf("%s in %s: %d pages", d.DutyKey, lang, one.Pages)
			}
			reading, err := issue.Read(d.Content.Kind, one.Value)
			if err != nil {
				t.Fatal(err)
			}
			if s := reading.Stamp; s.Serial != d.Serial() || s.Version != d.Version || (s.Note != "") != (d.Version > 1) || s.URL != issue.DocumentURL(reportBase, c, d) {
				t.Errorf("%s in %s is stamped %+v", d.DutyKey, lang, s)
			}
			if reading.Checkpoint.Text != found.Content.Signed {
				t.Errorf("%s in %s prints another checkpoint than it stands on", d.DutyKey, lang)
			}
		}
	}
	if found, err := disclosure.Check(t.Context(), db, c.ID); err != nil || len(found) > 0 {
		t.Errorf("the check: %v, %v", found, err)
	}
}

// A value of another program version draws otherwise, and that is seen.
func TestARedrawnReportIsCompared(t *testing.T) {
	t.Parallel()
	db, c := closed(t)
	d := issued(t, db, c, publication.Fund, publication.Note{})
	one, err := disclosure.FindDrawing(t.Context(), db, c.ID, d, string(i18n.Chinese))
	if err != nil {
		t.Fatal(err)
	}
	again, err := issue.Redraw(t.Context(), db, c, d, bytes.Replace(one.Value, []byte("绿豆汤"), []byte("红豆汤"), 1))
	if err != nil || bytes.Equal(again, one.PDF) {
		t.Errorf("another value gives the same bytes, %v", err)
	}
}

// The page of a report says the figures of its paper, and those of its columns that are summed are summed right.
func TestAReportsPageSaysItsFigures(t *testing.T) {
	t.Parallel()
	db, c := closed(t)
	d := issued(t, db, c, publication.Fund, publication.Note{})
	one, err := disclosure.FindDrawing(t.Context(), db, c.ID, d, string(i18n.Chinese))
	if err != nil {
		t.Fatal(err)
	}
	r, err := issue.Read(d.Content.Kind, one.Value)
	if err != nil {
		t.Fatal(err)
	}
	var sum []string
	for _, line := range r.Sum {
		sum = append(sum, line.Amount.String()+" "+line.Ref)
	}
	want := []string{"0.00 #balance", "230.00 /ledger?kind=in&month=2017-01_2017-02", "60.50 /ledger?kind=out&month=2017-01_2017-02", "169.50 #balance"}
	if len(sum) != len(want) {
		t.Fatalf("%q", sum)
	}
	for i := range want {
		if sum[i] != want[i] {
			t.Errorf("line %d: %s, expected %s", i, sum[i], want[i])
		}
	}
	f := d.Content.Figures
	if !f.OtherSum().Equal(r.Sum[1].Amount) || !f.SpentSum().Equal(r.Sum[2].Amount) || !f.Left.Equal(r.Sum[3].Amount) {
		t.Errorf("the document keeps %s, %s and %s", f.OtherSum(), f.SpentSum(), f.Left)
	}
	for _, p := range r.Parts {
		if p.Title == "" || p.ID == "" {
			t.Errorf("a part without a name: %+v", p)
		}
		for _, row := range p.Rows {
			if len(row.Amounts) > 0 && len(row.Amounts) != len(p.Heads)-1 {
				t.Errorf("%s: %s has %d amounts for %d columns", p.ID, row.Name, len(row.Amounts), len(p.Heads)-1)
			}
		}
	}
}
