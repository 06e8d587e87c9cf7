package sample

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// templates are the entries that come every month, kept for the form.
func (w *world) templates() []ledger.Template {
	line := func(p ledger.Purpose, debit bool, amount string) ledger.TemplateLine {
		l := ledger.TemplateLine{Account: w.purpose(p), Fund: ledger.GeneralFundID, Debit: debit}
		if amount != "" {
			l.Amount = money.MustParse(amount)
		}
		return l
	}
	return []ledger.Template{
		{Name: "社区中心电费", Memo: "社区服务中心电费", Detail: "国家电网 · 按月", MadeBy: "treasurer", Lines: []ledger.TemplateLine{line(ledger.AdminExpense, true, ""), line(ledger.Bank, false, "")}},
		{Name: "志愿者保险", Memo: "志愿者保险", Detail: "按年", MadeBy: "treasurer", Lines: []ledger.TemplateLine{line(ledger.AdminExpense, true, "360.00"), line(ledger.Bank, false, "360.00")}},
		{Name: "取备用金", Memo: "取备用金", MadeBy: "treasurer", Lines: []ledger.TemplateLine{line(ledger.Cash, true, "300.00"), line(ledger.Bank, false, "300.00")}},
	}
}

// keepTemplates keeps them.
func (w *world) keepTemplates(ctx context.Context, tx *sqlx.Tx) error {
	for _, t := range w.templates() {
		if _, err := ledger.KeepTemplate(ctx, tx, w.c.ID, t); err != nil {
			return err
		}
	}
	return nil
}
