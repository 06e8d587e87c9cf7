package disclosure

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
)

// Figures are what the books say as of one entry: they never change for the same AsOf. For a campaign or project
//
//	Raised − Refunded + Others + Moved − Spent = Left + Held
//
// and for a year Opening + Others + Moved − Spent = Left, which are all funds together.
type Figures struct {
	AsOf     int64        `json:"as_of"`          // the seq of the last entry counted
	Fund     int          `json:"fund,omitempty"` // 0: all funds
	FundZH   string       `json:"fund_zh,omitempty"`
	FundEN   string       `json:"fund_en,omitempty"`
	Shared   bool         `json:"shared,omitempty"` // the fund is not the campaign's alone: what it spent is not told here
	Goal     money.Amount `json:"goal"`             // of a campaign; a project's budget
	Opening  money.Amount `json:"opening"`          // of a year
	Raised   []Way        `json:"raised,omitempty"` // gifts by the way in which they came, before refunds
	Refunds  int          `json:"refunds,omitempty"`
	Refunded money.Amount `json:"refunded"`
	Others   []Sum        `json:"others,omitempty"` // other income, by kind of entry; of a year by account
	Moved    money.Amount `json:"moved"`            // from and to other funds
	Spent    []Sum        `json:"spent,omitempty"`  // by account
	Left     money.Amount `json:"left"`             // the fund's net assets
	LeftHeld money.Amount `json:"left_held"`        // of a year: the restricted part of Left
	Held     money.Amount `json:"held"`             // conditional gifts, owed until the goal is met
	Payments []Payment    `json:"payments,omitempty"`
	MorePaid Sum          `json:"more_paid"` // what is not in Payments
	Served   int          `json:"served,omitempty"`
	Sessions int          `json:"sessions,omitempty"`
	Within   *Within      `json:"within,omitempty"` // of a periodic report
}

// Way is how gifts came: by wechat, in cash.
type Way struct {
	Method string       `json:"method" db:"method"`
	Amount money.Amount `json:"amount" db:"amount"`
	Gifts  int          `json:"gifts" db:"gifts"`
}

// Sum is money under one name: an account, or a kind of entry where Code is the kind and there are no names.
type Sum struct {
	Code    string       `json:"code,omitempty"`
	NameZH  string       `json:"name_zh,omitempty"`
	NameEN  string       `json:"name_en,omitempty"`
	Cost    bool         `json:"cost,omitempty"` // of raising and running, not of the purpose itself
	Amount  money.Amount `json:"amount"`
	Entries int          `json:"entries,omitempty"`
}

// Name is the sum's name in the reader's language.
func (s Sum) Name(lang string) string { return inLanguage(lang, s.NameZH, s.NameEN) }

// Payment is one entry that spent money.
type Payment struct {
	Voucher string       `json:"voucher" db:"voucher"`
	Date    time.Time    `json:"date" db:"entry_date"`
	Memo    string       `json:"memo" db:"memo"`
	Amount  money.Amount `json:"amount" db:"amount"`
}

// Within is what happened in the days of a periodic report alone.
type Within struct {
	Raised money.Amount `json:"raised"`
	Gifts  int          `json:"gifts"`
	Spent  money.Amount `json:"spent"`
}

// RaisedSum is all gifts before refunds.
func (f Figures) RaisedSum() (sum money.Amount) {
	for _, w := range f.Raised {
		sum = sum.Add(w.Amount)
	}
	return sum
}

// Gifts counts the gifts.
func (f Figures) Gifts() (n int) {
	for _, w := range f.Raised {
		n += w.Gifts
	}
	return n
}

// OtherSum is all other income.
func (f Figures) OtherSum() money.Amount { return sumOf(f.Others, func(Sum) bool { return true }) }

// SpentSum is everything spent.
func (f Figures) SpentSum() money.Amount { return sumOf(f.Spent, func(Sum) bool { return true }) }

// CostSum is what of it went into raising and running.
func (f Figures) CostSum() money.Amount { return sumOf(f.Spent, func(s Sum) bool { return s.Cost }) }

func sumOf(sums []Sum, counts func(Sum) bool) (sum money.Amount) {
	for _, s := range sums {
		if counts(s) {
			sum = sum.Add(s.Amount)
		}
	}
	return sum
}

// FindFigures reads from the books what a duty's report says, as of the newest entry.
func FindFigures(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, d Duty) (f Figures, err error) {
	stand, err := ledger.Stand(ctx, q, c.ID)
	if err != nil {
		return f, err
	}
	return FiguresAsOf(ctx, q, c, d, stand.LastSeq)
}

// FiguresAsOf reads the same as it was when an entry was the newest: for the same entry always the same.
func FiguresAsOf(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, d Duty, seq int64) (f Figures, err error) {
	defer wrap(&err, "disclosure.FiguresAsOf(%d, %s, %d)", c.ID, d.Key(), seq)
	f = Figures{AsOf: seq}
	switch d.Subject.Kind {
	case OfCampaign:
		err = f.ofCampaign(ctx, q, c, d)
	case OfProject:
		err = f.ofProject(ctx, q, c, d)
	case OfCommunity:
		err = f.ofYear(ctx, q, c, d)
	}
	return f, err
}

func (f *Figures) ofCampaign(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, d Duty) error {
	of, err := campaigns.CampaignAt(ctx, q, c.ID, d.Subject.ID)
	if err != nil {
		return err
	}
	f.Goal = of.Goal
	if err = f.readGifts(ctx, q, c.ID, of.ID); err != nil {
		return err
	}
	list, err := campaigns.ListCampaigns(ctx, q, c.ID, campaigns.CampaignFilter{})
	if err != nil {
		return err
	}
	f.Shared = of.FundID == ledger.GeneralFundID
	for _, other := range list {
		f.Shared = f.Shared || other.ID != of.ID && other.FundID == of.FundID
	}
	if err = f.readFund(ctx, q, c.ID, of.FundID); err != nil {
		return err
	}
	if d.Kind == Periodic {
		if err = f.readWithin(ctx, q, c.ID, d); err != nil {
			return err
		}
	}
	if f.Shared {
		return nil
	}
	projects, err := project.ListProjects(ctx, q, c.ID, project.Filter{})
	for _, p := range projects {
		if p.FundID == of.FundID {
			f.Served, f.Sessions = f.Served+p.PersonTimes, f.Sessions+p.Sessions
		}
	}
	return err
}

func (f *Figures) ofProject(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, d Duty) error {
	p, err := project.FindProject(ctx, q, c.ID, d.Subject.Slug)
	if err != nil {
		return err
	}
	f.Goal, f.Served, f.Sessions = p.Budget, p.PersonTimes, p.Sessions
	if err = f.readFund(ctx, q, c.ID, p.FundID); err != nil {
		return err
	}
	if d.Kind == Periodic {
		err = f.readWithin(ctx, q, c.ID, d)
	}
	return err
}

func (f *Figures) ofYear(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, d Duty) error {
	served, err := project.ListProjects(ctx, q, c.ID, project.Filter{From: d.From, To: d.Until})
	for _, p := range served {
		f.Served, f.Sessions = f.Served+p.PersonTimes, f.Sessions+p.Sessions
	}
	if err != nil {
		return err
	}
	return f.readYear(ctx, q, c.ID, d)
}
