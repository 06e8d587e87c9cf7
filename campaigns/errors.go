package campaigns

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/lib/pq"

	"fund/ledger"
)

// What a campaign or a donation refuses.
var (
	ErrNotFound        = errors.New("campaigns: not found")
	ErrExists          = errors.New("campaigns: the address is taken")
	ErrNotPublic       = errors.New("campaigns: a public campaign needs its host, certificate, filing number and a filing date ten days before its start")
	ErrRefile          = errors.New("campaigns: what was filed changed, and needs a new filing number")
	ErrPromised        = errors.New("campaigns: a published campaign keeps its kind and, if it is all or nothing, its goal and end")
	ErrNotOpen         = errors.New("campaigns: the campaign takes no gifts now")
	ErrBelowMinimum    = errors.New("campaigns: the gift is below the campaign's minimum")
	ErrAboveMaximum    = errors.New("campaigns: the gift is above what one payment may carry")
	ErrUnknownDonation = errors.New("campaigns: no such donation")
	ErrQuarantined     = errors.New("campaigns: the payment does not fit its donation and waits for the treasurer")
	ErrNotPaid         = errors.New("campaigns: the donation is not paid")
	ErrRefundTooLarge  = errors.New("campaigns: more than what is left of the donation")
	ErrNoReason        = errors.New("campaigns: a reason is needed")
	ErrState           = errors.New("campaigns: not in this state")
	ErrStretch         = errors.New("campaigns: each stretch goal lies above the goal before it")
	ErrLineGiven       = errors.New("campaigns: somebody gave for this line of the budget, so it stays")
	ErrUnknownLine     = errors.New("campaigns: the budget has no such line")
	ErrPoolFund        = errors.New("campaigns: the fund holds a pool's money, not a campaign's")
	ErrPoolOverspent   = errors.New("campaigns: the pool has not that much left")
	ErrRestFund        = errors.New("campaigns: the pool's rest cannot go into that fund")
)

// wrap adds the verb that failed and turns what the database refused into a sentinel.
func wrap(err *error, verb string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), explain(*err))
	}
}

func explain(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	var dberr *pq.Error
	if errors.As(err, &dberr) && dberr.Code == "23505" && dberr.Constraint == "campaign_slug_key" {
		return errors.Join(ErrExists, err)
	}
	if errors.As(err, &dberr) && dberr.Code == "23514" && lawful[dberr.Constraint] != nil {
		return errors.Join(lawful[dberr.Constraint], err)
	}
	if errors.As(err, &dberr) && broken[dberr.Constraint] != nil {
		return errors.Join(broken[dberr.Constraint], err)
	}
	return ledger.Explain(err)
}

// broken says what the other named constraints mean.
var broken = map[string]error{
	"donation_line": ErrLineGiven, "pool_not_overspent": ErrPoolOverspent, "paper_once": ErrState,
}

// lawful says what the database's guards of the law (migration 0013) mean.
var lawful = map[string]error{
	"campaign_may_be_public": ErrNotPublic, "campaign_certificate": ErrNotPublic, "campaign_certificate_dates": ErrNotPublic,
	"campaign_filing_form": ErrNotPublic, "campaign_within_filed": ErrNotPublic, "campaign_ten_days": ErrNotPublic,
	"campaign_refiled": ErrRefile, "campaign_stays_public": ErrPromised,
}
