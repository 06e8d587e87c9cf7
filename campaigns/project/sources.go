package project

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// SourceKind says what sort of money paid for a project.
type SourceKind string

// The kinds of source: what came into the project's fund itself, and what other funds passed on to it.
const (
	Gifts     SourceKind = "gifts"
	InKind    SourceKind = "in_kind"
	Services  SourceKind = "services" // paid services
	Sales     SourceKind = "sales"
	Subsidy   SourceKind = "subsidy" // the government's
	OtherIn   SourceKind = "other_in"
	General   SourceKind = "general"    // voted from the general fund
	Venture   SourceKind = "venture"    // a venture's surplus
	OtherFund SourceKind = "other_fund" // another campaign's or project's
	Earlier   SourceKind = "earlier"    // stood there when the books began
)

// SourceKinds lists the kinds in the order reports show them.
var SourceKinds = []SourceKind{Gifts, InKind, Services, Sales, Venture, Subsidy, OtherIn, General, OtherFund, Earlier}

// Source is one way in which money came to a project, by the ledger.
type Source struct {
	Kind     SourceKind   `db:"kind" json:"kind"`
	FundID   int          `db:"fund_id" json:"fund,omitempty"` // the other fund, of money passed on
	FundZH   string       `db:"fund_zh" json:"fund_zh,omitempty"`
	FundEN   string       `db:"fund_en" json:"fund_en,omitempty"`
	FundCode string       `db:"fund_code" json:"fund_code,omitempty"`
	MotionID *uuid.UUID   `db:"motion_id" json:"motion,omitempty"` // that allowed it
	Motion   string       `db:"motion" json:"motion_serial,omitempty"`
	Council  string       `db:"council" json:"council,omitempty"` // its address
	LastOn   time.Time    `db:"last_on" json:"last_on"`           // the day of the last of it
	In       money.Amount `db:"came" json:"in"`
	Back     money.Amount `db:"back" json:"back"` // given back, or passed on: of a fund's own income what was refunded
}

// Net is what of it stayed.
func (s Source) Net() money.Amount { return s.In.Sub(s.Back) }

// Fund is the other fund's name in the reader's language.
func (s Source) Fund(lang string) string { return inLanguage(lang, s.FundZH, s.FundEN) }

// Received adds up what sources brought, less what went back.
func Received(sources []Source) (sum money.Amount) {
	for _, s := range sources {
		sum = sum.Add(s.Net())
	}
	return sum
}

// movements names what came into a project's fund ($2) and left it otherwise than by being spent: of income by its account,
// though what was sold, a seat at a gala say, is no paid service; of money passed on by the other fund and the motion that
// allowed it. A reversal goes where its entry went.
const movements = `
	WITH moved AS (
	  SELECT x.seq, x.entry_date, a.id AS account_id, a.type, -x.amount AS amount,
	         coalesce(r.seq, e.seq) AS stood_for, coalesce(r.kind, e.kind) IN ('sale', 'sale_refund', 'takings') AS sold
	    FROM ledger.posting x
	    JOIN ledger.account a ON a.community_id = x.community_id AND a.id = x.account_id AND a.type IN ('income', 'net_assets')
	    JOIN ledger.journal_entry e ON e.community_id = x.community_id AND e.seq = x.seq AND e.kind <> 'year_end'
	    LEFT JOIN ledger.journal_entry r ON r.community_id = e.community_id AND r.seq = e.reverses_seq
	   WHERE x.community_id = $1 AND x.fund_id = $2 AND x.entry_date BETWEEN $3 AND $4
	), named AS (
	  SELECT m.*, o.fund_id AS other, u.motion_id,
	         CASE WHEN m.type = 'net_assets' THEN CASE WHEN o.fund_id IS NULL THEN 'earlier' WHEN f.kind IN ('general', 'venture') THEN f.kind ELSE 'other_fund' END
	              WHEN m.sold AND k.kind = 'services' THEN 'sales' ELSE coalesce(k.kind, 'other_in') END AS kind
	    FROM moved m
	    LEFT JOIN LATERAL (
	      SELECT y.fund_id FROM ledger.posting y JOIN ledger.account b ON b.community_id = y.community_id AND b.id = y.account_id AND b.type = 'net_assets'
	       WHERE y.community_id = $1 AND y.seq = m.seq AND y.fund_id <> $2 AND m.type = 'net_assets' ORDER BY abs(y.amount) DESC LIMIT 1) o ON true
	    LEFT JOIN ledger.fund f ON f.community_id = $1 AND f.id = o.fund_id
	    LEFT JOIN council.use u ON u.community_id = $1 AND u.entry_seq = m.stood_for AND m.type = 'net_assets'
	    LEFT JOIN LATERAL (
	      SELECT CASE b.purpose WHEN 'in_kind_donations' THEN 'in_kind' WHEN 'donation_income' THEN 'gifts' WHEN 'service_income' THEN 'services'
	                  WHEN 'sales_income' THEN 'sales' WHEN 'subsidy_income' THEN 'subsidy' END AS kind
	        FROM ledger.account me JOIN ledger.account b ON b.community_id = me.community_id AND left(me.code, length(b.code)) = b.code
	       WHERE me.community_id = $1 AND me.id = m.account_id AND b.purpose IN ('in_kind_donations', 'donation_income', 'service_income', 'sales_income', 'subsidy_income')
	       ORDER BY length(b.code) DESC LIMIT 1) k ON true
	)
	SELECT n.kind, coalesce(n.other, 0) AS fund_id, coalesce(max(f.name_zh), '') AS fund_zh, coalesce(max(f.name_en), '') AS fund_en, coalesce(max(f.code), '') AS fund_code, n.motion_id,
	       coalesce(max(m.year || '-' || lpad(m.number::text, 3, '0')), '') AS motion, coalesce(max(c.slug), '') AS council,
	       coalesce(sum(n.amount) FILTER (WHERE n.amount > 0), 0.00) AS came, coalesce(-sum(n.amount) FILTER (WHERE n.amount < 0), 0.00) AS back,
	       max(n.entry_date) AS last_on
	  FROM named n
	  LEFT JOIN ledger.fund f ON f.community_id = $1 AND f.id = n.other
	  LEFT JOIN council.motion m ON m.community_id = $1 AND m.id = n.motion_id
	  LEFT JOIN council.council c ON c.community_id = m.community_id AND c.id = m.council_id`

// Sources reads from the ledger where the money of a project's fund came from, on the days from … to; zero days do not
// narrow. In less Back, over all sources, less what it spent is what is left in the fund.
func Sources(ctx context.Context, q sqlx.QueryerContext, community int, p Project, from, to time.Time) (list []Source, err error) {
	defer wrap(&err, "project.Sources(%d, %d)", community, p.ID)
	if from.IsZero() {
		from, to = Filter{}.period()
	}
	err = sqlx.SelectContext(ctx, q, &list, movements+` GROUP BY n.kind, n.other, n.motion_id ORDER BY min(n.seq)`,
		community, p.FundID, from.Format(time.DateOnly), to.Format(time.DateOnly))
	slices.SortStableFunc(list, func(a, b Source) int { return slices.Index(SourceKinds, a.Kind) - slices.Index(SourceKinds, b.Kind) })
	return list, err
}

// flows are a project's sources month by month.
func flows(ctx context.Context, q sqlx.QueryerContext, community int, p Project) (list []Source, err error) {
	from, to := Filter{}.period()
	err = sqlx.SelectContext(ctx, q, &list, movements+` GROUP BY n.kind, n.other, n.motion_id, date_trunc('month', n.entry_date), n.amount < 0 ORDER BY max(n.entry_date)`,
		community, p.FundID, from.Format(time.DateOnly), to.Format(time.DateOnly))
	return list, err
}
