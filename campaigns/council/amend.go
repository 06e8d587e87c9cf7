package council

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// Amend writes a draft anew: its kind, its words, its money. By whoever proposed
// it, the chair or the secretary. ErrState once it is opened, ErrNoOffice,
// ErrNoMember, ErrMoney.
func Amend(ctx context.Context, tx *sqlx.Tx, c ledger.Community, m Motion, who string, at time.Time) (err error) {
	defer wrap(&err, "council.Amend(%d, %s)", c.ID, m.ID)
	of, err := MotionAt(ctx, tx, c.ID, m.ID)
	if err != nil {
		return err
	}
	if err = ownOrOfficer(ctx, tx, c, of, who, at); err != nil {
		return err
	}
	return moved(tx.ExecContext(ctx, `
		UPDATE council.motion SET kind = $3, title_zh = $4, title_en = $5, text_zh = $6, text_en = $7, amount = $8, from_fund = $9, to_fund = $10, project_id = $11, moved_by = $12, moved_at = $13
		 WHERE community_id = $1 AND id = $2 AND state = 'draft'`,
		c.ID, m.ID, m.Kind, m.TitleZH, m.TitleEN, m.TextZH, m.TextEN, m.Amount, m.FromFund, m.ToFund, m.ProjectID, who, at))
}

// ownOrOfficer refuses whoever neither proposed the motion nor holds an office.
func ownOrOfficer(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, m Motion, who string, at time.Time) error {
	member, err := memberOf(ctx, q, c.ID, m.CouncilID, who, c.Day(at))
	if err == nil && member.Office == NoOffice && member.Number != m.ProposedBy {
		err = ErrNoOffice
	}
	return err
}
