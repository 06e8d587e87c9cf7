package ledger_test

import (
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

func TestATemplateIsKeptUnderOneName(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	cash, _ := b.accounts.By(ledger.Cash)
	bank, _ := b.accounts.By(ledger.Bank)
	electricity := ledger.Template{
		Name: "每月电费", Memo: "电费", Detail: "社区服务中心", MadeBy: "li", Lines: []ledger.TemplateLine{
			{Account: bank.ID, Fund: ledger.GeneralFundID, Debit: true, Amount: money.MustParse("88.80")},
			{Account: cash.ID, Fund: ledger.GeneralFundID},
		},
	}
	keep := func(t ledger.Template) (kept ledger.Template, err error) {
		err = b.Try(func(tx *sqlx.Tx) error { kept, err = ledger.KeepTemplate(ctx, tx, b.ID, t); return err })
		return kept, err
	}
	kept, err := keep(electricity)
	if err != nil || kept.ID != 1 {
		t.Fatalf("%+v, %v", kept, err)
	}
	if _, err := keep(electricity); !errors.Is(err, ledger.ErrExists) {
		t.Errorf("the same name: %v", err)
	}
	found, err := ledger.FindTemplate(ctx, b.App, b.ID, 1)
	if err != nil || len(found.Lines) != 2 || found.Memo != "电费" || found.Lines[0].Amount.String() != "88.80" || !found.Lines[1].Amount.IsZero() || found.Lines[1].Debit {
		t.Errorf("%+v, %v", found, err)
	}
	electricity.Name = "水费"
	if kept, err = keep(electricity); err != nil || kept.ID != 2 {
		t.Fatalf("%+v, %v", kept, err)
	}
	rename := func(id int, name string) error {
		return b.Try(func(tx *sqlx.Tx) error { return ledger.RenameTemplate(ctx, tx, b.ID, id, name) })
	}
	if err := rename(2, "每月电费"); !errors.Is(err, ledger.ErrExists) {
		t.Errorf("a name that is taken: %v", err)
	}
	if err := rename(2, "每月水费"); err != nil {
		t.Error(err)
	}
	if err := rename(3, "没有的"); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("a template that is none: %v", err)
	}
	if err := b.Try(func(tx *sqlx.Tx) error { return ledger.DropTemplate(ctx, tx, b.ID, 1) }); err != nil {
		t.Error(err)
	}
	all, err := ledger.ListTemplates(ctx, b.App, b.ID)
	if err != nil || len(all) != 1 || all[0].Name != "每月水费" || len(all[0].Lines) != 2 {
		t.Errorf("%+v, %v", all, err)
	}
}
