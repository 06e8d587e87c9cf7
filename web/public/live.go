package public

import (
	"context"
	"fmt"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/page"
)

// LiveTopic names the stream of a campaign's figures.
func LiveTopic(community, campaign int) string {
	return fmt.Sprintf("campaign:%d:%d", community, campaign)
}

// Live streams a campaign's figures to an open page.
func (p *Pages) Live(c *fiber.Ctx) error {
	found, err := p.shown(c)
	if err != nil {
		return err
	}
	return page.Stream(c, LiveTopic(here(c), found.ID))
}

// Figures are what an open page of a campaign keeps up to date, by the names
// in its template. A sentence has the language behind its name.
func Figures(ctx context.Context, q sqlx.QueryerContext, community, campaign int) (map[string]string, error) {
	c, err := campaigns.CampaignAt(ctx, q, community, campaign)
	if err != nil {
		return nil, err
	}
	aim, _ := c.Aim()
	figures := map[string]string{"raised": c.Raised.YuanShort(), "share": share(c.Raised, aim)}
	covered := c.Covered()
	for _, lang := range i18n.Langs {
		figures["gifts."+string(lang)] = lang.T("give.gifts", "count", c.Gifts)
		for i, line := range c.Budget {
			figures[fmt.Sprintf("line%d.%s", line.Line, lang)] = got(lang, line, covered[i])
			figures[fmt.Sprintf("line%d.share", line.Line)] = share(covered[i], line.Amount)
		}
	}
	return figures, nil
}

func share(part, whole money.Amount) string { return i18n.Percent(part.PerMille(whole)) }

// got is what of a budget line is there: 96 份, or ¥900 where it is not
// counted in things.
func got(lang i18n.Lang, line campaigns.BudgetLine, covered money.Amount) string {
	if line.Quantity == nil {
		return covered.YuanShort()
	}
	n := int(covered.Fen() * int64(*line.Quantity) / line.Amount.Fen())
	if lang == i18n.English { // "Of 120 meals there are 96": the unit is said once, and never "1 meals"
		return i18n.Count(n)
	}
	return quantity(lang, line, n)
}

// quantity is a number of the line's things: 120 份, 120 meals.
func quantity(lang i18n.Lang, line campaigns.BudgetLine, n int) string {
	return i18n.Count(n) + " " + line.Unit(string(lang))
}
