package desk

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/report"
	"fund/web/issue"
	"fund/web/page"
)

// donorIncomeView is the list of what donors gave, and the other ways to add it up.
type donorIncomeView struct {
	tableView
	Others []preset // by donor, by campaign, …
	Named  preset   // with names, or without
}

// DonorIncome shows what donors gave. With names in it, the look is written into the audit log.
func (p *Pages) DonorIncome(c *fiber.Ctx) error {
	var v donorIncomeView
	err := p.look(c, func(ctx context.Context, q sqlx.QueryerContext, community ledger.Community) (err error) {
		if v.Table, err = p.donorIncome(ctx, c, q, community, false); err != nil {
			return err
		}
		v.chooser, err = p.choose(ctx, c, q, community, v.Ask)
		return err
	})
	if err != nil {
		return err
	}
	v.offerOthers()
	return page.Render(c, "desk/donor_income", v)
}

// DonorIncomeFile hands the list over as a file.
func (p *Pages) DonorIncomeFile(c *fiber.Ctx) error {
	as, ok := statementWriters[c.Params("format")]
	if !ok {
		return page.ErrNotFound
	}
	var table report.Table
	err := p.look(c, func(ctx context.Context, q sqlx.QueryerContext, community ledger.Community) (err error) {
		table, err = p.donorIncome(ctx, c, q, community, true)
		return err
	})
	if err != nil {
		return err
	}
	return as.send(c, table, page.Of(c).Local(p.Now()))
}

func (p *Pages) donorIncome(ctx context.Context, c *fiber.Ctx, q sqlx.QueryerContext, community ledger.Community, whole bool) (report.Table, error) {
	ask := p.asks(c, community, issue.DonorIncomeKey)
	ask.Whole = whole
	table, err := issue.DonorIncome(ctx, q, community, ask)
	if err != nil || table.Hidden || table.By == report.ByCampaign || table.By == report.ByWay {
		return table, err
	}
	detail := map[string]any{"from": ask.From.Format(time.DateOnly), "to": ask.To.Format(time.DateOnly), "by": table.By}
	if format := c.Params("format"); format != "" {
		detail["file"] = format
	}
	return table, p.act(c, "donor.list", "", detail, func(*sqlx.Tx, string) error { return nil })
}

func (v *donorIncomeView) offerOthers() {
	for _, by := range []string{report.ByDonor, report.ByCampaign, report.ByWay, report.ByGift} {
		ask := v.Asked
		ask.By, ask.After = by, ""
		v.Others = append(v.Others, preset{v.r.T("income.by." + by), addressOf(v.r, &ask), by == v.By})
	}
	if v.By == report.ByDonor || v.By == report.ByGift {
		ask := v.Asked
		ask.Hidden, ask.After = !v.Hidden, ""
		v.Named = preset{Label: v.r.T(map[bool]string{true: "income.names_shown", false: "income.names_hidden"}[v.Hidden]), Address: addressOf(v.r, &ask)}
	}
}
