package campaigns

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// Target is what a campaign raises for.
type Target string

// The targets. Own and EventTarget have a fund of the campaign's own, the
// others raise into one that is there; several campaigns may share it.
const (
	OwnTarget     Target = "own"   // what its title says
	EventTarget   Target = "event" // a fair, a gala, a day
	ProjectTarget Target = "project"
	VentureTarget Target = "venture"
	GeneralTarget Target = "general"
)

// Shared tells whether the campaign raises into a fund that others fill too.
func (c Campaign) Shared() bool { return c.Target != OwnTarget && c.Target != EventTarget }

// findFund gives a new campaign its fund: a restricted one of its own, or the
// one it names, whose kind is then its target. ErrPoolFund for a pool's.
func findFund(ctx context.Context, tx *sqlx.Tx, community int, c *Campaign) error {
	if c.FundID == 0 {
		fund, err := ledger.AddFund(ctx, tx, community, ledger.Fund{
			Code: c.Slug, NameZH: c.TitleZH, NameEN: c.TitleEN, Kind: ledger.CampaignFund, Restricted: true,
		})
		if errors.Is(err, ledger.ErrExists) { // the fund bears the slug
			err = errors.Join(ErrExists, err)
		}
		if c.FundID = fund.ID; c.Target != EventTarget {
			c.Target = OwnTarget
		}
		return err
	}
	fund, err := ledger.FundAt(ctx, tx, community, c.FundID)
	switch {
	case err != nil:
		return err
	case fund.Kind == ledger.PoolFund:
		return ErrPoolFund
	case fund.Kind == ledger.CampaignFund:
		c.Target = OwnTarget
	default:
		c.Target = Target(fund.Kind)
	}
	return nil
}
