package sample

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/reconcile"
)

// whyClosed are the reasons for which the paper books' months were closed with something left.
var whyClosed = map[string]string{
	"evidence":        "票据在纸质凭证夹里，以后慢慢拍照补上",
	"reconciled:1002": "那一年银行只给纸质对账单，逐笔核过，钉在凭证夹里",
}

// closeMonths closes 2017 but December by its checklists. June was opened once more by two, who found nothing to change.
func (w *world) closeMonths(ctx context.Context, tx *sqlx.Tx) error {
	asks := []ledger.CloseAsk{reconcile.CloseItems, campaigns.CloseItems, ledger.CloseItems}
	for month := time.January; month <= time.November; month++ {
		if _, err := ledger.CloseAsked(ctx, tx, w.c, ledger.Day(2017, month, 1), "treasurer", asks, whyClosed); err != nil {
			return err
		}
	}
	june := ledger.Day(2017, time.June, 1)
	request, err := ledger.AskReopening(ctx, tx, w.c.ID, june, "treasurer", "treasurer", "核对院落晚会的一张发票，没有要改的")
	if err != nil {
		return err
	}
	if _, err := ledger.AgreeReopening(ctx, tx, w.c.ID, request, "council_member", "council_member"); err != nil {
		return err
	}
	_, err = ledger.CloseAsked(ctx, tx, w.c, june, "treasurer", asks, whyClosed)
	return err
}
