package disclosure_test

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns/disclosure"
	"fund/ledger"
	"fund/ledger/money"
)

var written = disclosure.Texts{DoneZH: "六张桌子，九十六位老人。", OutcomeZH: "都吃上了。", Served: 96, LeftoverZH: "转入明年的年夜饭。"}

// The figures of an end report, added up again from nothing but the journal.
func TestAnEndReportIsTheJournals(t *testing.T) {
	t.Parallel()
	o := open(t)
	d, err := o.publish(o.duty(t, "result.1", noon(6, 10)), written, "", noon(6, 10))
	if err != nil {
		t.Fatal(err)
	}
	f := d.Content.Figures
	got := map[string]string{
		"raised": f.RaisedSum().String(), "refunded": f.Refunded.String(), "others": f.OtherSum().String(), "spent": f.SpentSum().String(),
		"costs": f.CostSum().String(), "left": f.Left.String(),
	}
	want := map[string]string{"raised": "216.60", "refunded": "56.60", "others": "10.00", "spent": "80.00", "costs": "20.00", "left": "90.00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-expected +reported\n%s", diff)
	}
	journal := func(query string) (sum money.Amount) {
		t.Helper()
		if err := o.Owner.Get(&sum, `
			SELECT coalesce(sum(`+query+`), 0.00) FROM ledger.posting p
			  JOIN ledger.journal_entry e USING (community_id, seq) JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
			 WHERE p.fund_id = $1`, o.Campaign.FundID); err != nil {
			t.Fatal(err)
		}
		return sum
	}
	for what, c := range map[string]struct{ said, booked money.Amount }{
		"raised":   {f.RaisedSum(), journal(`CASE WHEN e.kind = 'donation' AND a.type = 'income' THEN -p.amount END`)},
		"refunded": {f.Refunded, journal(`CASE WHEN e.kind IN ('refund', 'reversal') AND a.type = 'income' THEN p.amount END`)},
		"spent":    {f.SpentSum(), journal(`CASE WHEN a.type = 'expense' THEN p.amount END`)},
		"left":     {f.Left, journal(`CASE WHEN a.type IN ('asset', 'liability') THEN p.amount END`)},
	} {
		if !c.said.Equal(c.booked) {
			t.Errorf("%s: the report says %s, the journal %s", what, c.said, c.booked)
		}
	}
	if len(f.Payments) != 2 || f.Payments[0].Memo != "买菜" || f.Payments[0].Voucher == "" {
		t.Errorf("payments: %+v", f.Payments)
	}
	if d.Serial() != "2026-001" || d.DaysLate() != 0 || d.Version != 1 {
		t.Errorf("%s version %d, %d days late", d.Serial(), d.Version, d.DaysLate())
	}

	// Later entries change neither what was published nor what its entry counts.
	o.post(t, noon(6, 11), "expense", ledger.ProgrammeExpense, ledger.Bank, "30", "补买碗")
	again, err := disclosure.Find(t.Context(), o.App, o.ID, 2026, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	recounted, err := disclosure.FiguresAsOf(t.Context(), o.App, o.Community, o.duty(t, "result.1", noon(6, 12)), d.AsOf)
	if err != nil {
		t.Fatal(err)
	}
	for what, figures := range map[string]disclosure.Figures{"found again": again.Content.Figures, "counted again": recounted} {
		if a, b := text(t, f), text(t, figures); a != b {
			t.Errorf("%s:\n%s\npublished:\n%s", what, b, a)
		}
	}
	o.sound(t)
}

func text(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (o *office) sound(t testing.TB) {
	t.Helper()
	found, err := disclosure.Check(t.Context(), o.App, o.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Error(f.Text("en"))
	}
}

func TestACorrectionIsANewVersion(t *testing.T) {
	t.Parallel()
	o := open(t)
	if _, err := o.publish(o.duty(t, "result.1", noon(9, 1)), written, "", noon(9, 1)); err != nil {
		t.Fatal(err)
	}
	duty := o.duty(t, "result.1", noon(9, 2))
	if duty.State(o.Day(noon(9, 2))) != disclosure.Late || duty.DaysLate(o.Day(noon(9, 2))) != 1 {
		t.Errorf("published on 1 September: %s, %d days late", duty.State(o.Day(noon(9, 2))), duty.DaysLate(o.Day(noon(9, 2))))
	}
	if _, err := o.publish(duty, written, "", noon(9, 2)); !errors.Is(err, disclosure.ErrAlready) {
		t.Errorf("published twice without a note: %v", err)
	}
	o.post(t, noon(9, 2), "expense", ledger.ProgrammeExpense, ledger.Bank, "30", "补记")
	corrected := written
	corrected.Served = 97
	second, err := o.publish(duty, corrected, "漏记了一笔 30 元；人次是 97", noon(9, 3))
	if err != nil {
		t.Fatal(err)
	}
	if second.Serial() != "2026-001" || second.Version != 2 || second.DaysLate() != 1 {
		t.Errorf("%s version %d, %d days late", second.Serial(), second.Version, second.DaysLate())
	}
	versions, err := disclosure.Versions(t.Context(), o.App, o.ID, 2026, 1)
	if err != nil || len(versions) != 2 || versions[1].Content.Texts.Served != 96 || versions[0].Content.Texts.Served != 97 || versions[1].Newest() || !versions[0].Newest() {
		t.Errorf("%+v, %v", versions, err)
	}
	if spent := versions[0].Content.Figures.SpentSum().Sub(versions[1].Content.Figures.SpentSum()); spent.String() != "30.00" {
		t.Errorf("the correction spends %s more", spent)
	}
	list, err := disclosure.Published(t.Context(), o.App, o.ID)
	if err != nil || len(list) != 1 || list[0].Version != 2 {
		t.Errorf("%+v, %v", list, err)
	}
	for known, want := range []int{2, 2, 0} {
		list, err := disclosure.PublishedBeyond(t.Context(), o.App, o.ID, known)
		if err != nil || len(list) != want || want > 0 && (list[0].Version != 1 || list[1].Version != 2) {
			t.Errorf("beyond %d: %+v, %v", known, list, err)
		}
	}
	o.sound(t)
}

func TestWhatIsNotPublished(t *testing.T) {
	t.Parallel()
	o := open(t)
	early, ripe := o.duty(t, "result.1", noon(5, 31)), o.duty(t, "result.1", noon(6, 1))
	for what, c := range map[string]struct {
		duty  disclosure.Duty
		texts disclosure.Texts
		note  string
		at    time.Time
		want  error
	}{
		"on the campaign's last day":  {early, written, "", noon(5, 31), disclosure.ErrEarly},
		"without what was done":       {ripe, disclosure.Texts{LeftoverZH: "转入"}, "", noon(6, 1), disclosure.ErrNothing},
		"without where the rest goes": {ripe, disclosure.Texts{DoneZH: "做了"}, "", noon(6, 1), disclosure.ErrNothing},
		"a correction of nothing":     {ripe, written, "改了", noon(6, 1), disclosure.ErrNotFound},
		"a year that is not over":     {o.duty(t, "annual.2026", noon(6, 1)), written, "", noon(6, 1), disclosure.ErrEarly},
	} {
		if _, err := o.publish(c.duty, c.texts, c.note, c.at); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, expected %v", what, err, c.want)
		}
	}
	if _, err := disclosure.FindDuty(t.Context(), o.App, o.Community, "result.99", noon(6, 1)); !errors.Is(err, disclosure.ErrNotFound) {
		t.Errorf("a duty of no campaign: %v", err)
	}
}

// What the database refuses, whoever asks.
func TestADocumentStays(t *testing.T) {
	t.Parallel()
	o := open(t)
	if _, err := o.publish(o.duty(t, "result.1", noon(6, 10)), written, "", noon(6, 10)); err != nil {
		t.Fatal(err)
	}
	const insert = `INSERT INTO disclosure.document (community_id, year, number, version, duty, subject_kind, subject_id, title_zh, title_en, published_on, published_at, published_by, note, as_of, content)
		VALUES (1, 2026, $1, $2, $3, 'campaign', 1, '', '', '2026-06-11', now(), 'x', $4, 0, '{}')`
	for what, c := range map[string]struct {
		query string
		args  []any
		want  string // SQLSTATE, or the constraint
	}{
		"change it":                    {`UPDATE disclosure.document SET note = 'x'`, nil, "FU002"},
		"delete it":                    {`DELETE FROM disclosure.document`, nil, "FU002"},
		"forget all":                   {`TRUNCATE disclosure.document CASCADE`, nil, "FU002"},
		"leave out a number":           {insert, []any{3, 1, "result.9", ""}, "FU013"},
		"leave out a version":          {insert, []any{1, 3, "result.1", "改"}, "FU013"},
		"correct another duty":         {insert, []any{1, 2, "result.9", "改"}, "FU013"},
		"correct without saying what":  {insert, []any{1, 2, "result.1", ""}, "document_correction_says_what"},
		"meet the same duty once more": {insert, []any{2, 1, "result.1", ""}, "document_duty_once"},
	} {
		for role, db := range map[string]*sqlx.DB{"the server": o.App, "the owner": o.Owner} {
			_, err := db.Exec(c.query, c.args...)
			var dberr *pq.Error
			if !errors.As(err, &dberr) || string(dberr.Code) != c.want && dberr.Constraint != c.want && !(role == "the server" && dberr.Code == "42501") {
				t.Errorf("%s as %s: %v", what, role, err)
			}
		}
	}
}

// A report whose figures somebody changed behind the guards is found.
func TestCheckFindsAWrongReport(t *testing.T) {
	t.Parallel()
	o := open(t)
	if _, err := o.publish(o.duty(t, "result.1", noon(6, 10)), written, "", noon(6, 10)); err != nil {
		t.Fatal(err)
	}
	o.Owner.MustExec(`ALTER TABLE disclosure.document DISABLE TRIGGER ALL;
		UPDATE disclosure.document SET as_of = 99, content = jsonb_set(jsonb_set(content, '{figures,raised,0,amount}', '"999.00"'), '{figures,spent,0,amount}', '"1.00"')`)
	found, err := disclosure.Check(t.Context(), o.App, o.ID)
	var codes []string
	for _, f := range found {
		codes = append(codes, string(f.Code))
		if strings.Contains(f.Text("zh-CN")+f.Text("en"), "{") {
			t.Error(f.Text("zh-CN"))
		}
	}
	if got := strings.Join(codes, " "); err != nil || got != "document_raised document_spent document_as_of" {
		t.Errorf("found %q, %v", got, err)
	}
}

func TestADraftIsKeptUntilItIsPublished(t *testing.T) {
	t.Parallel()
	o := open(t)
	duty := o.duty(t, "result.1", noon(6, 10))
	save := func(texts disclosure.Texts) {
		o.Do(t, func(tx *sqlx.Tx) error {
			return disclosure.SaveDraft(t.Context(), tx, o.ID, duty, texts, "user:1", noon(6, 10))
		})
	}
	save(disclosure.Texts{DoneZH: "先写一句"})
	save(written)
	kept, ok, err := disclosure.FindDraft(t.Context(), o.App, o.ID, duty)
	if err != nil || !ok || kept != written || !o.duty(t, "result.1", noon(6, 10)).Drafted {
		t.Errorf("%+v, %v, %v", kept, ok, err)
	}
	if _, err := o.publish(duty, kept, "", noon(6, 10)); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := disclosure.FindDraft(t.Context(), o.App, o.ID, duty); ok || err != nil {
		t.Errorf("the draft of what is published: %v, %v", ok, err)
	}
}

// A campaign that shares its fund tells of its gifts alone; a year tells of all funds.
func TestFiguresOfASharedFundAndOfAYear(t *testing.T) {
	t.Parallel()
	o := open(t)
	everyday := o.raise(t, "everyday", ledger.GeneralFundID)
	o.give(t, "everyday", "30", noon(5, 6))
	shared, err := disclosure.FindFigures(t.Context(), o.App, o.Community, o.duty(t, "result.2", noon(6, 10)))
	if err != nil || !shared.Shared || shared.RaisedSum().String() != "30.00" || len(shared.Spent) > 0 || shared.Fund != everyday.FundID {
		t.Errorf("%+v, %v", shared, err)
	}
	year, err := disclosure.FindFigures(t.Context(), o.App, o.Community, o.duty(t, "annual.2026", noon(6, 10)))
	if err != nil {
		t.Fatal(err)
	}
	if got := year.Opening.Add(year.OtherSum()).Add(year.Moved).Sub(year.SpentSum()); !got.Equal(year.Left) || year.Left.String() != "120.00" || year.OtherSum().String() != "200.00" || year.LeftHeld.String() != "90.00" {
		t.Errorf("opening %s + in %s + moved %s − out %s is not %s, of which %s restricted", year.Opening, year.OtherSum(), year.Moved, year.SpentSum(), year.Left, year.LeftHeld)
	}
}

// Two people press at once: one report is published, and the other is told.
func TestPublishedOnceByTwo(t *testing.T) {
	t.Parallel()
	o := open(t)
	duty, errs := o.duty(t, "result.1", noon(6, 10)), make([]error, 4)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { _, errs[i] = o.publish(duty, written, "", noon(6, 10)) })
	}
	all.Wait()
	published := 0
	for _, err := range errs {
		if err == nil {
			published++
		} else if !errors.Is(err, disclosure.ErrAlready) {
			t.Error(err)
		}
	}
	list, err := disclosure.Published(t.Context(), o.App, o.ID)
	if published != 1 || err != nil || len(list) != 1 || list[0].Serial() != "2026-001" {
		t.Errorf("%d published, %d in the list, %v", published, len(list), err)
	}
	o.Do(t, func(tx *sqlx.Tx) error {
		_, err := disclosure.NoteEvent(t.Context(), tx, o.ID, disclosure.MajorEvent{TitleZH: "换了负责人", HappenedOn: o.Day(noon(6, 9))}, "user:1")
		return err
	})
	next, err := o.publish(o.duty(t, "event.1", noon(6, 10)), written, "", noon(6, 10))
	if err != nil || next.Serial() != "2026-002" {
		t.Errorf("the next one is %s, %v", next.Serial(), err)
	}
}
