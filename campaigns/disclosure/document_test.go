package disclosure_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
	"fund/campaigns/disclosure"
	"fund/campaigns/outbox"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

func yuan(s string) money.Amount { return money.MustParse(s) }

// noon is midday in Chengdu.
func noon(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 4, 0, 0, 0, time.UTC)
}

// office is a community with a campaign of May that took three gifts, gave some back, and spent.
type office struct {
	*pgtest.Database
	ledger.Community
	Campaign campaigns.Campaign
	accounts ledger.Accounts
	gifts    []campaigns.Received
}

func (o *office) try(verb func(tx *sqlx.Tx) error) error {
	tx, err := o.App.Beginx()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := verb(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func (o *office) do(t testing.TB, verb func(tx *sqlx.Tx) error) {
	t.Helper()
	if err := o.try(verb); err != nil {
		t.Fatal(err)
	}
}

func open(t testing.TB) *office {
	t.Helper()
	o := &office{Database: pgtest.DB(t)}
	o.do(t, func(tx *sqlx.Tx) (err error) {
		if o.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		}); err != nil {
			return err
		}
		o.accounts, err = ledger.ListAccounts(t.Context(), tx, o.ID)
		return err
	})
	o.Campaign = o.raise(t, "dinner", 0)
	for i, amount := range []string{"100", "50", "66.60"} {
		o.give(t, "dinner", amount, noon(5, 2+i))
	}
	o.back(t, o.gifts[1], "50")
	o.back(t, o.gifts[2], "6.60")
	o.post(t, noon(5, 20), "expense", ledger.ProgrammeExpense, ledger.Bank, "60", "买菜")
	o.post(t, noon(6, 1), "expense", ledger.FundraisingExpense, ledger.Cash, "20", "印海报")
	o.post(t, noon(6, 2), "income", ledger.Bank, ledger.OtherIncome, "10", "卖纸箱")
	return o
}

func (o *office) raise(t testing.TB, slug string, fund int) (c campaigns.Campaign) {
	t.Helper()
	o.do(t, func(tx *sqlx.Tx) (err error) {
		c, err = campaigns.DraftCampaign(t.Context(), tx, o.ID, campaigns.Campaign{
			Slug: slug, FundID: fund, TitleZH: "暖心饭", TitleEN: "Dinner", Goal: yuan("500"), StartsOn: ledger.Day(2026, 5, 1), EndsOn: ledger.Day(2026, 5, 31),
			Basis: campaigns.TargetedBasis, CreatedBy: "user:1",
		})
		if err != nil {
			return err
		}
		return campaigns.Publish(t.Context(), tx, o.ID, c.ID, noon(4, 30))
	})
	return c
}

func (o *office) give(t testing.TB, campaign, amount string, at time.Time) {
	t.Helper()
	o.do(t, func(tx *sqlx.Tx) error {
		r, err := campaigns.EnterCash(t.Context(), tx, o.Community, campaigns.Start{
			ID: uuid.Must(uuid.NewV7()), Campaign: campaign, Amount: yuan(amount), Name: "周婆婆", Email: "zhou@example.org", Lang: "zh-CN", EnteredBy: "user:1", At: at,
		})
		o.gifts = append(o.gifts, r)
		return err
	})
}

func (o *office) back(t testing.TB, r campaigns.Received, amount string) {
	t.Helper()
	o.do(t, func(tx *sqlx.Tx) error {
		_, err := campaigns.RefundDonation(t.Context(), tx, o.Community, r.Donation, uuid.Must(uuid.NewV7()), yuan(amount), "多付了", "user:1", noon(5, 10))
		return err
	})
}

func (o *office) post(t testing.TB, at time.Time, kind string, debit, credit ledger.Purpose, amount, memo string) {
	t.Helper()
	to, _ := o.accounts.By(debit)
	from, _ := o.accounts.By(credit)
	o.do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Post(t.Context(), tx, o.ID, ledger.Entry{
			Date: o.Day(at), Kind: kind, Source: kind + ":" + uuid.NewString(), Memo: memo, PostedBy: "user:1",
			Postings: []ledger.Posting{ledger.Debit(to.ID, o.Campaign.FundID, yuan(amount)), ledger.Credit(from.ID, o.Campaign.FundID, yuan(amount))},
		})
		return err
	})
}

func (o *office) duty(t testing.TB, key string, now time.Time) disclosure.Duty {
	t.Helper()
	d, err := disclosure.FindDuty(t.Context(), o.App, o.Community, key, now)
	if err != nil {
		t.Fatal(key, err)
	}
	return d
}

func (o *office) publish(duty disclosure.Duty, texts disclosure.Texts, note string, at time.Time) (d disclosure.Document, err error) {
	err = o.try(func(tx *sqlx.Tx) error {
		d, err = disclosure.Publish(context.Background(), tx, o.Community, duty, texts, note, "user:1", at)
		return err
	})
	return d, err
}

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
		"forget all":                   {`TRUNCATE disclosure.document`, nil, "FU002"},
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
		o.do(t, func(tx *sqlx.Tx) error {
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

// The outbox is told once, and makes a letter for each giver who asked.
func TestGiversAndStaffAreTold(t *testing.T) {
	t.Parallel()
	o := open(t)
	type letter struct {
		giver uuid.UUID
		of    string
	}
	var told []letter
	var reminded []string
	handlers := disclosure.Handlers(disclosure.Following{
		DB: o.App, Now: func() time.Time { return noon(8, 2) },
		Takers: func(_ context.Context, community, campaign int) ([]uuid.UUID, error) {
			return []uuid.UUID{o.gifts[0].Donation, o.gifts[2].Donation}, nil
		},
		Tell: func(_ context.Context, c ledger.Community, d disclosure.Document, giver, key uuid.UUID) error {
			told = append(told, letter{giver, d.Serial()})
			return nil
		},
		Remind: func(_ context.Context, c ledger.Community, d disclosure.Duty, days int, key uuid.UUID) error {
			reminded = append(reminded, d.Key())
			return nil
		},
	})
	work := func() { // everything that waits, until nothing does
		t.Helper()
		for range 3 {
			waiting, err := outbox.Pending(t.Context(), o.App, o.ID, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range waiting {
				if handlers[m.Kind] == nil {
					continue
				}
				if err := handlers[m.Kind](t.Context(), m); err != nil {
					t.Fatal(m.Kind, err)
				}
				o.Owner.MustExec(`UPDATE outbox.message SET done_at = now() WHERE id = $1`, m.ID)
			}
		}
	}
	remind := func(at time.Time) {
		o.do(t, func(tx *sqlx.Tx) error { return disclosure.Remind(t.Context(), tx, o.Community, at) })
	}
	remind(noon(7, 31)) // thirty-one days before
	remind(noon(8, 1))
	remind(noon(8, 2))
	work()
	if got := strings.Join(reminded, " "); got != "result.1" {
		t.Errorf("reminded of %q", got)
	}
	remind(noon(8, 24))
	if _, err := o.publish(o.duty(t, "result.1", noon(8, 24)), written, "", noon(8, 24)); err != nil {
		t.Fatal(err)
	}
	if _, err := o.publish(o.duty(t, "result.1", noon(8, 24)), written, "改一个字", noon(8, 24)); err != nil {
		t.Fatal(err)
	}
	work()
	if len(told) != 2 || told[0].of != "2026-001" || told[0].giver == told[1].giver {
		t.Errorf("told %+v", told)
	}
	if got := strings.Join(reminded, " "); got != "result.1" {
		t.Errorf("reminded of %q, though it was done in the meantime", got)
	}
}

func TestTheFeedsAddress(t *testing.T) {
	t.Parallel()
	o := open(t)
	user, other := uuid.New(), uuid.New()
	makeFeed := func() (token string) {
		o.do(t, func(tx *sqlx.Tx) (err error) {
			token, err = disclosure.MakeFeed(t.Context(), tx, o.ID, user)
			return err
		})
		return token
	}
	first := makeFeed()
	second := makeFeed()
	if _, err := disclosure.FeedUser(t.Context(), o.App, o.ID, first); !errors.Is(err, disclosure.ErrNotFound) {
		t.Errorf("the old address: %v", err)
	}
	if got, err := disclosure.FeedUser(t.Context(), o.App, o.ID, second); err != nil || got != user {
		t.Errorf("the new address is %v's, %v", got, err)
	}
	if got, err := disclosure.FeedOf(t.Context(), o.App, o.ID, other); err != nil || got != "" {
		t.Errorf("somebody else's address is %q, %v", got, err)
	}
}
